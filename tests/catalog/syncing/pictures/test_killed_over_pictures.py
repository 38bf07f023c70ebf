"""A sync that is killed while its pictures are fetched, and what the next ones do about it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.models import ProductImage, SyncRun
from catalog.syncing import following
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
ADDRESSES = ("a.png", "b.png", "c.png")


def hats_with_pictures():
    return [replace(hat, images=(address,)) for hat, address in zip(hats(3), ADDRESSES, strict=True)]


@pytest.fixture
def shop():
    return MemoryShop(*hats_with_pictures(), pictures=dict.fromkeys(ADDRESSES, picture_bytes("red")))


@pytest.fixture
def killed(shop, monkeypatch):
    """The run of a process that was killed over the second of three batches of pictures, as it was stored."""
    fetch, stored = following._fetch_all, []

    def fetch_or_die(*arguments):
        stored.append(SyncRun.objects.get())
        if len(stored) == 2:
            raise SystemExit
        return fetch(*arguments)

    with monkeypatch.context() as short:
        short.setattr(following, "BATCH", 1)
        short.setattr(following, "_fetch_all", fetch_or_die)
        short.setattr("catalog.syncing.record.RECORD_SECONDS", -1.0)
        with pytest.raises(SystemExit):
            sync(shop, now=NOW)
    return stored


def fetched():
    return ProductImage.objects.exclude(content_hash="").count()


def test_its_run_says_how_many_it_had_still_to_fetch(killed):
    counts = [(run.counts["pictures"], run.counts["pictures_left"]) for run in killed]
    assert counts == [(0, 3), (1, 2)]


def test_the_next_sync_fetches_them_and_says_so(killed, shop):
    assert fetched() == 1
    report = sync(shop, now=LATER)
    assert (report.pictures, report.pictures_left, fetched()) == (2, 0, 3)


def test_so_does_a_sync_of_what_changed_since(killed, shop):
    shop.rows = []
    report = sync(shop, now=LATER, since=NOW)
    assert (report.seen, report.pictures, fetched()) == (0, 2, 3)


def test_so_does_one_whose_crawl_breaks(killed, shop):
    shop.fails_after = 0
    report = sync(shop, now=LATER)
    assert (report.problem, report.pictures, fetched()) == ("The shop hung up.", 2, 3)


def test_a_sync_of_some_rows_fetches_theirs_alone(killed, shop):
    shop.rows.reverse()
    report = sync(shop, now=LATER, limit=1)
    assert (report.pictures, fetched()) == (1, 2)


def test_a_run_beside_one_that_still_fetches_says_what_is_left(shop):
    with held_elsewhere("pictures of demo"):
        sync(shop, now=NOW)
    assert SyncRun.objects.get().counts["pictures_left"] == 3
