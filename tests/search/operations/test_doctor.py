"""``manage.py doctor``: it names what is wrong in a sentence, with the command that mends it."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from catalog.models import Product
from search import engine
from search.encoding.encoder import EncoderError
from search.management.commands import doctor
from tests.factories import ProductFactory


def said():
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def line(name):
    return next(each for each in said().splitlines() if f" {name} " in each)


@pytest.fixture
def healthy(shop, settings, tmp_path):
    """A machine on which all is well: a catalogue, an index, style sheets, a place to write."""
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "site.css").touch()
    return settings


def test_it_says_that_all_is_well(healthy):
    assert said().endswith("All is well.\n")
    assert "wrong" not in said()


def test_it_fails_where_something_is_wrong(healthy):
    (healthy.STATIC_ROOT / "site.css").unlink()
    with pytest.raises(CommandError, match="1 thing is wrong"):
        call_command("doctor", stdout=io.StringIO())


def test_it_names_the_python_that_is_needed(healthy, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 2, "final", 0))
    [finding] = doctor.python()
    assert finding.sentence == "Python 3.9.2 runs, but 3.11 is needed."
    assert finding.mend.startswith("make")


def test_it_misses_torch(healthy, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "Mend it: rm -rf .venv && make setup" in line("torch")


def test_it_sees_a_device_that_is_not_there(healthy):
    healthy.ENCODER_DEVICE = "cuda:7"
    assert "sees no GPU. Mend it: set ENCODER_DEVICE=cpu" in line("torch")


def test_it_finds_a_folder_it_cannot_write(healthy, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    healthy.MEDIA_ROOT = blocked
    assert "cannot be written" in line("folders")


def test_a_folder_still_to_be_made_is_no_fault(healthy, tmp_path):
    healthy.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert line("folders").startswith("ok")
    assert not Path(healthy.MEDIA_ROOT).exists()


def test_it_says_that_the_database_does_not_answer(healthy, monkeypatch):
    def refused():
        raise OperationalError("connection refused")

    # Undone at once: the test's own transaction is rolled back over this connection.
    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", refused)
        [finding] = doctor.database()
    assert "does not answer (connection refused)" in finding.sentence
    assert finding.mend


def test_it_counts_migrations_that_are_missing(healthy, monkeypatch):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    assert "2 migrations are not applied. Mend it: manage.py migrate" in line("database")


def test_it_finds_redis_silent(healthy):
    healthy.REDIS_URL = "redis://127.0.0.1:1/0"
    assert "nothing answers there" in line("Redis")


def test_it_finds_an_empty_catalogue(healthy):
    Product.objects.all().delete()
    assert "There are no products. Mend it: manage.py seed_demo" in line("catalogue")


def test_it_finds_a_model_that_does_not_load(healthy, monkeypatch):
    def broken():
        raise EncoderError("The encoder cannot be loaded")

    monkeypatch.setattr(engine, "encoder", broken)
    assert "The encoder cannot be loaded. Mend it: unset CLIP_MODEL" in line("model")


def test_it_finds_no_index(healthy, tmp_path):
    healthy.INDEX_ROOT = tmp_path / "elsewhere"
    engine.store.cache_clear()
    assert "There is no index yet. Mend it: manage.py reindex" in line("index")


def test_it_finds_an_index_of_another_model(healthy, monkeypatch):
    monkeypatch.setattr(engine.encoder(), "fingerprint", "0" * 64)
    assert "fingerprint is that of another model" in line("index")


def test_it_finds_products_that_are_not_indexed_yet(healthy):
    ProductFactory(updated_at=timezone.now())
    assert "1 of the products changed since it was built. Mend it: manage.py reindex" in line("index")


def test_it_still_looks_where_the_system_checks_would_stop():
    assert doctor.Command.requires_system_checks == []
