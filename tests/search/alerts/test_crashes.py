"""kill -9 of the worker: an alert that the mail server did not take yet comes once, and none comes twice."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
KILLS = 20

pytestmark = pytest.mark.slow


class Shop:
    """A database with alerts, workers that send their mails, and the folder that the mails arrive in."""

    def __init__(self, folder):
        self.mails = folder / "mails"
        self._database = folder / "var" / "db.sqlite3"
        self._database.parent.mkdir()
        self._environment = {
            **os.environ,
            "DATA_DIR": str(folder / "var"),
            "DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }

    def run(self, *arguments):
        done = self._process(*arguments)
        _out, problem = done.communicate(timeout=120)
        assert done.returncode == 0, problem

    def worker(self, *arguments):
        self.run("-m", "tests.search.alerts.worker", *arguments)

    def kill_at(self, point, number):
        """A worker that is killed when it reaches the point for the mail of this number."""
        process = self._process(
            "-m", "tests.search.alerts.worker", "send", str(self.mails), point, str(number)
        )
        assert process.stdout.readline().strip() == point
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        assert process.returncode == -signal.SIGKILL
        self._execute("UPDATE alert_mails SET leased_until = '2001-01-01 00:00:00' WHERE leased_until > 0")

    def arrived(self):
        texts = [path.read_text() for path in self.mails.glob("*")]
        return Counter(address for text in texts for address in re.findall(r"^To: (\S+)", text, re.MULTILINE))

    def left(self):
        return self._execute("SELECT count(*) FROM alerts")[0][0], self._execute(
            "SELECT count(*) FROM alert_mails"
        )[0][0]

    def _execute(self, statement):
        with closing(sqlite3.connect(self._database, timeout=10)) as database, database:
            return database.execute(statement).fetchall()

    def _process(self, *arguments):
        return subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=self._environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def crashing_shop(tmp_path):
    made = Shop(tmp_path)
    made.run("manage.py", "migrate", "-v0", "--skip-checks")
    return made


def test_twenty_kills_between_change_and_mail_send_each_alert_once(crashing_shop):
    crashing_shop.worker("prepare", str(KILLS))
    for number in range(KILLS):
        # Every second worker sends a mail before it dies at the next one.
        crashing_shop.kill_at("open", 1 + number % 2)
    assert sum(crashing_shop.arrived().values()) == KILLS // 2
    crashing_shop.worker("send", str(crashing_shop.mails))
    assert crashing_shop.arrived() == Counter(f"guest{number}@example.com" for number in range(KILLS))
    assert crashing_shop.left() == (0, 0)


def test_a_mail_that_the_server_took_before_the_kill_is_not_sent_twice(crashing_shop):
    crashing_shop.worker("prepare", "3")
    for _kill in range(3):
        crashing_shop.kill_at("taken", 1)
    crashing_shop.worker("send", str(crashing_shop.mails))
    assert crashing_shop.arrived() == Counter(f"guest{number}@example.com" for number in range(3))
    # What became of them was not noted, so the alerts stay in force for the next change.
    assert crashing_shop.left() == (3, 0)
