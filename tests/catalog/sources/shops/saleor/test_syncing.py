"""Pages, errors, a crawl through the sync, the offer of now, and what ``manage.py doctor`` learns."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.sources.base import SourceError
from catalog.sources.registry import shop_named
from catalog.sources.shops.saleor.adapter import SaleorSource
from catalog.sources.variants import GONE
from catalog.syncing.sync import sync
from tests.catalog.fakes.fake_saleor import CHANNEL, TOKEN, attribute, gid, product, variant
from tests.catalog.fakes.shops import ids
from tests.factories import NOW

NAVY, RED = attribute("Colour", "Navy"), attribute("Colour", "Red")


def answered(edges, cursor):
    page = {"hasNextPage": True, "endCursor": cursor}
    data = {"channel": {"slug": CHANNEL}, "products": {"edges": edges, "pageInfo": page}}
    return 200, {}, {"data": data}


# --- Pages ---------------------------------------------------------------------------------------


def test_every_page_is_read_once_in_the_order_of_creation(shop, source):
    shop.products = [product(number) for number in range(120, 0, -1)]
    assert ids(source.products()) == [gid(number) for number in range(1, 121)]
    assert [request["variables"]["after"] for request in shop.requests] == [None, "50", "100"]


def test_an_empty_channel_has_no_products(shop, source):
    assert list(source.products()) == []


def test_what_is_deleted_while_it_is_read_moves_nothing_over_a_pages_edge(shop, source):
    shop.products = [product(number) for number in range(1, 121)]
    shop.before[2] = lambda: shop.products.__delitem__(slice(40, 50))
    assert ids(source.products()) == [gid(number) for number in range(1, 121)]


@pytest.mark.parametrize("cursors", [["a", "a"], ["a", "b", "a"], [None]])
def test_pages_that_repeat_themselves_are_no_whole_catalogue(shop, source, cursors):
    shop.instead = [answered([], cursor) for cursor in cursors]
    with pytest.raises(SourceError, match="repeat themselves") as caught:
        list(source.products())
    assert not caught.value.permanent
    assert len(shop.requests) == len(cursors)


@pytest.mark.parametrize("products", [None, {}, {"edges": [None], "pageInfo": {"hasNextPage": False}}])
def test_a_list_in_another_form_is_the_shops_error(shop, source, products):
    shop.instead = [(200, {}, {"data": {"channel": {"slug": CHANNEL}, "products": products}})]
    with pytest.raises(SourceError, match="Saleor's answer cannot be read"):
        list(source.products())


def test_what_shoppers_do_not_see_is_not_read(shop, source):
    shop.products = [product(7), product(8, isPublished=False), product(9, isVisibleInListing=False)]
    assert ids(source.products()) == [gid(7)]
    assert [list(source.one(gid(number))) for number in (8, 9)] == [[], []]


def test_since_asks_for_what_was_updated_in_utc(shop, source):
    shop.products = [product(7), product(8, updatedAt="2026-05-04T12:00:00+00:00")]
    since = datetime.fromisoformat("2026-05-04T14:00:00+02:00")
    assert ids(source.products(since=since)) == [gid(8)]


# --- Errors and keys -----------------------------------------------------------------------------


def test_a_throttled_page_is_asked_for_again_when_saleor_says(shop, source, pauses):
    shop.products = [product(7)]
    shop.instead = [(429, {"Retry-After": "20"}, "")]
    assert ids(source.products()) == [gid(7)]
    assert pauses == [20]


def test_an_unknown_channel_is_no_empty_shop(shop):
    source = SaleorSource(f"{shop.address}/graphql/", "uk")
    for ask in (lambda: list(source.products()), lambda: source.offer(gid(7), gid(7))):
        with pytest.raises(SourceError, match="SALEOR_CHANNEL is not the slug of an active channel"):
            ask()


def test_without_a_token_none_is_sent(shop, source):
    list(source.products())
    assert shop.authorizations == [None]


def test_a_shop_closed_to_the_public_answers_to_its_app(shop, source, settings):
    shop.products, shop.is_closed = [product(7)], True
    with pytest.raises(SourceError, match="Saleor refused the key"):
        list(source.products())
    settings.SALEOR_URL, settings.SALEOR_CHANNEL = f"{shop.address}/graphql/", CHANNEL
    settings.SALEOR_TOKEN = TOKEN
    assert ids(shop_named("saleor").products()) == [gid(7)]


# --- Through the sync ----------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_vanished_is_deactivated_by_a_whole_crawl_alone(shop, source):
    shop.products = [product(number) for number in range(1, 11)]
    assert sync(source, now=NOW).created == 10
    del shop.products[3]
    assert sync(source, now=NOW, since=datetime(2026, 5, 2, tzinfo=UTC)).deactivated == 0
    report = sync(source, now=NOW)
    assert (report.deactivated, report.unchanged) == (1, 9)
    assert not Product.objects.get(product_id=f"saleor-{gid(4)}").is_active


@pytest.mark.django_db
def test_an_error_in_the_middle_deactivates_nothing(shop, source):
    shop.products = [product(number) for number in range(1, 61)]
    sync(source, now=NOW)
    shop.products = shop.products[:55]
    shop.requests.clear()
    shop.before[2] = lambda: shop.instead.extend([(500, {}, "")] * 10)
    report = sync(source, now=NOW)
    assert (report.problem, report.deactivated) == ("Saleor answered 500.", 0)
    assert Product.objects.active().count() == 60


# --- Price and stock now -------------------------------------------------------------------------


def test_one_colour_states_its_offer_of_now(shop, source):
    shop.products = [
        product(7, variant("A", NAVY, price=39.0, before=49.0), variant("B", RED, quantityAvailable=0))
    ]
    offer = source.offer(f"{gid(7)}-navy", gid(7))
    assert (offer.price, offer.list_price, offer.currency) == (Decimal("39.00"), Decimal("49.00"), "EUR")
    assert (offer.in_stock, offer.quantity) == (True, 5)
    assert not source.offer(f"{gid(7)}-red", gid(7)).in_stock
    assert len(shop.requests) == 2


def test_an_id_that_ends_in_equals_signs_is_asked_for_as_it_is(shop, source):
    shop.products = [product(72, variant("A", NAVY, price=39.0))]
    assert gid(72).endswith("==")
    assert source.offer(f"{gid(72)}-navy", gid(72)).price == Decimal("39.00")


@pytest.mark.parametrize(("number", "colour"), [(8, ""), (7, "-green"), (9, "")])
def test_what_is_gone_is_not_in_stock(shop, source, number, colour):
    shop.products = [product(7, variant("A", NAVY)), product(9, isPublished=False)]
    assert source.offer(f"{gid(number)}{colour}", gid(number)) == GONE


def test_an_offer_is_asked_for_once_however_the_shop_answers(shop, source, pauses):
    shop.instead = [(503, {}, "")] * 5
    with pytest.raises(SourceError, match="503"):
        source.offer(gid(7), gid(7))
    assert (len(shop.requests), pauses) == (1, [])


def test_an_id_that_cannot_be_the_shops_is_not_asked_for(shop, source):
    assert source.offer("two words", "two words") == GONE
    assert shop.requests == []


# --- The doctor ----------------------------------------------------------------------------------


def test_the_doctor_learns_the_shops_name_and_how_much_it_shows(shop, source):
    shop.products = [product(7), product(8), product(9, isPublished=False)]
    assert source.check(now=NOW) == "Fern lists 2 products in default-channel."


def test_the_doctor_asks_once(shop, source):
    shop.instead = [(503, {}, "")] * 5
    with pytest.raises(SourceError, match="Saleor answered 503"):
        source.check(now=NOW)
    assert len(shop.requests) == 1
