"""What `make setup` and `make run` do before the shop can be served, and skip the second time."""

import io
import os
import stat
from threading import Barrier, Thread

import pytest
from django.core.management import call_command

from config import first_start
from config.first_start import COLLECTED, collect_static_files, static_files_state, write_secret_key


def test_the_secret_key_is_the_owners_alone_and_made_once(tmp_path):
    write_secret_key(tmp_path / "data")
    file = tmp_path / "data" / "secret_key"
    assert len(key := file.read_text()) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    write_secret_key(tmp_path / "data")
    assert file.read_text() == key


def test_an_empty_secret_key_that_a_full_disk_left_is_made_anew(tmp_path):
    (tmp_path / "secret_key").touch()
    (tmp_path / "secret_key").chmod(0o644)
    write_secret_key(tmp_path)
    assert len((tmp_path / "secret_key").read_text()) >= 50
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_of_starts_at_once_on_an_empty_key_every_one_has_the_key_that_stays(tmp_path):
    (tmp_path / "secret_key").touch(mode=0o600)
    together, read = Barrier(8), []

    def start():
        together.wait()
        write_secret_key(tmp_path)
        read.append((tmp_path / "secret_key").read_text())

    starts = [Thread(target=start) for _ in range(8)]
    for each in starts:
        each.start()
    for each in starts:
        each.join()
    assert len(read) == 8
    assert set(read) == {(tmp_path / "secret_key").read_text()}


@pytest.fixture
def static(settings, tmp_path):
    """A project with one style sheet, and the names of the commands that were called."""
    sheets = tmp_path / "sheets"
    sheets.mkdir()
    (sheets / "site.css").write_text("body { margin: 0 }")
    settings.STATICFILES_DIRS = [sheets]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "static"
    return sheets


@pytest.fixture
def called(monkeypatch):
    names = []

    def noted(name, **options):
        names.append(name)
        call_command(name, **options, stdout=io.StringIO())

    monkeypatch.setattr(first_start, "call_command", noted)
    return names


def test_static_files_are_collected_once(static, called, settings):
    collect_static_files()
    collect_static_files()
    assert called == ["collectstatic"]
    assert (settings.STATIC_ROOT / "site.css").is_file()


def test_they_are_collected_again_when_one_changed_or_all_were_removed(static, called, settings):
    collect_static_files()
    (static / "site.css").write_text("body { margin: 1px }")
    collect_static_files()
    (settings.STATIC_ROOT / COLLECTED).unlink()
    collect_static_files()
    assert called == ["collectstatic"] * 3


def test_a_newer_or_another_file_is_another_state(static):
    before = static_files_state()
    os.utime(static / "site.css", (0, 0))
    touched = static_files_state()
    (static / "print.css").touch()
    assert len({before, touched, static_files_state()}) == 3


def test_the_data_folder_may_be_named_in_the_env_file(monkeypatch, tmp_path):
    (tmp_path / ".env").write_text(f"DATA_DIR={tmp_path / 'elsewhere'}\n")
    monkeypatch.setattr(first_start, "BASE_DIR", tmp_path)
    # Set first, so that monkeypatch also removes the value that the file sets.
    monkeypatch.setenv("DATA_DIR", "")
    monkeypatch.delenv("DATA_DIR")
    monkeypatch.setattr(first_start, "call_command", lambda name, **options: None)
    monkeypatch.setattr(first_start, "collect_static_files", lambda: None)
    first_start.main()
    assert (tmp_path / "elsewhere" / "secret_key").is_file()


def test_the_demo_is_made_only_when_asked_for(monkeypatch, tmp_path):
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setattr(first_start, "collect_static_files", lambda: None)
    called = []
    monkeypatch.setattr(first_start, "call_command", lambda name, **options: called.append((name, options)))
    first_start.main()
    assert called == [("migrate", {"verbosity": 0})]
    first_start.main("--demo")
    assert called[-1] == ("seed_demo", {"if_empty": True})
