"""A reindex with real workers, one of which is killed while it embeds: all is as one process does it."""

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.services]
ROOT = Path(__file__).resolve().parents[3]
MODULE = "tests.config.queue.embedding"
PRODUCTS = 224
VECTORS = "SELECT product_id, fingerprint, content_hash, image_vector, text_vector FROM product_embeddings"


class Shop:
    """A database, pictures and an index in a folder, and programs that work on them."""

    def __init__(self, folder, **environment):
        self.folder = folder
        self._environment = os.environ | {
            "DATA_DIR": str(folder),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            **environment,
        }

    def run(self, *arguments):
        with self.started(*arguments) as process:
            out, problem = process.communicate(timeout=300)
        assert process.returncode == 0, problem
        return out

    @contextmanager
    def started(self, *arguments):
        process = subprocess.Popen(  # noqa: S603 - our own programs
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            yield process
        finally:
            process.kill()
            process.communicate()

    def selected(self, statement):
        with closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=10)) as database:
            return sorted(database.execute(statement).fetchall())

    def published(self):
        (pointer,) = (self.folder / "index").glob("models/*/CURRENT")
        return (pointer.parent / "versions" / pointer.read_text().strip() / "vectors.npy").read_bytes()


def until_exists(path):
    for _attempt in range(2400):
        if path.exists():
            return
        time.sleep(0.1)
    pytest.fail(f"{path.name} is not there.")


@pytest.fixture
def alone(tmp_path):
    """A shop whose index was built by one process."""
    shop = Shop(tmp_path / "alone")
    shop.folder.mkdir()
    shop.run("manage.py", "migrate", "-v0", "--skip-checks")
    shop.run("-m", MODULE, "prepare", str(PRODUCTS))
    shutil.copytree(shop.folder, tmp_path / "shared")
    shop.run("manage.py", "reindex")
    return shop


@pytest.fixture
def shared(alone, tmp_path, redis_server):
    """The same shop before that, with a queue and two workers to ask."""
    _process, url = redis_server
    return Shop(tmp_path / "shared", QUEUE_URL=url, EMBEDDING_WORKERS="2")


def test_a_worker_that_is_killed_changes_nothing_of_what_is_published(alone, shared):
    with (
        shared.started("-m", MODULE, "worker", "steady"),
        shared.started("-m", MODULE, "worker", "killed", "stop") as killed,
        shared.started("-m", MODULE, "reindex") as run,
    ):
        until_exists(shared.folder / "taken")
        killed.kill()
        out, problem = run.communicate(timeout=300)
    assert run.returncode == 0, problem
    assert f"{PRODUCTS} of {PRODUCTS} products embedded (" in out
    assert "by workers" in out
    assert shared.selected(VECTORS) == alone.selected(VECTORS)
    assert shared.published() == alone.published()
    assert shared.selected("SELECT * FROM embedding_batches") == []
