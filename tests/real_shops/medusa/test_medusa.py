"""The adapter and the subscriber against a running Medusa."""

from decimal import Decimal

import pytest

from catalog.offers import current_offer
from catalog.sources.base import SourceError
from catalog.sources.shops.medusa import MedusaSource
from catalog.syncing.sync import sync
from tests.factories import NOW
from tests.real_shops.following import shown

pytestmark = [pytest.mark.shops, pytest.mark.django_db(transaction=True)]

VARIANTS = [("Navy", "S", 60), ("Red", "S", 60)]


@pytest.fixture
def source(settings, medusa):
    settings.MEDUSA_URL, settings.MEDUSA_KEY, settings.MEDUSA_REGION = (
        medusa.address,
        medusa.key,
        medusa.region,
    )
    settings.MEDUSA_PRODUCT_URL = "https://fern.example/p/{handle}"
    return MedusaSource.from_settings()


@pytest.fixture(scope="module")
def others(medusa):
    """Enough other products that a deletion is no fifth of the catalogue."""
    for number in range(10):
        medusa.product(f"Other {number}", VARIANTS[:1])


@pytest.fixture
def dress(medusa, others, request):
    """A dress's id and title."""
    title = f"Dress {request.node.name}"
    return medusa.product(title, VARIANTS), title


def lower_price(medusa, number, title):
    navy = medusa.variants(number)["Navy / S"]["id"]
    price = {"amount": 48.5, "currency_code": "eur"}
    medusa.post(f"/admin/products/{number}/variants/{navy}", prices=[price])


def put_on_sale(medusa, number, title):
    price = {"amount": 48.5, "currency_code": "eur", "variant_id": medusa.variants(number)["Navy / S"]["id"]}
    sale = {"title": title, "description": title, "type": "sale", "status": "active"}
    medusa.post("/admin/price-lists", **sale, prices=[price])


def sell_out(medusa, number, title):
    medusa.stock(medusa.variants(number)["Navy / S"], 0)


def delete(medusa, number, title):
    medusa.delete(f"/admin/products/{number}")


def unpublish(medusa, number, title):
    medusa.post(f"/admin/products/{number}", status="draft")


def add_a_variant(medusa, number, title):
    medusa.new_variant(number, title, "Red", "XL", 36)


def delete_a_variant(medusa, number, title):
    medusa.delete(f"/admin/products/{number}/variants/{medusa.variants(number)['Navy / S']['id']}")


CHANGES = [
    (lower_price, lambda found: found["Navy"].price == Decimal("48.50")),
    (
        put_on_sale,
        lambda found: (found["Navy"].price, found["Navy"].list_price) == (Decimal("48.50"), Decimal(60)),
    ),
    (sell_out, lambda found: not found["Navy"].in_stock and found["Navy"].quantity == 0),
    (delete, lambda found: found == {}),
    (unpublish, lambda found: found == {}),
    (add_a_variant, lambda found: found["Red"].price == Decimal(36) and found["Red"].quantity == 10),
    (delete_a_variant, lambda found: set(found) == {"Red"}),
]
changes = pytest.mark.parametrize(
    ("change", "holds"), CHANGES, ids=[change.__name__ for change, _ in CHANGES]
)


@changes
def test_one_sync_follows(medusa, source, dress, change, holds):
    sync(source, now=NOW)
    assert not holds(shown("medusa", dress[0]))
    change(medusa, *dress)
    report = sync(source, now=NOW)
    assert report.problem == ""
    assert holds(shown("medusa", dress[0]))


@changes
def test_a_webhook_follows_within_seconds(medusa, source, dress, follower, change, holds):
    sync(source, now=NOW)
    assert not holds(shown("medusa", dress[0]))
    change(medusa, *dress)
    assert follower.awaits(lambda: holds(shown("medusa", dress[0])))


def test_a_product_is_read_with_its_colours_sizes_and_category(medusa, source):
    # The categories below are newer than this crawl.
    list(source.products())
    women = medusa.category("Women")
    dresses = medusa.category("Dresses", parent=women)
    number = medusa.product(
        "Wrap Dress",
        [("Navy", "S", 69.9), ("Navy", "M", 69.9), ("Red", "M", 72)],
        description="<p>A &amp; B</p>",
        categories=[{"id": dresses}],
        images=[{"url": "https://fern.example/1.jpg"}],
        material="Linen",
        metadata={"brand": "Fern", "erp": "0815"},
    )
    medusa.stock(medusa.variants(number)["Navy / M"], 0)
    dress, other = source.one(number)
    assert (dress.external_id, dress.item_group_id) == (f"{number}-navy", number)
    assert (dress.title, dress.description, dress.brand) == ("Wrap Dress", "A & B", "Fern")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("69.90"), None, "EUR")
    assert (dress.in_stock, dress.quantity, dress.gender) == (True, 5, "Women")
    assert (dress.category, dress.category_path) == ("Dresses", "Women > Dresses")
    assert dress.article_numbers["sku"] == ["WrapDress-Navy-S", "WrapDress-Navy-M"]
    assert dress.attributes == {"material": "Linen", "sizes": ["S"], "sold_out_sizes": ["M"]}
    assert dress.url == "https://fern.example/p/wrap-dress"
    assert dress.images == ("https://fern.example/1.jpg",)
    assert (other.colour, other.price) == ("Red", Decimal(72))


def test_colours_and_sizes_have_the_shops_own_order(medusa, source):
    variants = [(colour, size, 60) for colour in ("White", "Navy") for size in ("M", "S", "L")]
    rows = list(source.one(medusa.product("Ordered Dress", variants)))
    assert [(row.colour, row.attributes["sizes"]) for row in rows] == [
        ("White", ["M", "S", "L"]),
        ("Navy", ["M", "S", "L"]),
    ]


def test_a_draft_is_left_out(medusa, source):
    number = medusa.product("Draft Coat", VARIANTS, status="draft")
    sync(source, now=NOW)
    assert shown("medusa", number) == {}
    assert list(source.one(number)) == []


def test_what_since_gives_includes_a_new_price(medusa, source, dress):
    sync(source, now=NOW)
    lower_price(medusa, *dress)
    sync(source, now=NOW, since=NOW.replace(year=NOW.year + 10))
    assert shown("medusa", dress[0])["Navy"].price == Decimal("48.50")


def test_the_offer_of_now_is_the_shops(medusa, source, dress):
    sync(source, now=NOW)
    sell_out(medusa, *dress)
    stated = current_offer(shown("medusa", dress[0])["Navy"], now=NOW)
    assert (stated.is_live, stated.offer.in_stock, stated.offer.price) == (True, False, Decimal(60))


def test_the_doctor_learns_how_many_products_there_are(source, dress):
    assert source.check(now=NOW).endswith(" published products.")


def test_a_wrong_key_or_region_is_refused_in_one_sentence(medusa):
    with pytest.raises(SourceError, match="Medusa") as caught:
        MedusaSource(medusa.address, "pk_wrong_0123456789", medusa.region).check(now=NOW)
    assert caught.value.permanent
    assert "pk_wrong" not in str(caught.value)
    with pytest.raises(SourceError, match="Medusa") as caught:
        MedusaSource(medusa.address, medusa.key, "reg_none").check(now=NOW)
    assert caught.value.permanent
