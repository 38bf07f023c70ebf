"""The adapter and the plugin against a running Vendure."""

from decimal import Decimal

import pytest

from catalog.models import Product
from catalog.offers import current_offer
from catalog.sources.base import SourceError
from catalog.sources.shops.vendure import VendureSource
from catalog.syncing.sync import sync
from tests.factories import NOW
from tests.real_shops.following import shown
from tests.real_shops.vendure.shop import (
    DELETE,
    DELETE_VARIANT,
    OPTION,
    UPDATE,
    UPDATE_VARIANTS,
    translated,
)

pytestmark = [pytest.mark.shops, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def source(settings, vendure):
    settings.VENDURE_URL = vendure.api
    settings.VENDURE_PRODUCT_URL = "https://fern.example/p/{slug}"
    return VendureSource.from_settings()


@pytest.fixture(scope="module")
def others(vendure):
    """Enough other products that a deletion is no fifth of the catalogue."""
    for number in range(6):
        vendure.dress(f"Other {number}")


@pytest.fixture
def dress(vendure, others, request):
    return vendure.dress(f"Dress {request.node.name}")


def lower_price(vendure, number, navy):
    vendure.ask(UPDATE_VARIANTS, input=[{"id": navy, "price": 4000}])


def sell_out(vendure, number, navy):
    vendure.ask(UPDATE_VARIANTS, input=[{"id": navy, "stockOnHand": 0}])


def delete(vendure, number, navy):
    vendure.ask(DELETE, id=number)


def unpublish(vendure, number, navy):
    vendure.ask(UPDATE, input={"id": number, "enabled": False})


def add_a_variant(vendure, number, navy):
    vendure.variant(number, "new", vendure.options["colour"]["red"], vendure.options["size"]["m"], price=3000)


def delete_a_variant(vendure, number, navy):
    vendure.ask(DELETE_VARIANT, id=navy)


def disable_a_variant(vendure, number, navy):
    vendure.ask(UPDATE_VARIANTS, input=[{"id": navy, "enabled": False}])


def rename_a_colour(vendure, number, navy):
    option = {"id": vendure.options["colour"]["navy"], "translations": translated("Midnight")}
    vendure.ask(OPTION, input=option)


CHANGES = [
    (lower_price, lambda found: found["Navy"].price == Decimal(48)),
    (sell_out, lambda found: not found["Navy"].in_stock),
    (delete, lambda found: found == {}),
    (unpublish, lambda found: found == {}),
    (add_a_variant, lambda found: found["Red"].price == Decimal(36) and found["Red"].sizes == ["S", "M"]),
    (delete_a_variant, lambda found: set(found) == {"Red"}),
    (disable_a_variant, lambda found: set(found) == {"Red"}),
    (rename_a_colour, lambda found: set(found) == {"Midnight", "Red"}),
]
changes = pytest.mark.parametrize(
    ("change", "holds"), CHANGES, ids=[change.__name__ for change, _ in CHANGES]
)


@changes
def test_one_sync_follows(vendure, source, dress, change, holds):
    sync(source, now=NOW)
    assert not holds(shown("vendure", dress[0]))
    change(vendure, *dress)
    report = sync(source, now=NOW)
    assert report.problem == ""
    assert holds(shown("vendure", dress[0]))


@changes
def test_a_webhook_follows_within_seconds(vendure, source, dress, follower, change, holds):
    sync(source, now=NOW)
    assert not holds(shown("vendure", dress[0]))
    change(vendure, *dress)
    assert follower.awaits(lambda: holds(shown("vendure", dress[0])))


def test_a_product_is_read_with_its_colours_sizes_pictures_and_category(vendure, source):
    navy, red, both = vendure.picture("navy"), vendure.picture("red"), vendure.picture("gray")
    number = vendure.product("Wrap Dress", pictures=[both], Color=["Navy", "Red"], Size=["S", "M"])
    colours, sizes = vendure.options["Color"], vendure.options["Size"]
    vendure.variant(number, "WD-N-S", colours["navy"], sizes["s"], price=5825, pictures=[navy])
    vendure.variant(number, "WD-N-M", colours["navy"], sizes["m"], price=5825, stock=0, pictures=[navy])
    vendure.variant(number, "WD-R-M", colours["red"], sizes["m"], price=6000, pictures=[red])
    dress, other = source.one(number)
    assert (dress.external_id, dress.item_group_id) == (f"{number}-navy", number)
    assert (dress.title, dress.description) == ("Wrap Dress", "Wrap Dress & co")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("69.90"), None, "EUR")
    assert (dress.in_stock, dress.quantity) == (True, None)
    assert dress.attributes == {"sizes": ["S"], "sold_out_sizes": ["M"]}
    assert dress.article_numbers == {"sku": ["WD-N-S", "WD-N-M"]}
    assert dress.url == "https://fern.example/p/wrap-dress"
    assert ["navy" in dress.images[0], "gray" in dress.images[1], len(dress.images)] == [True, True, 2]
    assert (other.colour, other.price) == ("Red", Decimal(72))
    assert sync(source, now=NOW).picture_problems == 0
    assert Product.objects.get(external_id=f"{number}-navy").cover is not None


def test_a_category_is_the_deepest_collection_and_follows_by_webhook(vendure, source, dress, follower):
    sync(source, now=NOW)
    women = vendure.collection("Women", dress[0])
    vendure.collection("Dresses", dress[0], parent=women)

    def holds():
        navy = shown("vendure", dress[0])["Navy"]
        return (navy.category_path, navy.category, navy.gender) == ("Women > Dresses", "Dresses", "Women")

    assert follower.awaits(holds)


def test_a_disabled_product_is_left_out(vendure, source):
    number, _navy = vendure.dress("Draft Coat", enabled=False)
    sync(source, now=NOW)
    assert shown("vendure", number) == {}
    assert list(source.one(number)) == []


def test_what_since_gives_includes_a_new_price(vendure, source, dress):
    sync(source, now=NOW)
    lower_price(vendure, *dress)
    sync(source, now=NOW, since=NOW.replace(year=NOW.year + 10))
    assert shown("vendure", dress[0])["Navy"].price == Decimal(48)


def test_the_offer_of_now_is_the_shops(vendure, source, dress):
    sync(source, now=NOW)
    sell_out(vendure, *dress)
    stated = current_offer(shown("vendure", dress[0])["Navy"], now=NOW)
    assert (stated.is_live, stated.offer.in_stock, stated.offer.price) == (True, False, Decimal(60))


def test_the_doctor_learns_how_many_products_there_are(source, dress):
    assert source.check(now=NOW).endswith(" enabled products.")


def test_a_channel_that_does_not_exist_is_refused(vendure):
    vendure.second_channel()
    with pytest.raises(SourceError, match="Vendure refused the query") as caught:
        VendureSource(vendure.api, channel="no-such-token").check(now=NOW)
    assert caught.value.permanent
    assert "no-such-token" not in str(caught.value)


def test_an_address_without_a_shop_api_is_named(vendure):
    with pytest.raises(SourceError, match="no Vendure API under VENDURE_URL"):
        VendureSource(f"{vendure.api}-elsewhere").check(now=NOW)
