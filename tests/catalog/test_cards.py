"""Cards are read in few queries, held while the catalogue stands, and never shown after it changed."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.display.cards import Card, cards, cards_by_ids
from catalog.models import Product
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
