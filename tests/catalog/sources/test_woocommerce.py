import logging
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from catalog import tasks
from catalog.models import Product
from catalog.sources.base import Rejected, SourceError, SourceProduct
from catalog.sources.variants import GONE
from catalog.sources.woocommerce import WooCommerceSource
from catalog.syncing.sync import sync
from tests.catalog.fake_woocommerce import KEY, SECRET, FakeWooCommerce, attribute, image, product, variation
from tests.catalog.shops import serving
from tests.factories import NOW

PROJECT = Path(__file__).resolve().parents[3]
NAVY, RED = ("Color", "navy"), ("Color", "Red")
SMALL, MEDIUM = ("Size", "S"), ("Size", "M")


@pytest.fixture
def shop(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with serving(FakeWooCommerce()) as shop:
        yield shop


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(shop, pauses):
    return WooCommerceSource(shop.address, KEY, SECRET, pause=pauses.append)


def ids(rows):
    return [row.external_id for row in rows]


def variable(number, variations, shop, **stated):
    shop.variations[number] = variations
    attributes = [
        attribute("Color", "navy", "Red", variation=True),
        attribute("Size", "S", "M", variation=True),
        attribute("Material", "Linen"),
    ]
    return product(number, type="variable", **({"attributes": attributes} | stated))


# --- What is mapped to what --------------------------------------------------------------------


def test_a_simple_product_is_one_product(shop, source):
    shop.products = [
        product(
            7,
            name="Caf&eacute; Dress",
            price="39.5",
            regular_price="59",
            attributes=[
                attribute("Colour", "navy"),
                attribute("Size", "S", "M"),
                attribute("Gender", "female"),
                attribute("Material", "Linen"),
            ],
            images=[image("https://fern.example/7.jpg"), image("https://fern.example/7b.jpg")],
        )
    ]
    (dress,) = source.products()
    assert (dress.external_id, dress.title, dress.item_group_id) == ("7", "Café Dress", "")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("39.50"), Decimal("59.00"), "EUR")
    assert (dress.in_stock, dress.quantity) == (True, 5)
    assert (dress.brand, dress.colour, dress.gender) == ("Fern", "Navy", "Women")
    assert (dress.category, dress.category_path) == ("Dresses", "Women > Dresses")
    assert dress.url == "https://fern.example/product/7/"
    assert dress.images == ("https://fern.example/7.jpg", "https://fern.example/7b.jpg")
    assert dress.attributes == {"material": "Linen", "tags": "linen", "sizes": ["S", "M"]}


def test_each_colour_of_a_variable_product_is_a_product_of_one_style(shop, source):
    variations = [
        variation(71, [NAVY, SMALL], image=image("https://fern.example/n.jpg")),
        variation(72, [NAVY, MEDIUM], stock_status="outofstock", stock_quantity=-1),
        variation(73, [RED, SMALL], price="49.00", image=image("https://fern.example/r.jpg")),
    ]
    gallery = [image("https://fern.example/r.jpg"), image("https://fern.example/both.jpg")]
    shop.products = [variable(7, variations, shop, images=gallery)]
    navy, red = source.products()
    assert ids([navy, red]) == ["7-navy", "7-red"]
    assert navy.item_group_id == red.item_group_id == "7"
    assert (navy.colour, navy.quantity, navy.price) == ("Navy", 2, Decimal("59.00"))
    assert (red.list_price, red.price) == (Decimal("59.00"), Decimal("49.00"))
    assert navy.images == ("https://fern.example/n.jpg", "https://fern.example/both.jpg")
    assert navy.attributes == {
        "material": "Linen",
        "tags": "linen",
        "sizes": ["S"],
        "sold_out_sizes": ["M"],
    }
    assert red.url == "https://fern.example/product/7/?variation=73"


def test_variations_for_any_colour_are_one_product_with_all_of_them(shop, source):
    shop.products = [variable(7, [variation(71, [SMALL]), variation(72, [MEDIUM])], shop)]
    (dress,) = source.products()
    assert (dress.external_id, dress.colour, dress.quantity) == ("7", "navy/Red", 4)
    assert dress.attributes["sizes"] == ["S", "M"]


def test_one_stock_for_all_variations_is_claimed_by_none(shop, source):
    shop.products = [variable(7, [variation(71, [NAVY], manage_stock="parent", stock_quantity=9)], shop)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


def test_a_variable_product_without_variations_cannot_be_bought(shop, source):
    shop.products = [variable(7, [], shop), variable(8, [variation(81, [NAVY], status="private")], shop)]
    assert ids(source.products()) == []


def test_on_backorder_is_not_in_stock_as_in_feeds(shop, source):
    shop.products = [product(7, stock_status="onbackorder", manage_stock=False, stock_quantity=None)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (False, None)


def test_a_product_without_a_price_has_no_currency(shop, source):
    shop.products = [product(7, price="", regular_price="")]
    (dress,) = source.products()
    assert (dress.price, dress.list_price, dress.currency) == (None, None, "")


def test_a_price_with_three_decimals_is_not_taken_for_thousands(shop, source):
    shop.products = [product(7, price="12.500", regular_price="12.500")]
    (dress,) = source.products()
    assert dress.price == Decimal("12.50")


@pytest.mark.parametrize("hidden", [{"status": "draft"}, {"catalog_visibility": "hidden"}])
def test_what_the_shop_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


def test_a_shop_without_brands_or_categories_states_neither(shop, source):
    older = product(7, categories=[{"id": 15, "name": "Uncategorized", "slug": "uncategorized"}])
    del older["brands"]
    shop.products = [older]
    (dress,) = source.products()
    assert (dress.brand, dress.category) == ("", "")


# --- Rejected rows -----------------------------------------------------------------------------


def test_a_bad_product_costs_itself_and_is_named(shop, source):
    variations = [variation(71, [NAVY], price="free"), variation(72, [RED])]
    shop.products = [product(6, name=""), variable(7, variations, shop), product(8), product(9, images=[3])]
    rows = list(source.products())
    assert ids(rows) == ["6", "7-navy", "7-red", "8", "9"]
    problems = {row.external_id: row.problem for row in rows if isinstance(row, Rejected)}
    assert problems["6"] == "the title is missing"
    assert problems["7-navy"] == "the price 'free' is not a number"
    assert problems["9"].startswith("WooCommerce's answer is not understood")


# --- Paging ------------------------------------------------------------------------------------


def pages_of(shop, wanted="products"):
    return [params["page"] for path, params in shop.requests if path == wanted]


def test_every_page_is_read_once_in_the_order_of_the_ids(shop, source):
    shop.products = [product(number) for number in range(250, 0, -1)]
    assert ids(source.products()) == [str(number) for number in range(1, 251)]
    assert pages_of(shop) == ["1", "2", "3"]


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
    assert pages_of(shop) == ["1", "2", "1", "2", "3"]


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


# --- Through the sync --------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_vanished_is_deactivated_by_a_whole_crawl_alone(shop, source):
    shop.products = [product(number) for number in range(1, 11)]
    assert sync(source, now=NOW).created == 10
    del shop.products[3]
    assert sync(source, now=NOW, since=NOW).deactivated == 0
    assert sync(source, now=NOW).deactivated == 1
    assert not Product.objects.get(product_id="woocommerce-4").is_active


@pytest.mark.django_db
def test_an_error_in_the_middle_keeps_what_came_before_and_deactivates_nothing(shop, source):
    shop.products = [product(number) for number in range(1, 251)]
    sync(source, now=NOW)
    shop.requests.clear()
    shop.products = [product(number, name=f"Renamed {number}") for number in range(1, 201)]
    shop.before[4] = lambda: shop.instead.extend([(500, {}, "")] * 10)
    report = sync(source, now=NOW)
    assert (report.problem, report.permanent) == ("WooCommerce answered 500.", False)
    assert (report.updated, report.deactivated) == (100, 0)


@pytest.mark.django_db
def test_a_picture_on_a_private_address_is_refused_though_the_shop_may_have_one(shop, source):
    shop.products = [product(7, images=[image(f"{shop.address}/7.jpg")])]
    report = sync(source, now=NOW)
    assert (report.created, report.picture_problems) == (1, 1)
    assert "not a public one" in Product.objects.get().images.get().problem


# --- Price and stock now -----------------------------------------------------------------------


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


# --- The command -------------------------------------------------------------------------------


@pytest.fixture
def known(shop, settings):
    settings.CATALOGUE_SOURCES = {}
    settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET = (
        shop.address,
        KEY,
        SECRET,
    )
    return shop


@pytest.mark.django_db
def test_the_command_syncs_the_shop_by_name_or_with_all_sources(known, capsys):
    known.products = [product(7), product(8, name=""), product(9, date_modified_gmt="2026-05-04T12:30:00")]
    call_command("sync", "--source", "woocommerce")
    output = capsys.readouterr()
    assert "woocommerce: 3 seen, 2 changed (2 new, 0 updated, 0 deactivated)" in output.out
    assert output.err == "woocommerce: rejected line 2 (8): the title is missing\n"
    call_command("sync", "--full")
    assert "woocommerce: 3 seen, 0 changed" in capsys.readouterr().out
    call_command("sync", "--source", "woocommerce", "--since", "2026-05-04T12:00")
    assert "woocommerce: 1 seen, 0 changed" in capsys.readouterr().out


@pytest.mark.django_db
def test_the_hourly_task_syncs_the_shop(known):
    known.products = [product(7)]
    tasks.sync()
    assert Product.objects.get().product_id == "woocommerce-7"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["--source", "shopify"],
            "SHOPIFY_SHOP and the keys that go with it are not set. docs/shops.md says",
        ),
        (["--source", "woocommerce"], "WOOCOMMERCE_URL, WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET are not set."),
    ],
)
def test_what_is_missing_is_one_clear_sentence(arguments, sentence):
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("sync", *arguments)


@pytest.mark.usefixtures("known")
def test_a_feed_cannot_take_the_name_of_a_shop_that_is_set():
    with pytest.raises(CommandError, match="'woocommerce' is the name of a shop's API"):
        call_command("sync", "--source", "woocommerce", "--file", "feed.csv")


def test_a_task_for_a_shop_that_is_no_longer_set_says_so(caplog):
    tasks.sync("shopify")
    assert "The settings know no source shopify any more." in caplog.text


@pytest.mark.slow
def test_a_killed_sync_is_completed_by_the_next(shop, tmp_path):
    shop.products = [product(number) for number in range(1, 1201)]
    environment = {
        **os.environ,
        "DATA_DIR": str(tmp_path / "var"),
        "DATABASE_URL": "",
        "ALLOW_PRIVATE_FEEDS": "on",
        "WOOCOMMERCE_URL": shop.address,
        "WOOCOMMERCE_KEY": KEY,
        "WOOCOMMERCE_SECRET": SECRET,
    }

    def manage(*arguments):
        return subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments],
            cwd=PROJECT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def written():
        with closing(sqlite3.connect(tmp_path / "var" / "db.sqlite3")) as database:
            return database.execute("SELECT count(*) FROM products").fetchone()[0]

    manage("migrate", "-v0", "--skip-checks").communicate(timeout=120)
    # The shop falls silent in the middle, so that the kill finds the crawl there.
    shop.before[10] = lambda: time.sleep(30)
    killed = manage("sync", "--source", "woocommerce")
    deadline = time.monotonic() + 60
    while written() == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
    killed.send_signal(signal.SIGKILL)
    killed.communicate(timeout=60)
    before = written()
    assert 0 < before < 1200
    completed = manage("sync", "--source", "woocommerce")
    output, problems = completed.communicate(timeout=120)
    assert completed.returncode == 0, problems
    assert f"{1200 - before:,} new" in output
    assert f"{before:,} unchanged" in output
    assert SECRET not in output + problems
