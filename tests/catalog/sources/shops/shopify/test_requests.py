"""Pages, throttling and errors."""

from datetime import datetime

import pytest

from catalog.sources.base import SourceError
from catalog.sources.shops import shopify, shopify_queries
from tests.catalog.fakes.fake_shopify import (
    THROTTLED,
    answered,
    failed,
    product,
    variant,
)
from tests.catalog.fakes.shops import ids

# --- Paging ------------------------------------------------------------------------------------


def test_every_page_is_read_once(shop, source):
    shop.products = [product(number) for number in range(1, 121)]
    assert ids(source.products()) == [str(number) for number in range(1, 121)]
    assert [request["variables"]["after"] for request in shop.requests] == [None, "cursor-50", "cursor-100"]


def test_variants_that_do_not_fit_into_the_page_are_read_too(shop, source):
    variants = [variant(1000 + number, inventoryQuantity=1) for number in range(420)]
    shop.products = [product(7, variants), product(8)]
    dress, _other = source.products()
    assert dress.quantity == 420
    assert len(shop.requests) == 5


def test_past_a_series_of_pages_the_next_begins_after_the_last_id(shop, source, monkeypatch):
    monkeypatch.setattr(shopify, "SERIES", 100)
    shop.products = [product(number) for number in range(1, 231)]
    assert ids(source.products()) == [str(number) for number in range(1, 231)]
    assert [request["variables"]["query"] for request in shop.requests][2] == "status:active id:>100"


def test_a_page_that_is_too_costly_is_halved(shop, source):
    shop.max_page = 12
    shop.products = [product(number) for number in range(1, 31)]
    assert len(ids(source.products())) == 30
    assert [request["variables"]["first"] for request in shop.requests] == [50, 25, 12, 12, 12]


def test_since_asks_for_what_was_updated_at_or_after_it_in_utc(shop, source):
    shop.products = [product(7), product(8, updatedAt="2026-05-04T12:30:00Z")]
    since = datetime.fromisoformat("2026-05-04T14:00:00+02:00")
    assert ids(source.products(since=since)) == ["8"]
    assert shop.requests[0]["variables"]["query"] == "status:active updated_at:>='2026-05-04T12:00:00Z'"


# --- Throttling, errors ------------------------------------------------------------------------


def test_throttling_is_waited_out_for_as_long_as_the_budget_needs(shop, source, pauses):
    shop.products = [product(7)]
    shop.instead = [THROTTLED, THROTTLED]
    assert ids(source.products()) == ["7"]
    # 100 needed, 40 there, 20 restored each second.
    assert pauses == [3.0, 3.0]


def test_a_crawl_waits_before_it_uses_the_budget_up(shop, source, pauses):
    shop.products = [product(number) for number in range(1, 61)]
    shop.instead = [shop_page(shop, currentlyAvailable=50, restoreRate=100)]
    assert len(ids(source.products())) == 60
    assert pauses == [0.5]


def shop_page(shop, **cost):
    request = {
        "query": shopify_queries.PRODUCTS,
        "variables": {"first": 50, "after": None, "query": "status:active"},
    }
    status, headers, body = shop.usual(request)
    body["extensions"]["cost"]["throttleStatus"].update(cost)
    return status, headers, body


def test_throttling_without_end_gives_up(shop, source, pauses):
    shop.instead = [THROTTLED] * 20
    with pytest.raises(SourceError, match="throttles") as caught:
        list(source.products())
    assert not caught.value.permanent
    assert len(shop.requests) == 6
    assert len(pauses) == 5


@pytest.mark.parametrize("answer", [(429, {"Retry-After": "2.0"}, {}), (503, {"Retry-After": "2"}, "busy")])
def test_retry_after_is_honoured(shop, source, pauses, answer):
    shop.products = [product(7)]
    shop.instead = [answer]
    assert ids(source.products()) == ["7"]
    assert pauses == [2.0]


def test_a_shop_that_wants_an_hour_is_left_alone(shop, source, pauses):
    shop.instead = [(429, {"Retry-After": "3600"}, {})]
    with pytest.raises(SourceError, match=r"left alone for 3,600 seconds") as caught:
        list(source.products())
    assert not caught.value.permanent
    assert pauses == []


def test_tries_are_bounded_and_lie_further_and_further_apart(shop, source, pauses):
    shop.instead = [(502, {}, "<html>Bad gateway</html>")] * 20
    with pytest.raises(SourceError, match="Shopify answered 502"):
        list(source.products())
    assert len(shop.requests) == 6
    longest = [1, 2, 4, 8, 16]
    assert all(limit / 2 <= wait <= limit for wait, limit in zip(pauses, longest, strict=True))


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        ((401, {}, {"errors": "[API] Invalid API key"}), r"Shopify refused the key \(401\)"),
        ((402, {}, {"errors": "Unavailable Shop"}), "The shop is closed or locked"),
        ((404, {}, {"errors": "Not Found"}), "There is no Shopify shop of the name in SHOPIFY_SHOP"),
        ((302, {"Location": "https://elsewhere.example/"}, ""), r"Shopify redirects \(302\)"),
        (failed("ACCESS_DENIED", "Access denied for products field."), "lacks a scope"),
        (failed("undefinedField", "Field 'x' doesn't exist on type 'Product'"), "refused the query: Field"),
        ((200, {}, {"errors": "Something odd"}), "refused the query: Something odd"),
        ((200, {}, {"data": None}), "refused the query: no data"),
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


def test_data_beside_an_error_is_not_used(shop, source):
    nodes = [product(7)]
    data = {"products": {"nodes": nodes, "pageInfo": {"hasNextPage": False, "endCursor": None}}}
    shop.instead = [failed("SOME_CODE", "The category cannot be resolved.", data=data)]
    with pytest.raises(SourceError, match="The category cannot be resolved"):
        list(source.products())


def test_an_error_inside_shopify_is_tried_again(shop, source, pauses):
    shop.products = [product(7)]
    shop.instead = [failed("INTERNAL_SERVER_ERROR")]
    assert ids(source.products()) == ["7"]
    assert len(pauses) == 1


def page_of(*nodes, cursor):
    """A page of two products with more behind it."""
    connection = {"nodes": list(nodes), "pageInfo": {"hasNextPage": True, "endCursor": cursor}}
    shop = {"shop": {"currencyCode": "EUR"}, "productsCount": {"count": 2}}
    return answered({**shop, "products": connection})


@pytest.mark.parametrize("cursor", ["same", None])
def test_a_page_that_repeats_ends_the_crawl(shop, source, cursor):
    shop.instead = [page_of(product(7), cursor=cursor)] * 3
    with pytest.raises(SourceError, match="the same page"):
        list(source.products())
    assert len(shop.requests) == (2 if cursor else 1)


def test_an_empty_page_before_the_last_is_no_end(shop, source):
    shop.instead = [page_of(product(7), cursor="a"), page_of(cursor=None)]
    with pytest.raises(SourceError, match="an empty page before the last") as caught:
        list(source.products())
    assert not caught.value.permanent
