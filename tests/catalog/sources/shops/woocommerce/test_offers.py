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


@pytest.mark.parametrize("gone", ["8", "7-green", "9"])
def test_what_is_gone_is_not_in_stock(shop, source, gone):
    shop.products = [variable(7, [variation(71, [NAVY])], shop), product(9, status="private")]
    assert source.offer(gone, gone.partition("-")[0]) == GONE


def test_an_offer_is_asked_for_once_however_the_shop_answers(shop, source, pauses):
    shop.instead = [(503, {}, "")]
    with pytest.raises(SourceError, match="503"):
        source.offer("7", "7")
    assert (len(shop.requests), pauses) == (1, [])


def test_too_many_variations_for_one_answer_say_nothing(shop, source):
    shop.products = [variable(7, [variation(1000 + n, [NAVY]) for n in range(101)], shop)]
    assert source.offer("7-navy", "7") is None
