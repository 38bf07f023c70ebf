"""``manage.py doctor``: it reports what is wrong in a sentence, with how to fix it."""

import io
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.utils import timezone

from catalog.models import Product
from search import engine
from search.encoding.errors import EncoderError
from search.management.commands import doctor
from tests.catalog.fakes.fake_woocommerce import KEY, SECRET, FakeWooCommerce, product
from tests.catalog.fakes.shops import serving
from tests.factories import ProductFactory


def report():
    out = io.StringIO()
    try:
        call_command("doctor", stdout=out)
    except CommandError as error:
        out.write(str(error))
    return out.getvalue()


def line(name):
    return next(each for each in report().splitlines() if f" {name} " in each)


@pytest.fixture
def healthy(shop, settings, tmp_path):
    """A machine on which all is well: a catalogue, an index, style sheets, a place to write."""
    settings.DATA_DIR = tmp_path
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / "site.css").touch()
    return settings


def test_it_reports_that_all_is_well(healthy):
    assert report().endswith("All is well.\n")
    assert "wrong" not in report()


def test_it_fails_where_something_is_wrong(healthy):
    (healthy.STATIC_ROOT / "site.css").unlink()
    with pytest.raises(CommandError, match="1 thing is wrong"):
        call_command("doctor", stdout=io.StringIO())


@pytest.mark.parametrize("version", [(3, 9, 2), (3, 10, 13), (3, 14, 0)])
def test_it_names_the_pythons_that_are_supported(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, "final", 0))
    [finding] = doctor.python()
    running = ".".join(map(str, version))
    assert finding.sentence == f"Python {running} runs, but 3.11, 3.12 or 3.13 is needed."
    assert "make PYTHON=python3.11 setup" in finding.fix


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 12, 1), (3, 13, 9)])
def test_each_supported_python_is_well(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, "final", 0))
    assert [finding.fix for finding in doctor.python()] == [""]


def test_it_reports_a_missing_torch(healthy, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    assert "Run `rm -rf .venv && make setup`." in line("torch")


def test_it_finds_a_device_that_is_missing(healthy):
    healthy.ENCODER_DEVICE = "cuda:7"
    assert "sees no GPU. Set ENCODER_DEVICE=cpu." in line("torch")


def test_it_finds_a_folder_it_cannot_write(healthy, tmp_path):
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    healthy.MEDIA_ROOT = blocked
    assert "cannot be written" in line("folders")


def test_a_folder_that_does_not_exist_yet_is_no_fault(healthy, tmp_path):
    healthy.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert line("folders").startswith("ok")
    assert not Path(healthy.MEDIA_ROOT).exists()


def test_it_reports_a_database_that_does_not_answer(healthy, monkeypatch):
    def refused():
        raise OperationalError("connection refused")

    # Undone at once: the test's own transaction is rolled back over this connection.
    with monkeypatch.context() as patch:
        patch.setattr(connection, "ensure_connection", refused)
        [finding] = doctor.database()
    assert "does not answer (connection refused)" in finding.sentence
    assert finding.fix


def test_it_counts_migrations_that_are_missing(healthy, monkeypatch):
    monkeypatch.setattr(doctor.MigrationExecutor, "migration_plan", lambda self, targets: [1, 2])
    assert "2 migrations are not applied. Run `manage.py migrate`." in line("database")


def test_it_finds_a_redis_that_does_not_answer(healthy, closed_port):
    healthy.REDIS_URL = f"redis://127.0.0.1:{closed_port}/0"
    assert "nothing answers there" in line("Redis")


def test_it_finds_an_empty_catalogue(healthy):
    Product.objects.all().delete()
    assert "There are no products. Run `manage.py seed_demo`, or" in line("catalogue")


@pytest.fixture
def fern(healthy):
    with serving(FakeWooCommerce([product(7), product(8)])) as shop:
        healthy.WOOCOMMERCE_URL, healthy.WOOCOMMERCE_KEY, healthy.WOOCOMMERCE_SECRET = (
            shop.address,
            KEY,
            SECRET,
        )
        yield shop


def test_it_reports_what_each_shop_of_the_settings_answers(fern, healthy):
    assert line("shops").endswith("woocommerce: 2 published products. Webhooks are off.")
    healthy.WOOCOMMERCE_WEBHOOK_SECRET = "a-secret-of-the-shop"
    assert line("shops").endswith("Webhooks are accepted.")


def test_it_finds_a_shop_that_refuses_its_keys_without_printing_them(fern, healthy):
    healthy.WOOCOMMERCE_SECRET = "cs_another"
    assert "woocommerce: WooCommerce refused the key (401)." in line("shops")
    assert "cs_another" not in report()


def test_without_shops_it_says_nothing_of_them(healthy):
    assert " shops " not in report()


def test_it_finds_a_model_that_does_not_load(healthy, monkeypatch):
    def broken():
        raise EncoderError("The encoder cannot be loaded")

    monkeypatch.setattr(engine, "encoder", broken)
    assert "The encoder cannot be loaded. Unset CLIP_MODEL, or run" in line("model")


def test_it_finds_no_index(healthy, tmp_path):
    healthy.INDEX_ROOT = tmp_path / "elsewhere"
    engine.forget()
    assert "There is no index yet. Run `manage.py reindex`." in line("index")


def test_it_finds_a_damaged_version_and_names_its_fix_once(healthy, monkeypatch):
    damage = "Index version a is damaged; version b answers instead. Run `manage.py reindex --force`."
    engine.store().current()
    monkeypatch.setattr(engine.store(), "problem", damage)
    assert line("index").endswith(damage)
    assert line("index").count("manage.py reindex --force") == 1


def test_it_finds_damage_that_no_search_meets(healthy):
    healthy.INDEX_WHOLE_LIMIT = 0
    ProductFactory(updated_at=timezone.now())
    (engine.store().current().folder / "digests.npy").write_bytes(b"#")
    found = line("index")
    assert "is damaged, though it serves: digests.npy cannot be read" in found
    assert found.endswith("Run `manage.py reindex --force`.")
    assert engine.snapshot().index is engine.store().current()


def test_it_finds_an_index_of_another_model(healthy, monkeypatch):
    monkeypatch.setattr(engine.encoder(), "fingerprint", "0" * 64)
    assert "fingerprint is that of another model" in line("index")


def test_it_finds_products_that_are_not_indexed_yet(healthy):
    ProductFactory(updated_at=timezone.now())
    assert "1 of the products changed since it was built. Run `manage.py reindex`." in line("index")


def test_it_runs_where_the_system_checks_fail():
    assert doctor.Command.requires_system_checks == []
