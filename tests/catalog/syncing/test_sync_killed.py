import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.factories import picture_bytes

PROJECT = Path(__file__).resolve().parents[3]
ROWS = 2000

pytestmark = pytest.mark.slow


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "images").mkdir()
    for number in range(ROWS):
        picture = picture_bytes((number % 256, number // 256, 0), (90, 120))
        (tmp_path / "images" / f"{number}.png").write_bytes(picture)
    lines = (f"{number},Hat {number},images/{number}.png\n" for number in range(ROWS))
    (tmp_path / "feed.csv").write_text("id,title,image\n" + "".join(lines))
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "var"), "DATABASE_URL": ""}
    (tmp_path / "var").mkdir()

    def manage(*arguments):
        # Shells and test runners may have told their children to ignore Ctrl-C.
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    migrated = manage("migrate", "-v0", "--skip-checks")
    migrated.communicate(timeout=120)
    assert migrated.returncode == 0
    return manage


def written(folder):
    with closing(sqlite3.connect(folder / "var" / "db.sqlite3")) as database:
        return database.execute("SELECT count(*) FROM products").fetchone()[0]


def stopped_midway(shop, folder, how):
    """A sync that got the signal after its first rows were written, and before its last."""
    process = shop("sync", "--file", str(folder / "feed.csv"))
    deadline = time.monotonic() + 60
    while written(folder) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(how)
    process.communicate(timeout=60)
    assert 0 < written(folder) < ROWS
    return process


def test_a_killed_sync_is_completed_by_the_next(shop, tmp_path):
    killed = stopped_midway(shop, tmp_path, signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    before = written(tmp_path)
    completed = shop("sync", "--file", str(tmp_path / "feed.csv"))
    output, _err = completed.communicate(timeout=120)
    assert completed.returncode == 0
    assert f"{ROWS - before:,} new" in output
    assert f"{before:,} unchanged" in output
    assert written(tmp_path) == ROWS


def test_ctrl_c_ends_with_130_and_keeps_the_work(shop, tmp_path):
    interrupted = stopped_midway(shop, tmp_path, signal.SIGINT)
    assert interrupted.returncode == 130
