"""Price and stock now."""

from decimal import Decimal

import pytest

from catalog.sources.base import SourceError
from catalog.sources.variants import GONE
from tests.catalog.fakes.fake_woocommerce import product, variable, variation

NAVY, RED = ("Color", "navy"), ("Color", "Red")


def test_one_colour_states_its_offer_of_now(shop, source):
    variations = [variation(71, [NAVY], price="39.00"), variation(72, [RED], stock_status="outofstock")]
    shop.products = [variable(7, variations, shop)]
    offer = source.offer("7-navy", "7")
    assert (offer.price, offer.list_price, offer.in_stock) == (Decimal("39.00"), Decimal("59.00"), True)
    assert not source.offer("7-red", "7").in_stock


def test_an_offer_has_the_decimals_of_the_shops_currency(shop, source):
    shop.currency = "KWD"
    shop.products = [product(7, price="12.345", regular_price="12.345"), product(8, price="9.5")]
    (dress, _other) = source.products()
    offer = source.offer("7", "7")
    assert (offer.price, offer.currency) == (dress.price, dress.currency) == (Decimal("12.345"), "KWD")
    asked = [path for path, _params in shop.requests].count("data/currencies/current")
    assert source.offer("8", "8").price == Decimal("9.50")
    assert [path for path, _params in shop.requests].count("data/currencies/current") == asked


@pytest.mark.parametrize("gone", ["8", "7-green", "9"])
def test_what_is_gone_is_not_in_stock(shop, source, gone):
    shop.products = [variable(7, [variation(71, [NAVY])], shop), product(9, status="private")]
    assert source.offer(gone, gone.partition("-")[0]) == GONE


def test_what_cannot_be_read_is_not_taken_for_gone(shop, source):
    """A plugin that breaks one field has sold nothing out."""
    broken = [variation(71, [NAVY], stock_quantity="plenty"), variation(72, [RED])]
    unpriced = [variation(81, [NAVY], price="free"), variation(82, [RED], price="10")]
    shop.products = [variable(7, broken, shop), variable(8, unpriced, shop)]
    assert source.offer("7-navy", "7") is None
    assert source.offer("8-navy", "8") is None
    assert source.offer("8-red", "8").price == Decimal(10)
    assert source.offer("8-green", "8") == GONE


def test_an_offer_is_asked_for_once_however_the_shop_answers(shop, source, pauses):
    shop.instead = [(503, {}, "")]
    with pytest.raises(SourceError, match="503"):
        source.offer("7", "7")
    assert (len(shop.requests), pauses) == (1, [])


def test_too_many_variations_for_one_answer_say_nothing(shop, source):
    shop.products = [variable(7, [variation(1000 + n, [NAVY]) for n in range(101)], shop)]
    assert source.offer("7-navy", "7") is None
