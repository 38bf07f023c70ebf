"""Several that write the same products at once: what each finds once it is its turn."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from catalog import tasks
from catalog.models import Product, ProductImage, ProductQuerySet
from catalog.pictures.derivatives import is_kept
from catalog.sources.base import SourceError, SourceProduct
from catalog.syncing import guards
from catalog.syncing.following import PictureOutcome, follow
from catalog.syncing.refreshing import refresh
from catalog.syncing.sync import sync
from catalog.syncing.upsert import upsert
from tests.catalog.fakes.memory_shop import LookupShop, MemoryShop, hats
from tests.factories import NOW, ProductFactory, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
HAT = SourceProduct("1", "Hat", price=Decimal(15), currency="EUR", images=("a",), line=1)


@pytest.fixture
def while_waiting(monkeypatch):
    """Do something while the next writer of products waits for its turn."""
    take_turn = ProductQuerySet.next_generation

    def do(work):
        def wait(products, now):
            monkeypatch.setattr(ProductQuerySet, "next_generation", take_turn)
            work()
            return take_turn(products, now)

        monkeypatch.setattr(ProductQuerySet, "next_generation", wait)

    return do


def write(*products, now=NOW):
    return upsert("demo", products, now=now)


def states():
    return dict(Product.objects.values_list("external_id", "is_active"))


# --- Pictures ------------------------------------------------------------------------------------


def test_a_picture_that_was_fetched_while_a_price_waited_is_kept(while_waiting):
    write(HAT)
    while_waiting(lambda: ProductImage.objects.update(content_hash="a" * 64, fetched_at=NOW))
    assert write(replace(HAT, price=Decimal(14))).updated == 1
    assert ProductImage.objects.get().content_hash == "a" * 64


def test_of_two_lists_of_pictures_the_one_that_is_written_last_stays_whole(while_waiting):
    write(HAT)
    while_waiting(lambda: write(replace(HAT, price=Decimal(14), images=("a", "b"))))
    write(replace(HAT, price=Decimal(13)))
    assert [row.source_url for row in ProductImage.objects.all()] == ["a"]


def test_a_picture_of_a_product_that_another_has_created_meanwhile_is_kept(while_waiting):
    def create():
        write(HAT)
        ProductImage.objects.update(content_hash="a" * 64, fetched_at=NOW)

    while_waiting(create)
    write(HAT)
    assert ProductImage.objects.get().content_hash == "a" * 64


def test_a_product_that_a_webhook_has_created_meanwhile_keeps_its_news(while_waiting):
    write(replace(HAT, external_id="2"), now=NOW)
    while_waiting(lambda: write(replace(HAT, price=Decimal(9)), now=LATER))
    outcome = upsert("demo", [HAT], now=LATER, touched_before=NOW)
    assert Product.objects.get(external_id="1").price == 9
    assert (outcome.created, outcome.unchanged) == (0, 1)


def test_a_picture_is_not_written_over_an_address_that_was_stated_while_it_waited(while_waiting):
    write(HAT)
    while_waiting(lambda: ProductImage.objects.update(source_url="b"))
    follow(MemoryShop(pictures={"a": picture_bytes()}), ProductImage.objects.all(), now=NOW)
    assert ProductImage.objects.get().content_hash == ""


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_pictures_and_prices_of_one_product_end_in_no_deadlock():
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    write(HAT)

    def fetch():
        follow(MemoryShop(pictures={"a": picture_bytes()}), ProductImage.objects.all(), now=NOW)
        connection.close()

    other = threading.Thread(target=fetch)
    with transaction.atomic():
        Product.objects.next_generation(NOW)
        other.start()
        other.join(1)
        ProductImage.objects.update(position=5)
    other.join(60)
    row = ProductImage.objects.get()
    assert row.position == 5
    assert is_kept(row.content_hash)


def test_pictures_of_products_that_are_sent_while_others_are_fetched_do_not_wait_an_hour(monkeypatch):
    fetched = []

    def follow_and_send(_source, rows, *, now):
        fetched.append(list(rows.values_list("source_url", flat=True)))
        rows.update(fetched_at=now)
        if len(fetched) == 1:
            upsert("api", [replace(HAT, external_id="2", images=("b",))], now=now)
        return PictureOutcome()

    monkeypatch.setattr(tasks, "follow", follow_and_send)
    upsert("api", [HAT], now=NOW)
    tasks.fetch_pictures("api")
    assert fetched == [["a"], ["b"]]


# --- Products ------------------------------------------------------------------------------------


def test_a_product_that_was_deactivated_before_its_confirmation_came_to_its_turn_is_back(while_waiting):
    write(HAT)
    while_waiting(lambda: Product.objects.deactivate(NOW))
    assert write(HAT, now=LATER).updated == 1
    assert states() == {"1": True}
    assert Product.objects.get().seen_at == LATER


def test_a_product_is_as_new_as_its_turn_to_be_written(while_waiting):
    while_waiting(lambda: ProductFactory(external_id="2", updated_at=LATER))
    write(HAT)
    assert Product.objects.get(external_id="1").created_at > LATER


@pytest.fixture
def before_the_end(monkeypatch):
    """Do something once a sync has listed what is gone."""

    def do(work):
        def work_first(*_arguments):
            work()
            return ()

        monkeypatch.setattr(guards, "suspicions", work_first)

    return do


def test_a_sync_deactivates_nothing_that_a_webhook_has_confirmed_meanwhile(before_the_end):
    sync(MemoryShop(*hats(20)), now=NOW)
    before_the_end(lambda: write(*hats(1), now=LATER + timedelta(minutes=1)))
    report = sync(MemoryShop(*hats(20)[2:]), now=LATER)
    assert report.deactivated == 1
    assert (states()["1"], states()["2"]) == (True, False)


def test_nor_does_it_mark_that_as_missing(before_the_end):
    sync(MemoryShop(*hats(20)), now=NOW)
    before_the_end(lambda: write(*hats(1), now=LATER + timedelta(minutes=1)))
    sync(MemoryShop(*hats(20)[10:]), now=LATER)
    held_back = Product.objects.held_back("demo").values_list("external_id", flat=True)
    assert set(held_back) == {str(number) for number in range(2, 11)}


class CrawledBefore(MemoryShop):
    """Its rows were read before ``meanwhile`` happens, as those of a page or of a file are."""

    def __init__(self, *rows, meanwhile):
        super().__init__(*rows)
        self.meanwhile = meanwhile

    def products(self, *, since=None):
        rows = list(super().products())
        self.meanwhile()
        yield from rows


def test_a_crawl_leaves_the_price_that_a_webhook_brought_since_it_began():
    sync(MemoryShop(HAT), now=NOW)
    news = LookupShop(replace(HAT, price=Decimal(9)))
    shop = CrawledBefore(
        replace(HAT, price=Decimal(12)),
        meanwhile=lambda: refresh(news, "1", clock=lambda: LATER + timedelta(seconds=1)),
    )
    report = sync(shop, now=LATER)
    stored = Product.objects.get()
    assert (stored.price, stored.seen_at) == (9, LATER + timedelta(seconds=1))
    assert (report.updated, report.unchanged, report.deactivated) == (0, 1, 0)
    sync(MemoryShop(HAT), now=LATER + timedelta(hours=1))
    assert Product.objects.get().price == 15


@pytest.mark.parametrize("price", [15, 12])
def test_a_crawl_shows_no_product_again_that_a_webhook_took_out_since_it_began(price):
    sync(MemoryShop(*hats(3)), now=NOW)
    shop = CrawledBefore(
        replace(hats(1)[0], price=Decimal(price), currency="EUR"),
        *hats(3)[1:],
        meanwhile=lambda: refresh(LookupShop(), "1", clock=lambda: LATER + timedelta(seconds=1)),
    )
    sync(shop, now=LATER)
    assert states() == {"1": False, "2": True, "3": True}
    sync(MemoryShop(*hats(3)), now=LATER + timedelta(hours=1))
    assert states() == {"1": True, "2": True, "3": True}


def test_a_product_that_left_before_a_crawl_wrote_it_is_looked_for_again_after_the_crawl():
    said = []

    def leave():
        with pytest.raises(SourceError, match="once the sync is over") as caught:
            refresh(LookupShop(), "1", clock=lambda: LATER)
        said.append(caught.value.permanent)

    sync(CrawledBefore(HAT, meanwhile=leave), now=NOW)
    assert (states(), said) == ({"1": True}, [False])
    refresh(LookupShop(), "1", clock=lambda: LATER)
    assert states() == {"1": False}
    # Of what was never here, nothing is left to be found.
    refresh(LookupShop(), "2", clock=lambda: LATER)
