"""What a Magento shop's products become, and how they are paged."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from catalog.sources.base import Rejected, SourceError
from catalog.sources.shops import magento_api
from catalog.sources.shops.magento import MagentoSource
from catalog.sources.variants import GONE
from tests.catalog.fakes.fake_magento import TOKEN, child, product
from tests.catalog.fakes.shops import ids
from tests.factories import NOW

NAVY, RED, SMALL, MEDIUM = "49", "50", "60", "61"


# --- What is mapped to what --------------------------------------------------------------------


def test_a_simple_product_is_one_product(shop, source):
    stated = {"manufacturer": "7", "fabric": "70,71", "erp_note": "secret", "ean": "4006381333931"}
    pictures = [("/d/r/back.jpg",), ("/d/r/front.jpg", "image", "small_image")]
    shop.products = [product(7, attributes=stated, pictures=pictures)]
    shop.stock = {"LD-7": {"berlin": 3.0, "elsewhere": 9.0}}
    (dress,) = source.products()
    assert (dress.external_id, dress.title, dress.item_group_id) == ("7", "Linen Dress 7", "")
    assert (dress.price, dress.list_price, dress.currency) == (Decimal("59.50"), None, "EUR")
    assert (dress.in_stock, dress.quantity) == (True, 3)
    assert (dress.brand, dress.gender, dress.description) == ("Fern", "Women", "Light & airy.")
    assert (dress.category, dress.category_path) == ("Dresses", "Women > Dresses")
    assert dress.url == "https://fern.example/linen-dress-7.html"
    assert dress.images == (
        "https://fern.example/media/catalog/product/d/r/front.jpg",
        "https://fern.example/media/catalog/product/d/r/back.jpg",
    )
    assert dress.attributes == {"fabric": ["Linen", "Silk"]}
    assert dress.article_numbers == {"sku": ["LD-7"], "gtin": ["4006381333931"]}


def test_each_colour_of_a_configurable_product_is_a_product_with_its_childrens_prices_and_stock(shop, source):
    shop.products = [
        product(7, children=(71, 72, 73), price=0, pictures=[("/both.jpg", "image")]),
        child(71, NAVY, SMALL, price=60, pictures=[("/navy.jpg", "image")]),
        child(72, NAVY, MEDIUM, price=50),
        child(73, RED, MEDIUM, price=70),
    ]
    shop.stock = {"LD-71": {"berlin": 2}, "LD-73": {"berlin": 4}}
    shop.unsalable = {"LD-72"}
    navy, red = source.products()
    assert (ids([navy, red]), navy.item_group_id) == (["7-navy", "7-red"], "7")
    assert (navy.colour, navy.price, navy.quantity, red.price) == ("Navy", Decimal(60), 2, Decimal(70))
    assert navy.attributes == {"sizes": ["S"], "sold_out_sizes": ["M"]}
    assert navy.article_numbers == {"sku": ["LD-71", "LD-72"]}
    assert [picture.rpartition("/")[2] for picture in navy.images] == ["navy.jpg", "both.jpg"]
    assert [picture.rpartition("/")[2] for picture in red.images] == ["both.jpg"]


def test_a_configurable_product_that_is_out_of_stock_as_a_whole_has_no_child_in_stock(shop, source):
    shop.products = [product(7, children=(71,), price=0), child(71, NAVY, SMALL)]
    shop.stock, shop.unsalable = {"LD-71": {"berlin": 2}}, {"LD-7"}
    (navy,) = source.products()
    assert (navy.in_stock, navy.quantity) == (False, 0)
    assert not source.offer("7-navy", "7").in_stock


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [
        (None, None, True),
        ("2026-05-04 00:00:00", "2026-05-04 00:00:00", True),
        ("2026-05-05 00:00:00", None, False),
        (None, "2026-05-03 00:00:00", False),
    ],
)
def test_a_special_price_counts_between_its_days(shop, source, begins, ends, counts):
    special = {"special_price": "40.0000", "special_from_date": begins, "special_to_date": ends}
    shop.products = [product(7, attributes=special)]
    (dress,) = source.products()
    expected = (Decimal(40), Decimal("59.50")) if counts else (Decimal("59.50"), None)
    assert (dress.price, dress.list_price) == expected


def test_a_special_prices_day_is_the_stores(shop, source, clock):
    clock.now = datetime(2026, 5, 4, 22, 30, tzinfo=UTC)
    shop.products = [product(7, attributes={"special_price": "40", "special_to_date": "2026-05-04 00:00:00"})]
    (dress,) = source.products()
    assert dress.price == Decimal("59.50")


def test_what_can_be_bought_without_stock_has_no_number(shop, source):
    shop.products = [product(7)]
    (dress,) = source.products()
    assert (dress.in_stock, dress.quantity) == (True, None)


@pytest.mark.parametrize("hidden", [{"status": 2}, {"visibility": 1}, {"websites": (2,)}])
def test_what_the_store_does_not_show_is_left_out(shop, source, hidden):
    shop.products = [product(7, **hidden), product(8)]
    assert ids(source.products()) == ["8"]


@pytest.mark.parametrize("elsewhere", [{"status": 2}, {"websites": (2,)}])
def test_a_child_that_the_store_does_not_sell_is_left_out(shop, source, elsewhere):
    shop.products = [
        product(7, children=(71, 72)),
        child(71, NAVY, SMALL, **elsewhere),
        child(72, RED, SMALL),
    ]
    assert ids(source.products()) == ["7-red"]


def test_a_bundle_has_no_price_of_its_own(shop, source):
    shop.products = [product(7, type_id="bundle", price=0)]
    (outfit,) = source.products()
    assert (outfit.price, outfit.currency) == (None, "")


def test_a_bad_product_costs_itself(shop, source):
    shop.products = [product(7, name=""), product(8, custom_attributes=[3]), product(9)]
    rows = list(source.products())
    assert ids(rows) == ["7", "8", "9"]
    assert [isinstance(row, Rejected) for row in rows] == [True, True, False]


# --- Pages, stock in batches -------------------------------------------------------------------


def test_every_page_is_read_once_though_one_past_the_end_repeats_the_last(shop, source, monkeypatch):
    monkeypatch.setattr(magento_api, "PAGE", 2)
    shop.products = [product(number) for number in range(1, 6)]
    assert ids(source.products()) == ["1", "2", "3", "4", "5"]
    assert len([path for path, _params in shop.requests if path.endswith("/V1/products/attributes")]) == 3


def test_a_deletion_meanwhile_loses_no_other_product(shop, source, monkeypatch):
    monkeypatch.setattr(magento_api, "PAGE", 2)
    shop.products = [product(number) for number in range(1, 7)]
    rows = source.products()
    assert next(rows).external_id == "1"
    del shop.products[0]
    assert ids(rows) == ["2", "3", "4", "5", "6"]


EMPTY = (200, {}, {"items": None, "total_count": 3})


def test_an_empty_page_behind_a_full_one_is_no_end(shop, source, monkeypatch):
    monkeypatch.setattr(magento_api, "PAGE", 2)
    shop.products = [product(number) for number in range(1, 6)]
    rows = source.products()
    assert [next(rows).external_id, next(rows).external_id] == ["1", "2"]
    shop.instead = [EMPTY]
    with pytest.raises(SourceError, match="products with an empty page before the last") as caught:
        next(rows)
    assert not caught.value.permanent


def test_nor_is_it_where_attributes_are_listed(shop, source, monkeypatch):
    monkeypatch.setattr(magento_api, "PAGE", 2)
    page = source._api.page

    def first_page_alone(*arguments, **options):
        return ([], 6) if options.get("page", 1) > 1 else page(*arguments, **options)

    monkeypatch.setattr(source._api, "page", first_page_alone)
    with pytest.raises(SourceError, match="products/attributes with an empty page before the last"):
        next(source.products())


def test_what_is_counted_and_not_listed_is_no_break(shop, source, monkeypatch):
    shop.products = [product(1)]
    page = source._api.page
    monkeypatch.setattr(
        source._api, "page", lambda *arguments, **options: (page(*arguments, **options)[0], 9)
    )
    assert ids(source.products()) == ["1"]


def test_stock_is_asked_for_in_batches_also_for_names_with_commas(shop, source):
    shop.products = [product(number, sku=f"LD,{number}") for number in range(1, 61)]
    shop.stock = {"LD,60": {"berlin": 5}}
    assert list(source.products())[-1].quantity == 5
    assert len([path for path, _params in shop.requests if "are-products-salable" in path]) == 3


# --- Single products, errors -------------------------------------------------------------------


def test_the_offer_of_now_is_that_of_one_product(shop, source):
    shop.products = [product(7), product(8, price=20)]
    shop.stock = {"LD-8": {"berlin": 1}}
    assert (source.offer("8", "8").price, source.offer("8", "8").quantity) == (Decimal(20), 1)
    shop.products = []
    assert source.offer("8", "8") == GONE
    assert source.offer("8", "../8") == GONE


def test_a_colour_that_is_newer_than_the_labels_read_is_not_gone(shop, source):
    shop.products = [product(7, children=(71,)), child(71, NAVY, SMALL)]
    assert source.offer("7-navy", "7").in_stock
    shop.products = [product(7, children=(71, 72)), child(71, NAVY, SMALL), child(72, "51", SMALL)]
    assert source.offer("7-teal", "7") is None
    shop.products = shop.products[:2]
    assert source.offer("7-teal", "7") == GONE


def test_the_doctor_learns_how_many_products_are_visible(shop, source):
    shop.products = [product(7), child(71, NAVY, SMALL)]
    assert source.check(now=NOW) == "1 visible products."


@pytest.mark.parametrize(
    ("token", "store", "sentence"),
    [
        ("another", "default", r"Magento refused the key \(401\)"),
        (TOKEN, "nowhere", "MAGENTO_URL and MAGENTO_STORE"),
    ],
)
def test_what_another_try_cannot_fix_is_one_sentence(shop, token, store, sentence):
    if store == "nowhere":
        shop.usual = lambda request: (404, {}, {"message": "Specified request cannot be processed."})
    with pytest.raises(SourceError, match=sentence) as caught:
        MagentoSource(shop.address, token, store=store).check(now=NOW)
    assert caught.value.permanent
    assert token not in str(caught.value)
