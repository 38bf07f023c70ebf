"""What an operator reads where a command cannot begin."""

import os
import subprocess
import sys

import pytest
from django.core import management
from django.db import OperationalError, connections

from manage import main

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


@pytest.fixture
def no_tables(django_db_blocker):
    """An empty database in the place of the tests' own."""
    own = connections["default"]
    empty = connections.create_connection("default")
    empty.settings_dict = {**own.settings_dict, "NAME": ":memory:"}
    connections["default"] = empty
    with django_db_blocker.unblock():
        yield
        empty.close()
    connections["default"] = own


@pytest.mark.parametrize("command", COMMANDS)
def test_a_database_without_tables_is_one_sentence(monkeypatch, capsys, caplog, no_tables, command):
    monkeypatch.setattr(sys, "argv", ["manage.py", *command.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    # Python writes the sentence to the standard error and ends with 1.
    assert (caplog.messages, capsys.readouterr().err, ended.value.code.count("\n")) == ([], "", 0)
    assert "did `manage.py migrate` run?" in ended.value.code


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_it_is_all_that_the_process_writes(tmp_path, command):
    ended = manage(command, tmp_path, SECRET_KEY="k" * 60)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert "did `manage.py migrate` run?" in ended.stderr


def test_a_folder_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "file").touch()
    ended = manage("doctor", tmp_path / "file" / "data", SECRET_KEY="k" * 60)
    assert (ended.returncode, ended.stderr.count("\n")) == (1, 1)
    assert ended.stderr.startswith("DATA_DIR is no folder that can be used")


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("disk I/O error", "Is the disk full, or read-only?"),
        ("database or disk is full", "Is the disk full, or read-only?"),
        ("database disk image is malformed", "restore a backup"),
        ("file is not a database", "restore a backup"),
        ("no such table: products", "did `manage.py migrate` run?"),
    ],
)
def test_the_advice_is_that_of_what_failed(monkeypatch, said, advice):
    def fail(_arguments):
        raise OperationalError(said)

    monkeypatch.setattr(management, "execute_from_command_line", fail)
    with pytest.raises(SystemExit) as ended:
        main()
    assert advice in str(ended.value)
    assert said not in str(ended.value)


def test_ctrl_c_while_a_command_starts_is_no_traceback(monkeypatch, capsys):
    def stop(_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(management, "execute_from_command_line", stop)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 130
    assert capsys.readouterr().err == "Stopped.\n"
