"""What an operator reads where a command cannot begin."""

import os
import subprocess
import sys

import pytest

COMMANDS = [
    *("prune_expired", "prune_search_logs", "learn_from_events", "send_alerts", "export_judgements x.csv"),
    *("sync --source shop --file tests/search/language/parsing.py", "seed_demo --size 2"),
]


def manage(command, folder, **environment):
    return subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "manage.py", *command.split()],
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_secret_key_is_one_sentence(tmp_path):
    ended = manage("migrate", tmp_path, SECRET_KEY="")
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("SECRET_KEY is not set.")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_without_tables_is_one_sentence(tmp_path, command):
    ended = manage(command, tmp_path, SECRET_KEY="k" * 60)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "did `manage.py migrate` run?" in ended.stderr
