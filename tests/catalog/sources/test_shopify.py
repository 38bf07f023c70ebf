import logging
from datetime import datetime
from decimal import Decimal

import pytest

from catalog.models import Product, RunState, SyncRun
from catalog.sources import shopify, shopify_api
from catalog.sources.base import Rejected, SourceError
from catalog.sources.shopify import ShopifySource
from catalog.sources.shopify_api import ShopifyKeys
from catalog.sources.variants import GONE
from catalog.syncing.sync import sync
from tests.catalog.fake_shopify import (
    CLIENT_ID,
    CLIENT_SECRET,
    THROTTLED,
    TOKEN,
    FakeShopify,
    failed,
    pictures,
    product,
    variant,
)
from tests.catalog.shops import serving
from tests.factories import NOW

NAVY, RED = ("Color", "navy"), ("Color", "Red")
SMALL, MEDIUM = ("Size", "S"), ("Size", "M")


@pytest.fixture
def shop(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with serving(FakeShopify()) as shop:
        yield shop
    shopify_api._tokens.clear()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(shop, pauses):
    keys = ShopifyKeys(TOKEN)
    return ShopifySource("fern.myshopify.com", keys, address=shop.address, pause=pauses.append)


def ids(rows):
    return [row.external_id for row in rows]


# --- What is mapped to what --------------------------------------------------------------------


def test_a_product_without_colours_is_one_product(shop, source):
    shop.products = [
        product(
            7,
            [
                variant(71, options=[SMALL], price="59.00", compareAtPrice="79.00", inventoryQuantity=3),
                variant(72, options=[MEDIUM], price="62.00", inventoryQuantity=4),
                variant(73, options=[("Size", "L")], availableForSale=False, inventoryQuantity=-2),
            ],
            media=pictures("https://cdn.example/7.jpg"),
        )
    ]
    (dress,) = source.products()
    assert (dress.external_id, dress.title, dress.item_group_id) == ("7", "Linen Dress 7", "")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("59.00"), Decimal("79.00"), "EUR")
    assert (dress.in_stock, dress.quantity) == (True, 7)
    assert (dress.brand, dress.category, dress.gender) == ("Fern", "Dresses", "Women")
    assert dress.description == "A light summer dress."
    assert dress.url == "https://fern.example/products/7"
    assert dress.images == ("https://cdn.example/7.jpg",)
    assert dress.attributes == {"tags": ["women", "linen"], "sizes": ["S", "M"], "sold_out_sizes": ["L"]}


def test_each_colour_is_a_product_of_one_style_with_its_own_pictures_sizes_and_stock(shop, source):
    shop.products = [
        product(
            7,
            [
                variant(
                    71,
                    options=[NAVY, SMALL],
                    inventoryQuantity=1,
                    media=pictures("https://cdn.example/n.jpg"),
                ),
                variant(72, options=[NAVY, MEDIUM], inventoryQuantity=2),
                variant(
                    73,
                    options=[RED, SMALL],
                    availableForSale=False,
                    inventoryQuantity=0,
                    media=pictures("https://cdn.example/r.jpg"),
                ),
            ],
            media=pictures(
                "https://cdn.example/r.jpg", "https://cdn.example/n.jpg", "https://cdn.example/both.jpg"
            ),
        )
    ]
    navy, red = source.products()
    assert ids([navy, red]) == ["7-navy", "7-red"]
    assert (navy.colour, red.colour) == ("Navy", "Red")
    assert navy.item_group_id == red.item_group_id == "7"
    assert (navy.quantity, navy.in_stock, red.quantity, red.in_stock) == (3, True, 0, False)
    assert navy.attributes["sizes"] == ["S", "M"]
    assert red.attributes["sizes"] == ["S"]
    assert navy.images == ("https://cdn.example/n.jpg", "https://cdn.example/both.jpg")
    assert red.images == ("https://cdn.example/r.jpg", "https://cdn.example/both.jpg")
    assert red.url == "https://fern.example/products/7?variant=73"


def test_a_product_without_options_has_none(shop, source):
    shop.products = [product(7)]
    (dress,) = source.products()
    assert dress.colour == ""
    assert dress.attributes == {"tags": ["women", "linen"]}


def test_what_is_not_counted_has_no_quantity(shop, source):
    shop.products = [product(7, [variant(71, inventoryItem={"tracked": False}, inventoryQuantity=0)])]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


def test_the_taxonomy_stands_in_for_a_missing_product_type(shop, source):
    shop.products = [product(7, productType="")]
    (dress,) = source.products()
    assert (dress.category, dress.category_path) == ("Dresses", "Apparel & Accessories > Clothing > Dresses")


@pytest.mark.parametrize("hidden", [{"status": "DRAFT"}, {"status": "ARCHIVED"}, {"onlineStoreUrl": None}])
def test_what_the_online_store_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


def test_a_colour_in_another_script_still_makes_an_id(shop, source):
    shop.products = [
        product(7, [variant(71, options=[("Color", "紺")]), variant(72, options=[("Color", "赤")])])
    ]
    first, second = source.products()
    assert first.external_id != second.external_id
    assert {first.colour, second.colour} == {"紺", "赤"}


# --- Rejected rows -----------------------------------------------------------------------------


def test_a_bad_product_costs_itself_and_is_named(shop, source):
    shop.products = [
        product(6, title="  "),
        product(7, [variant(71, options=[NAVY], price="free"), variant(72, options=[RED])]),
        product(8),
        product(9, vendor=None, tags=None),
    ]
    rows = list(source.products())
    assert ids(rows) == ["6", "7-navy", "7-red", "8", "9"]
    problems = {row.external_id: row.problem for row in rows if isinstance(row, Rejected)}
    assert problems["6"] == "the title is missing"
    assert problems["7-navy"] == "the price 'free' is not a number"
    assert problems["9"].startswith("Shopify's answer is not understood")
    assert [row.line for row in rows] == [1, 2, 2, 3, 4]


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
    assert len(shop.requests) == 3


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
    request = {"query": shopify.PRODUCTS, "variables": {"first": 50, "after": None, "query": "status:active"}}
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


# --- Keys --------------------------------------------------------------------------------------


@pytest.fixture
def app_source(shop, pauses):
    keys = ShopifyKeys(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    return ShopifySource("fern.myshopify.com", keys, address=shop.address, pause=pauses.append)


def test_an_apps_id_and_secret_are_exchanged_for_a_token_once(shop, app_source):
    shop.products = [product(7)]
    assert ids(app_source.products()) == ids(app_source.products()) == ["7"]
    assert shop.exchanges == 1


def test_a_token_near_its_end_is_renewed(shop, app_source):
    shop.products, shop.lifetime = [product(7)], 3600
    assert ids(app_source.products()) == ids(app_source.products()) == ["7"]
    assert shop.exchanges == 2


def test_a_token_that_was_withdrawn_is_replaced(shop, app_source):
    shop.products = [product(7)]
    list(app_source.products())
    shop.withdrawn.add(f"{TOKEN}-1")
    assert ids(app_source.products()) == ["7"]
    assert shop.exchanges == 2


def test_a_fresh_token_that_is_refused_is_not_exchanged_again(shop, app_source):
    shop.withdrawn.update(f"{TOKEN}-{number}" for number in range(1, 9))
    for exchanges in (1, 2):
        with pytest.raises(SourceError, match="Shopify refused the key"):
            list(app_source.products())
        assert shop.exchanges == exchanges


def test_a_wrong_secret_is_one_sentence(shop):
    keys = ShopifyKeys(client_id=CLIENT_ID, client_secret="wrong-secret")
    source = ShopifySource("fern.myshopify.com", keys, address=shop.address)
    with pytest.raises(SourceError, match="Shopify gave no token for SHOPIFY_CLIENT_ID") as caught:
        list(source.products())
    assert caught.value.permanent


def test_keys_stand_in_no_message_log_or_description(shop, caplog):
    caplog.set_level(logging.DEBUG)
    shop.instead = [failed("ODD", f"The token {TOKEN} is odd."), (503, {}, ""), (401, {}, {"errors": TOKEN})]
    source = ShopifySource(
        "fern.myshopify.com", ShopifyKeys(TOKEN), address=shop.address, pause=lambda _s: None
    )
    output = []
    for _time in range(2):
        with pytest.raises(SourceError) as caught:
            list(source.products())
        output.append(f"{caught.value!r} {caught.value.__cause__!r}")
    assert "The token … is odd." in output[0]
    assert TOKEN not in "".join(output) + caplog.text + repr(vars(source)) + repr(
        ShopifyKeys(TOKEN, "a", TOKEN)
    )


def test_a_netrc_does_not_replace_the_key(shop, source, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login nobody password nothing\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    shop.products = [product(7)]
    assert ids(source.products()) == ["7"]
    assert "Authorization" not in shop.headers[-1]


# --- Through the sync --------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_vanished_is_deactivated_by_a_whole_crawl_alone(shop, source):
    shop.products = [product(number) for number in range(1, 11)]
    assert sync(source, now=NOW).created == 10
    del shop.products[3]
    assert sync(source, now=NOW, since=NOW).deactivated == 0
    report = sync(source, now=NOW)
    assert (report.deactivated, report.unchanged) == (1, 9)
    assert not Product.objects.get(product_id="shopify-4").is_active


@pytest.mark.django_db
def test_an_error_in_the_middle_keeps_what_came_before_and_deactivates_nothing(shop, source):
    shop.products = [product(number) for number in range(1, 121)]
    sync(source, now=NOW)
    shop.requests.clear()
    shop.products = [product(number, title=f"Renamed {number}") for number in range(1, 101)]
    shop.before[2] = lambda: shop.instead.extend([(500, {}, "")] * 10)
    report = sync(source, now=NOW)
    assert report.problem == "Shopify answered 500."
    assert not report.permanent
    assert (report.updated, report.deactivated) == (50, 0)
    assert Product.objects.active().count() == 120
    assert SyncRun.objects.latest("pk").state == RunState.FAILED


@pytest.mark.django_db
def test_a_run_that_was_stopped_is_completed_by_the_next(shop, source):
    shop.products = [product(number) for number in range(1, 401)]

    def stop():
        raise KeyboardInterrupt

    source._api._api._pause = lambda _seconds: stop()
    shop.before[7] = lambda: shop.instead.append(THROTTLED)
    with pytest.raises(KeyboardInterrupt):
        sync(source, now=NOW)
    assert Product.objects.count() == 250
    source._api._api._pause = lambda _seconds: None
    report = sync(source, now=NOW)
    assert (report.created, report.unchanged, report.problem) == (150, 250, "")


@pytest.mark.django_db
def test_a_picture_on_a_private_address_is_refused(shop, source):
    shop.products = [product(7, media=pictures(f"{shop.address}/7.jpg"))]
    report = sync(source, now=NOW)
    assert (report.created, report.pictures, report.picture_problems) == (1, 0, 1)
    assert "not a public one" in Product.objects.get().images.get().problem


# --- Price and stock now -----------------------------------------------------------------------


def test_one_colour_states_its_offer_of_now(shop, source):
    shop.products = [
        product(
            7, [variant(71, options=[NAVY], price="39.00"), variant(72, options=[RED], inventoryQuantity=0)]
        )
    ]
    offer = source.offer("7-navy", "7")
    assert (offer.price, offer.currency, offer.in_stock, offer.quantity) == (Decimal("39.00"), "EUR", True, 5)
    assert source.offer("7-red", "7").quantity == 0
    assert len(shop.requests) == 2


@pytest.mark.parametrize("gone", ["8", "7-green", "9"])
def test_what_is_gone_is_not_in_stock(shop, source, gone):
    shop.products = [product(7, [variant(71, options=[NAVY])]), product(9, status="ARCHIVED")]
    assert source.offer(gone, gone.partition("-")[0]) == GONE


def test_an_offer_is_asked_for_once_however_the_shop_answers(shop, source, pauses):
    shop.instead = [THROTTLED]
    with pytest.raises(SourceError, match="throttles"):
        source.offer("7", "7")
    shop.instead = [(503, {}, "")]
    with pytest.raises(SourceError, match="503"):
        source.offer("7", "7")
    assert (len(shop.requests), pauses) == (2, [])


def test_an_id_that_cannot_be_the_shops_is_not_asked_for(shop, source):
    assert source.offer("abc", "abc") is None
    assert shop.requests == []


def test_too_many_variants_for_one_answer_say_nothing(shop, source):
    shop.products = [product(7, [variant(1000 + number) for number in range(251)])]
    assert source.offer("7", "7") is None
