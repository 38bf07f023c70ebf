"""Cards are read in few queries, held while the catalogue stands, and never shown after it changed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.display import cards as held
from catalog.display.cards import Card, cards, cards_by_ids
from catalog.models import Product
from catalog.sources.base import SourceProduct
from catalog.syncing.upsert import upsert
from catalog.writing import offers, products
from catalog.writing.results import Row
from tests.factories import NOW, ProductFactory, ProductImageFactory

pytestmark = pytest.mark.django_db


def card_of(product):
    return cards([product.pk])[product.pk]


def test_a_card_shows_what_its_product_does():
    product = ProductFactory()
    ProductImageFactory(product=product, position=0, content_hash="")
    ProductImageFactory(product=product, position=2)
    cover = ProductImageFactory(product=product, position=1, width=400, height=500, content_hash="ab" * 32)
    shown = card_of(product)
    assert shown == Card.of(Product.objects.for_cards().get())
    assert shown.get_absolute_url() == product.get_absolute_url()
    assert shown.cover.srcset == cover.srcset
    assert shown.cover.thumbnail_url == cover.thumbnail_url


def test_a_product_without_a_picture_that_was_fetched_has_no_cover():
    product = ProductFactory()
    ProductImageFactory(product=product, content_hash="")
    assert card_of(product).cover is None


def test_cards_that_are_held_cost_the_question_whether_anything_changed(django_assert_num_queries):
    keys = [product.pk for product in ProductFactory.create_batch(3)]
    with django_assert_num_queries(3):
        cards(keys)
    with django_assert_num_queries(1):
        cards(keys)


def test_a_change_shows_at_once():
    product = ProductFactory()
    card_of(product)
    changed = {"price": Decimal(5), "updated_at": NOW + timedelta(seconds=1)}
    Product.objects.filter(pk=product.pk).update(**changed)
    assert card_of(product).price == 5


def test_a_product_that_left_the_shop_is_not_shown():
    product = ProductFactory()
    card_of(product)
    Product.objects.filter(pk=product.pk).deactivate(NOW)
    assert cards([product.pk]) == {}


def test_cards_by_public_ids_keep_their_order_and_leave_out_what_is_no_id():
    first, second = ProductFactory.create_batch(2)
    wanted = [second.product_id, "\x00", "demo-none", first.product_id]
    assert [card.pk for card in cards_by_ids(wanted)] == [second.pk, first.pk]


def test_no_more_are_held_than_the_limit(monkeypatch, django_assert_num_queries):
    monkeypatch.setattr("catalog.display.cards.MAX_HELD", 1)
    first, second = ProductFactory.create_batch(2)
    for product in (first, second):
        card_of(product)
    with django_assert_num_queries(3):
        assert card_of(second).pk == second.pk


def test_equal_cards_of_two_generations_are_one_key():
    product = ProductFactory()
    before = card_of(product)
    Product.objects.filter(pk=product.pk).update(updated_at=NOW + timedelta(seconds=1))
    after = card_of(product)
    assert after is not before
    assert {before: "rendered"}[after] == "rendered"


@pytest.fixture
def elsewhere(monkeypatch):
    """Do something in another process: it holds cards of its own, and this one's stay as they are."""

    def do(work):
        with monkeypatch.context() as other:
            other.setattr("catalog.display.cards._held", None)
            return work()

    return do


def state_of(product):
    found = cards([product.pk]).get(product.pk)
    by_id = cards_by_ids([product.product_id])
    assert by_id == ([found] if found else [])
    return (found.price, found.in_stock, found.quantity) if found else None


def offer(product, **stated):
    row = Row(0, product.external_id, {"id": product.external_id, **stated})
    return offers.update(product.source, [row], now=NOW)


def sync(product):
    stated = SourceProduct(product.external_id, "Hat", price=Decimal(7), quantity=1, line=1)
    upsert(product.source, [stated], now=NOW)


def delete(product):
    products.delete(product.source, [Row(0, product.external_id, {})], force=True, now=NOW)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda product: offer(product, price=Decimal(5)), (Decimal(5), True, 4)),
        (lambda product: offer(product, quantity=0), (Decimal(39), False, 0)),
        (lambda product: Product.objects.deactivate(NOW), None),
        (lambda product: Product.objects.deactivate(NOW, for_good=True), None),
        (delete, None),
        (sync, (Decimal(7), True, 1)),
    ],
    ids=["price", "stock", "vanished", "withheld", "deleted", "synced"],
)
def test_what_another_process_changed_shows_at_once(elsewhere, change, expected):
    # The latest change has the very time of the next one.
    product = ProductFactory(price=Decimal(39), quantity=4, updated_at=NOW)
    assert state_of(product) == (39, True, 4)
    elsewhere(lambda: change(product))
    assert state_of(product) == expected
    assert elsewhere(lambda: state_of(product)) == expected


def test_a_product_that_is_shown_again_has_its_card_again(elsewhere):
    product = ProductFactory(price=Decimal(39), quantity=4)
    Product.objects.deactivate(NOW)
    assert state_of(product) is None
    elsewhere(lambda: Product.objects.activate(NOW))
    assert state_of(product) == (39, True, 4)


def test_a_card_read_while_the_catalogue_changes_is_not_held(monkeypatch):
    product = ProductFactory(price=Decimal(39))
    read = held._read

    def read_and_change(rows):
        found = read(rows)
        monkeypatch.setattr(held, "_read", read)
        offer(product, price=Decimal(5))
        return found

    monkeypatch.setattr(held, "_read", read_and_change)
    assert card_of(product).price == 39
    assert card_of(product).price == 5


def test_a_reader_that_is_late_brings_no_old_card_back():
    product = ProductFactory(price=Decimal(39))
    late = held._held_cards(Product.objects.generation())
    offer(product, price=Decimal(5))
    assert card_of(product).price == 5
    late.of([product.pk])
    held._held_cards(late.generation)
    assert card_of(product).price == 5
