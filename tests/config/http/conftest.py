"""A real gunicorn for the tests of what happens before a request reaches Django."""

import os
import re
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def gunicorn(tmp_path):
    """The port of a server as it runs in production, with an empty database."""
    with served(tmp_path) as (port, _process):
        yield port


@contextmanager
def served(tmp_path, **variables):
    """A server's port and process; it is ended afterwards."""
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "ALLOWED_HOSTS": "127.0.0.1",
        **variables,
    }
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    subprocess.run(migrate, cwd=ROOT, env=environment, check=True)  # noqa: S603 - our own command
    log = tmp_path / "gunicorn.log"
    command = ["-m", "gunicorn", "--config", "config/gunicorn.py", "--bind", "127.0.0.1:0", "config.wsgi"]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own server
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
    try:
        yield port_in(log, process), process
    finally:
        process.terminate()
        process.wait(30)


def port_in(log, process):
    while process.poll() is None:
        listening = re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log.read_text())
        if listening:
            return int(listening.group(1))
        time.sleep(0.1)
    pytest.fail(log.read_text())
