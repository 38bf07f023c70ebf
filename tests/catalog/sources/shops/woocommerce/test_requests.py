"""Pages, errors and keys."""

import logging
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.sources.base import Rejected, SourceError, SourceProduct
from catalog.sources.shops.woocommerce import WooCommerceSource
from tests.catalog.fakes.fake_woocommerce import (
    KEY,
    SECRET,
    product,
    variable,
    variation,
)
from tests.catalog.fakes.shops import ids

NAVY, RED = ("Color", "navy"), ("Color", "Red")


# --- Paging ------------------------------------------------------------------------------------


def offsets_of(shop, wanted="products"):
    return [params["offset"] for path, params in shop.requests if path == wanted]


def test_every_page_is_read_once_in_the_order_of_the_ids(shop, source):
    shop.products = [product(number) for number in range(250, 0, -1)]
    assert ids(source.products()) == [str(number) for number in range(1, 251)]
    assert offsets_of(shop) == ["0", "99", "198"]


def test_an_empty_shop_has_no_products(shop, source):
    assert list(source.products()) == []


def test_variations_of_more_than_one_page_are_all_read(shop, source):
    shop.products = [variable(7, [variation(1000 + n, [NAVY], stock_quantity=1) for n in range(150)], shop)]
    (dress,) = source.products()
    assert dress.quantity == 150


def test_what_moves_over_a_pages_edge_while_it_is_read_is_not_lost(shop, source):
    shop.products = [product(number) for number in range(1, 251)]
    # Currency, categories, page 1; then three products go, and the rest moves forward by three.
    shop.before[4] = lambda: shop.products.__delitem__(slice(0, 3))
    seen = ids(source.products())
    assert sorted(map(int, seen)) == list(range(1, 251))
    assert len(seen) == len(set(seen))
    assert offsets_of(shop) == ["0", "99", "0", "99", "198"]


def test_a_product_is_not_lost_where_another_one_came_for_each_that_went(shop, source):
    """The total stays the same, as in an import that replaces products."""
    shop.products = [product(number) for number in range(1, 251)]

    def replace():
        shop.products = [*shop.products[3:], *(product(number) for number in (301, 302, 303))]

    shop.before[4] = replace
    assert sorted(map(int, ids(source.products()))) == [*range(1, 251), 301, 302, 303]


def test_a_product_deleted_while_it_is_read_is_left_out(shop, source):
    shop.products = [variable(7, [variation(71, [NAVY])], shop), product(8)]
    shop.before[4] = lambda: shop.products.pop(0)
    assert ids(source.products()) == ["8"]


def test_without_the_number_of_pages_the_first_does_not_pass_for_all(shop, source):
    shop.products = [product(number) for number in range(1, 251)]
    shop.before[3] = lambda: shop.instead.append((200, {}, [product(1)]))
    with pytest.raises(SourceError, match="lacks X-WP-Total"):
        list(source.products())


def test_since_asks_for_what_was_modified_after_it_in_utc(shop, source):
    shop.products = [product(7), product(8, date_modified_gmt="2026-05-04T12:30:00")]
    since = datetime.fromisoformat("2026-05-04T14:00:00+02:00")
    assert ids(source.products(since=since)) == ["8"]
    assert shop.requests[-1][1]["modified_after"] == "2026-05-04T12:00:00"


FIELDS = sorted(product(7).keys() - {"id", "status", "catalog_visibility", "type"})
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=3), st.booleans())
def test_whatever_a_plugin_makes_of_a_product_it_is_read_or_rejected(changed, is_variable):
    source = WooCommerceSource("https://fern.example", KEY, SECRET)
    kept = {name: value for name, value in changed.items() if name in variation(71)}
    variations = [variation(71, [NAVY]) | kept] if is_variable else None
    rows = list(source._mapped(product(7, **changed), variations, "EUR", {}, 1))
    assert rows
    assert all(isinstance(row, SourceProduct | Rejected) for row in rows)


# --- Errors and keys ---------------------------------------------------------------------------


def test_a_busy_shop_is_asked_again(shop, source, pauses):
    shop.products = [product(7)]
    shop.instead = [(503, {}, "<html>Busy</html>"), (429, {"Retry-After": "3"}, {})]
    assert ids(source.products()) == ["7"]
    assert pauses[1] == 3.0


def test_a_page_of_html_in_place_of_json_is_asked_for_again(shop, source, pauses):
    shop.products = [product(7)]
    shop.instead = [(200, {}, "<html>Being updated; back in a minute.</html>")]
    assert ids(source.products()) == ["7"]
    assert len(pauses) == 1


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((401, {}, {"code": "woocommerce_rest_cannot_view"}), r"WooCommerce refused the key \(401\)"),
        ((403, {}, "<html>Blocked</html>"), r"WooCommerce refused the key \(403\)"),
        ((404, {}, {"code": "rest_no_route"}), "There is no WooCommerce API under WOOCOMMERCE_URL"),
        ((404, {}, "<html>Not found</html>"), "There is no WooCommerce API under WOOCOMMERCE_URL"),
        ((301, {"Location": "https://www.fern.example/"}, ""), r"WooCommerce redirects \(301\)"),
        ((400, {}, {"code": "rest_invalid_param"}), "WooCommerce answered 400"),
        ((200, {}, {"name": "Euro"}), "does not say which currency"),
    ],
)
def test_what_another_try_cannot_fix_is_refused_at_once_in_one_sentence(
    shop, source, pauses, answer, sentence
):
    shop.instead = [answer]
    with pytest.raises(SourceError, match=sentence) as caught:
        list(source.products())
    assert caught.value.permanent
    assert (len(shop.requests), pauses) == (1, [])


def test_a_shop_that_does_not_answer_is_tried_again_then_reported(closed_port, pauses):
    source = WooCommerceSource(f"http://127.0.0.1:{closed_port}", KEY, SECRET, pause=pauses.append)
    with pytest.raises(SourceError, match="WooCommerce did not answer: ConnectionError") as caught:
        list(source.products())
    assert not caught.value.permanent
    assert len(pauses) == 5


def test_keys_stand_in_no_message_log_or_description(shop, caplog):
    caplog.set_level(logging.DEBUG)
    source = WooCommerceSource(shop.address, KEY, "cs_wrong_secret", pause=lambda _seconds: None)
    with pytest.raises(SourceError) as caught:
        list(source.products())
    output = f"{caught.value!r} {caught.value.__cause__!r} {caplog.text} {source!r}"
    assert KEY not in output
    assert "cs_wrong_secret" not in output
