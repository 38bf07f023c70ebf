"""Tasks of a worker that dies go to another one soon; those of a worker that lives stay with it."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from celery import Celery

pytestmark = [pytest.mark.slow, pytest.mark.services]
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def broker(redis_server):
    _process, url = redis_server
    return url


@contextmanager
def worker(broker, name):
    command = [sys.executable, "-m", "tests.config.queue.worker", f"--hostname={name}"]
    environment = os.environ | {"BROKER": broker}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)  # noqa: S603 - our own worker
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def send(broker, *arguments, **options):
    with Celery(broker=broker, set_as_current=False) as app:
        app.send_task("tests.note", arguments, **options)


def until(file, content):
    for _attempt in range(1200):
        if file.exists() and file.read_text() == content:
            return
        time.sleep(0.05)
    pytest.fail(f"{file.read_text() if file.exists() else 'nothing'!r} is not {content!r}")


def test_a_killed_workers_task_is_carried_out_by_another(broker, tmp_path):
    notes = tmp_path / "notes"
    with worker(broker, "first") as first:
        send(broker, str(notes), 30)
        until(notes, "began\n")
        first.kill()
        first.wait()
        with worker(broker, "second"):
            until(notes, "began\nbegan\n")


def test_a_task_longer_than_the_timeout_is_carried_out_once(broker, tmp_path):
    notes = tmp_path / "notes"
    with worker(broker, "first"), worker(broker, "second"):
        send(broker, str(notes), 10)
        until(notes, "began\nended\n")
        time.sleep(4)
    assert notes.read_text() == "began\nended\n"


def test_a_task_that_waits_for_its_time_is_carried_out_once(broker, tmp_path):
    notes = tmp_path / "notes"
    with worker(broker, "first"), worker(broker, "second"):
        send(broker, str(notes), 0, countdown=8)
        until(notes, "began\nended\n")
        time.sleep(4)
    assert notes.read_text() == "began\nended\n"
