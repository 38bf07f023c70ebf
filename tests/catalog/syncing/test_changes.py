"""What changes products besides a crawl: generations that never hide one, and what staff decide."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from catalog import tasks
from catalog.models import Product, SyncRun
from catalog.sources.base import SourceProduct
from catalog.syncing import sync as syncing
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, ProductFactory

LATER = NOW + timedelta(hours=1)


@pytest.mark.django_db
def test_a_change_is_a_new_generation_though_another_sync_is_ahead_of_its_clock():
    ProductFactory(source="other", updated_at=LATER)
    before = Product.objects.generation()
    sync(MemoryShop(*hats(2)), now=NOW)
    created = Product.objects.generation()
    assert created > before
    Product.objects.filter(external_id="1").deactivate(NOW)
    deactivated = Product.objects.generation()
    assert deactivated > created
    Product.objects.filter(external_id="1").activate(NOW)
    assert Product.objects.generation() > deactivated


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_later_generation_waits_for_an_earlier_one_to_be_committed():
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    first, second = ProductFactory(), ProductFactory()

    def change_second():
        Product.objects.filter(pk=second.pk).deactivate(LATER)
        connection.close()

    other = threading.Thread(target=change_second)
    with transaction.atomic():
        generation = Product.objects.next_generation(LATER)
        other.start()
        other.join(0.5)
        assert other.is_alive()
        Product.objects.filter(pk=first.pk).update(updated_at=generation)
    other.join(60)
    second.refresh_from_db()
    assert second.updated_at > generation


@pytest.mark.django_db
def test_a_product_that_staff_deactivated_stays_so_whatever_the_shop_sends():
    shop = MemoryShop(*hats(2))
    sync(shop, now=NOW)
    product = Product.objects.filter(external_id="1")
    product.deactivate(LATER, for_good=True)
    report = sync(shop, now=LATER)
    assert (report.updated, report.unchanged, product.get().is_active) == (0, 2, False)
    shop.rows[0] = SourceProduct("1", "Top hat", line=1)
    sync(shop, now=LATER)
    assert (product.get().title, product.get().is_active) == ("Top hat", False)
    assert product.get().deactivated_at == LATER
    product.update(withheld=False)
    product.deactivate(LATER, for_good=True)
    assert sync(shop, now=LATER).unchanged == 2
    product.activate(LATER)
    assert sync(shop, now=LATER).unchanged == 2
    assert product.get().is_active


@pytest.fixture
def feed(settings, tmp_path):
    (tmp_path / "feed.csv").write_text("id,title\n1,Hat\n")
    settings.CATALOGUE_SOURCES = {"feed": str(tmp_path / "feed.csv")}


@pytest.fixture
def requested_run(django_capture_on_commit_callbacks):
    """``requested_run(source)`` is the run that staff requested, after the task ran."""

    def requested_run(source="feed"):
        with django_capture_on_commit_callbacks(execute=True):
            tasks.request_sync(source, now=NOW)
        return SyncRun.objects.get()

    return requested_run


@pytest.mark.django_db
def test_a_requested_sync_ends_with_its_report(feed, requested_run):
    run = requested_run()
    assert (run.state, run.counts["created"]) == ("done", 1)


@pytest.mark.django_db
def test_it_is_queued_until_its_turn_comes(feed, requested_run, monkeypatch):
    monkeypatch.setattr(tasks.sync, "apply_async", lambda *arguments, **options: None)
    assert requested_run().state == "queued"


@pytest.mark.django_db
def test_one_beside_a_run_that_is_going_is_not_needed(feed, requested_run):
    with held_elsewhere("sync of feed"):
        run = requested_run()
    assert (run.state, "already running" in run.message) == ("stopped", True)


@pytest.mark.django_db
def test_a_source_that_the_settings_lost_fails_and_says_so(requested_run):
    run = requested_run("gone")
    assert (run.state, "know no source gone" in run.message) == ("failed", True)


@pytest.mark.django_db
def test_a_failure_that_nobody_foresaw_says_why(monkeypatch):
    def explode(*arguments, **options):
        raise RuntimeError("out of pictures")

    monkeypatch.setattr(syncing, "upsert", explode)
    with pytest.raises(RuntimeError):
        sync(MemoryShop(*hats(1)), now=NOW)
    run = SyncRun.objects.get()
    assert (run.state, run.message) == ("failed", "RuntimeError: out of pictures")
