"""``manage.py reindex`` and the tasks: output, exit codes, and runs that are stopped or killed."""

import io
import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from search import engine, tasks
from search.index.places import MODELS, places
from search.index.store import IndexStore
from search.models import EmbeddingCacheEntry, IndexRun
from search.operations.progress import Display
from tests.factories import NOW, ProductFactory

PROJECT = Path(__file__).resolve().parents[3]


@pytest.fixture
def ready(settings, tmp_path, tiny_encoder, monkeypatch):
    """The command's encoder and store are small ones."""
    settings.MEDIA_ROOT = tmp_path / "media"
    store = IndexStore(tmp_path / "index")
    monkeypatch.setattr(engine, "encoder", lambda: tiny_encoder)
    monkeypatch.setattr(engine, "store", lambda: store)
    return store


def command(*arguments):
    out, err = io.StringIO(), io.StringIO()
    call_command("reindex", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.django_db
def test_it_reports_one_line_and_progress_beside_it(ready):
    ProductFactory.create_batch(3)
    out, err = command()
    assert out.startswith("Published index ")
    assert out.count("\n") == 1
    assert err == "3 of 3 products embedded\n"
    assert command()[0].startswith("Nothing changed: 0 of 3 products embedded")


@pytest.mark.django_db
def test_full_and_force_are_passed_on(ready):
    ProductFactory.create_batch(2)
    command()
    assert "0 of 2 products embedded" in command("--force")[0]
    assert "2 of 2 products embedded" in command("--full")[0]


@pytest.mark.django_db
def test_an_empty_shop_fails_with_the_command_to_run_first(ready):
    with pytest.raises(CommandError, match=r"Run `manage\.py sync` first"):
        command()


@pytest.mark.django_db
def test_a_second_run_fails_and_names_who_holds_the_lock(ready):
    ProductFactory()
    with IndexStore(ready.root).writing(NOW), pytest.raises(CommandError, match=f"process {os.getpid()} on "):
        command()


@pytest.mark.django_db
def test_a_full_disk_fails_in_one_sentence(ready, monkeypatch):
    ProductFactory()

    def refuse(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("search.index.store.write_version", refuse)
    with pytest.raises(CommandError, match=r"^The disk failed \(No space left on device\)\. Free some space"):
        command()
    assert IndexRun.objects.get().message.startswith("The disk failed (No space left on device).")


@pytest.mark.django_db
def test_a_disk_that_is_full_for_faiss_fails_in_the_same_sentence(ready, monkeypatch):
    ProductFactory()
    said = "Error in void faiss::write_index: write error in index.faiss: 5 != 9 (No space left on device)"

    def refuse(*_arguments):
        raise RuntimeError(said)

    monkeypatch.setattr("search.index.lists.searching.faiss.write_index", refuse)
    with pytest.raises(CommandError, match=r"^The disk failed \(No space left on device at .+\)\. Free"):
        command()


@pytest.mark.django_db
def test_ctrl_c_ends_with_130_and_keeps_what_was_done(ready, monkeypatch):
    monkeypatch.setattr("search.encoding.embedding.BATCH", 1)

    def press_once(display, done, total):
        if done == 1:
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(Display, "__call__", press_once)
    ProductFactory.create_batch(9)
    before = signal.getsignal(signal.SIGINT)
    out = io.StringIO()
    with pytest.raises(SystemExit) as stopped:
        call_command("reindex", stdout=out, stderr=io.StringIO())
    assert stopped.value.code == 130
    assert "and kept" in out.getvalue()
    assert signal.getsignal(signal.SIGINT) is before


def test_without_a_terminal_progress_is_a_line_each_ten_per_cent():
    out = io.StringIO()
    display = Display(out, doing="Embedding", things="products", done="embedded")
    display._out.write = lambda text, write=out.write: write(text + "\n")
    for done in range(1, 101):
        display(done, 100)
    assert len(out.getvalue().splitlines()) == 10


@pytest.mark.django_db
def test_the_task_reindexes(ready):
    ProductFactory()
    assert tasks.reindex.delay().get().startswith("Published index")


@pytest.mark.django_db
def test_the_task_leaves_a_running_build_and_an_empty_shop_alone(ready):
    assert "manage.py sync" in tasks.reindex()
    with IndexStore(ready.root).writing(NOW):
        assert "already running: process" in tasks.reindex()


@pytest.mark.django_db
def test_the_task_deletes_what_has_expired(settings, tmp_path):
    for number, hours in enumerate((-1, 1)):
        EmbeddingCacheEntry.objects.create(
            content_hash=str(number),
            embedding=b"",
            content_type="text",
            created_at=timezone.now(),
            expires_at=timezone.now() + timedelta(hours=hours),
        )
    assert tasks.prune_expired() == "1 query vector and 0 pictures forgotten."
    assert EmbeddingCacheEntry.objects.get().content_hash == "1"


SHOP = 400


@pytest.fixture
def shop_on_disk(tmp_path, tiny_encoder):
    """A shop of its own in a folder: database, pictures, model, and a first index over half the products."""
    environment = os.environ | {
        "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "CLIP_MODEL": str(tmp_path / "model"),
        "OMP_NUM_THREADS": "1",
    }
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "from tests.search.conftest import tiny_encoder_in\n"
        "from tests.factories import ProductFactory, ProductImageFactory\n"
        f"from pathlib import Path; Path({str(tmp_path / 'model')!r}).mkdir()\n"
        f"tiny_encoder_in({str(tmp_path / 'model')!r}, seed=1)\n"
        "call_command('migrate', verbosity=0)\n"
        f"for number in range({SHOP}):\n"
        "    ProductImageFactory(product=ProductFactory(), kept=True, colour=('red', 'blue')[number % 2])\n"
    )
    (tmp_path / "var").mkdir()
    subprocess.run(  # noqa: S603 - our own interpreter and script
        [sys.executable, "-c", script],
        cwd=PROJECT,
        check=True,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings"},
    )
    return environment


def start(environment):
    return subprocess.Popen(
        [sys.executable, "manage.py", "reindex", "--full"],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_runs_killed_at_each_line_of_their_progress_never_take_the_index_out_of_service(shop_on_disk):
    """kill -9 while embedding; tests/search/index/test_publishing.py does so at each step of publishing."""
    output, _nothing = start(shop_on_disk).communicate(timeout=300)
    *progress, report = output.splitlines()
    assert "Published index" in report, output
    assert len(progress) == 10
    (place,) = places(Path(shop_on_disk["DATA_DIR"]) / "index")
    store = IndexStore(place.folder)
    killed = 0
    for number in range(1, len(progress) + 1):
        run = start(shop_on_disk)
        for _line in range(number):
            assert "products embedded" in run.stdout.readline()
        run.send_signal(signal.SIGKILL)
        killed += run.wait() == -signal.SIGKILL
        run.stdout.close()
        reader = IndexStore(store.root)
        index = reader.current()
        assert len(index) == SHOP
        assert reader.problem is None
        assert len(index.nearest(np.array(index.vectors[7]), 10)[0]) == 10
    # After the last line, a run may have published before the signal arrives.
    assert killed >= len(progress) - 1
    output, _nothing = start(shop_on_disk).communicate(timeout=300)
    assert f"{SHOP} of {SHOP} products embedded" in output, output
    assert IndexStore(store.root).current().manifest.version == store.pointed()
    database = sqlite3.connect(Path(shop_on_disk["DATA_DIR"]) / "db.sqlite3")
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert database.execute("SELECT count(*) FROM product_embeddings").fetchone() == (SHOP,)
    database.close()


@pytest.mark.slow
def test_of_two_runs_at_once_the_second_exits_1_naming_the_first(shop_on_disk):
    first = start(shop_on_disk)
    models = Path(shop_on_disk["DATA_DIR"]) / "index" / MODELS
    while not any(lock.read_text() for lock in models.glob("*/WRITER")):
        assert first.poll() is None
        time.sleep(0.02)
    # Suspended, so that it cannot end before the second one has started.
    first.send_signal(signal.SIGSTOP)
    second = start(shop_on_disk)
    output, _nothing = second.communicate(timeout=120)
    first.send_signal(signal.SIGCONT)
    assert second.returncode == 1
    assert f"process {first.pid} on " in output
    assert "Published index" in first.communicate(timeout=120)[0]
