"""What shops' own exports and people's spreadsheets say in ways of their own."""

import io
import json
import zipfile
from decimal import Decimal

import pytest

from catalog.sources.base import SourceError
from catalog.sources.feeds.values.stock import read_availability, read_quantity

SHOPIFY = {"Handle": "coat", "Title": "Coat", "Option1 Name": "Title", "Variant Price": "59.00"}
PRESTA = {"Product ID": "1", "Active (0/1)": "1", "Name": "Shirt", "Price tax included": "50.00"}
SPACE = "Product ID [Non Editable]"


def row(**cells):
    return {"id": "1", "title": "Dress", "price": "100.00", **cells}


@pytest.mark.parametrize("word", ["FALSCH", "FAUX", "FALSO", "ONWAAR", "FAŁSZ", "FALSKT", "Nee", "não"])
def test_a_no_in_the_language_of_a_spreadsheet_hides(export, word):
    products, skipped, *_ = export({**SHOPIFY, "Published": word}, {**SHOPIFY, "Handle": "hat"})
    assert set(products) == {"hat"}
    assert skipped == {"coat": "not published"}


@pytest.mark.parametrize("word", ["WAHR", "VRAI", "VERDADERO", "WAAR", "PRAWDA"])
def test_a_yes_in_the_language_of_a_spreadsheet_shows(export, word):
    products, *_ = export({**SHOPIFY, "Published": word})
    assert set(products) == {"coat"}


@pytest.mark.parametrize(
    ("column", "text", "reason"),
    [
        ("status", "Not active", "switched off"),
        ("status", "offline", "switched off"),
        ("Status", "In review", "not published"),
        ("status", "discontinued", "archived"),
        ("Listing status", "unlisted", "not published"),
        ("visible", "hidden", "hidden"),
        ("Archived", "Y", "archived"),
        ("is_hidden", "true", "hidden"),
        ("draft", "yes", "draft"),
        ("Square Online Item Visibility", "hidden", "hidden"),
        ("Veröffentlicht", "nein", "not published"),
        ("Sichtbarkeit", "versteckt", "hidden"),
        ("expiration_date", "2019-12-31", "expired"),
        ("publish_date", "2099-01-01", "not published"),
        # PostgreSQL's own way to write true and false.
        ("published", "f", "not published"),
        ("deleted", "t", "archived"),
    ],
)
def test_what_a_shop_hides_in_its_own_words_is_not_shown(export, column, text, reason):
    products, skipped, rejected, _notes = export(row(**{column: text}))
    assert not products
    assert not rejected
    assert skipped == {"1": reason}


@pytest.mark.parametrize(
    ("column", "text"),
    [
        ("status", "Active"),
        ("visible", "x"),
        ("archived", "N"),
        ("active", "t"),
        ("deleted", "f"),
        ("visibility", "Catalog, Search"),
        ("expiration_date", "2099-01-01"),
    ],
)
def test_what_a_shop_shows_in_its_own_words_is_shown(export, column, text):
    products, _skipped, _rejected, notes = export(row(**{column: text}))
    assert set(products) == {"1"}
    assert "neither" not in notes


def test_a_state_that_nobody_knows_is_reported(export):
    products, _skipped, _rejected, notes = export(row(status="Zebra"))
    assert set(products) == {"1"}
    assert "Column status: 'Zebra' says neither that a product is shown nor that it is hidden" in notes


def test_an_expiry_that_may_be_two_days_is_refused_where_it_matters(export):
    # 9 February is over on 4 May, 2 September is not.
    products, _skipped, rejected, _notes = export(row(expiration_date="09/02/2026"))
    assert not products
    assert "09/02/2026" in rejected[0].problem


def test_a_status_of_sold_is_not_in_stock(export):
    products, *_ = export(row(status="Sold"))
    assert not products["1"].in_stock


@pytest.mark.parametrize("column", ["price", "sale price"])
def test_a_share_is_no_amount(export, column):
    products, _skipped, rejected, _notes = export(row(**{column: "20%"}))
    assert not products
    assert "'20%' is a share, not an amount" in rejected[0].problem


@pytest.mark.parametrize(
    "text", ["29,95 € inkl. 19% MwSt.", "29.95 EUR (incl. 20% VAT)", "29,95 € dont TVA 20 %"]
)
def test_the_rate_of_a_tax_is_not_part_of_the_price(export, text):
    products, *_ = export(row(price=text))
    assert products["1"].price == Decimal("29.95")


@pytest.mark.parametrize("text", ["-", "n/a", "NULL", "#N/A", "none"])
def test_words_for_an_empty_cell_state_no_sale(export, text):
    products, *_ = export(row(**{"sale price": text}))
    assert (products["1"].price, products["1"].list_price) == (Decimal("100.00"), None)


def test_a_sale_that_is_switched_off_does_not_count(export):
    products, *_ = export(
        row(**{"sale price": "80.00", "on sale": "No"}),
        row(id="2", **{"sale price": "80.00", "on sale": "Yes"}),
    )
    assert [each.price for each in products.values()] == [Decimal("100.00"), Decimal("80.00")]


@pytest.mark.parametrize("column", ["discounted_price", "Online Sale Price", "Aktionspreis", "prix promo"])
def test_a_sale_has_many_names(export, column):
    products, *_ = export(row(**{column: "80.00"}))
    assert (products["1"].price, products["1"].list_price) == (Decimal("80.00"), Decimal("100.00"))


def test_prestashop_keeps_categories_prices_and_colours_as_they_are_shown(export):
    shown = {**PRESTA, "Show price (0 = No, 1 = Yes)": "1", "Category": "Men"}
    products, *_ = export(
        {**shown, "Feature(Name:Value:Position)": "Colour:Ivory:1,Fit:Slim:2"},
        {**shown, "Product ID": "2", "Show price (0 = No, 1 = Yes)": "0"},
        {**shown, "Product ID": "3", "Discount percent": "20%"},
    )
    assert (products["1"].category_path, products["1"].colour) == ("Men", "Ivory")
    assert products["1"].attributes == {"fit": "Slim"}
    assert (products["2"].price, products["2"].currency) == (None, "")
    assert products["3"].price == Decimal("40.00")


def test_squarespace_states_a_product_on_its_first_row(export):
    first = {
        SPACE: "60a", "Title": "Linen Dress", "Option Name 1": "Color", "Option Value 1": "Ivory",
        "Option Name 2": "Size", "Option Value 2": "S", "Price": "90.00", "Sale Price": "70.00",
        "On Sale": "Yes", "Stock": "3", "Categories": "/women/dresses", "Visible": "Yes",
        "Hosted Image URLs": "https://shop.example/1.jpg https://shop.example/2.jpg",
    }  # fmt: skip
    further = {**dict.fromkeys(first, ""), "Option Name 1": "Color", "Option Name 2": "Size"}
    products, skipped, *_ = export(
        first,
        {**further, "Option Value 1": "Tan", "Option Value 2": "M", "Price": "95", "Sale Price": "9",
         "On Sale": "No", "Stock": "Unlimited"},
        {**first, SPACE: "61a", "Visible": "No"},
    )  # fmt: skip
    ivory, tan = products["60a-ivory"], products["60a-tan"]
    assert (ivory.price, ivory.list_price, ivory.quantity) == (Decimal("70.00"), Decimal("90.00"), 3)
    assert (tan.price, tan.in_stock, tan.quantity) == (Decimal("95.00"), True, None)
    assert ivory.images == ("https://shop.example/1.jpg", "https://shop.example/2.jpg")
    assert ivory.category_path == "women > dresses"
    assert skipped == {"61a": "hidden"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sofort lieferbar, 1-3 Werktage", (True, None)),
        ("Lieferbar in 3-5 Tagen", (True, None)),
        ("Ships in 2 weeks", (True, None)),
        ("ausverkauft, wieder in 2 Wochen", None),
        ("5+", (True, 5)),
        ("> 10", (True, 10)),
        ("low stock (2 left)", (True, 2)),
        ("10.0", (True, 10)),
        ("unlimited", (True, None)),
    ],
)
def test_delivery_times_and_least_numbers_are_availabilities(text, expected):
    if expected is None:
        with pytest.raises(Exception, match="neither in stock nor out of stock"):
            read_availability(text)
    else:
        assert read_availability(text) == expected


@pytest.mark.parametrize(("text", "quantity"), [("12 Stück", 12), ("> 10 pcs", 10), ("5+", 5), ("∞", None)])
def test_a_quantity_may_have_a_unit(text, quantity):
    assert read_quantity(text) == quantity


def test_a_title_above_an_unknown_header_is_not_taken_for_it(look):
    with pytest.raises(SourceError, match="it has: nummer_des_artikels, was_es_ist, vk"):
        look("Herbst 2026;;\n\nNummer des Artikels;Was es ist;VK\n4711;Pullover;89,-\n")


def test_german_spreadsheets_are_read_by_their_own_names(look):
    products, *_ = look(
        "Art.-Nr.;Bezeichnung;VK brutto;Größen;Bestand\n4711;Pullover;1.089,50;S, M;12 Stück\n"
    )
    assert (products[0].price, products[0].quantity) == (Decimal("1089.50"), 12)
    assert products[0].attributes["sizes"] == ["S", "M"]


def test_lists_as_programs_write_them_are_lists(export):
    products, *_ = export(
        row(
            images='["https://shop.example/1.jpg", "https://shop.example/2.jpg"]',
            colours="['Ivory', 'Tan']",
            category="['Women', 'Ethnic', 'Kurtas']",
            sizes="['S', 'M']",
        )
    )
    assert products["1"].images == ("https://shop.example/1.jpg", "https://shop.example/2.jpg")
    assert products["1"].colour == "Ivory/Tan"
    assert products["1"].category_path == "Women > Ethnic > Kurtas"
    assert products["1"].attributes["sizes"] == ["S", "M"]


def test_objects_that_stand_for_one_value_are_read(look):
    record = {
        "id": 7, "title": "Scarf", "price": {"amount": 12.5, "currencyCode": "GBP"},
        "images": [{"src": "https://shop.example/7.jpg"}], "color": ["Ivory", "Tan"],
        "availability": {"status": "in stock"},
    }  # fmt: skip
    products, rejected, _notes = look(json.dumps(record))
    assert not rejected
    assert (products[0].price, products[0].currency) == (Decimal("12.50"), "GBP")
    assert products[0].images == ("https://shop.example/7.jpg",)
    assert products[0].colour == "Ivory/Tan"


def test_a_note_beside_the_feed_in_an_archive_is_left_alone(look):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("README.txt", "hello")
        archive.writestr("feed.csv", "id,title\n1,Dress\n")
    products, *_ = look(packed.getvalue())
    assert [each.external_id for each in products] == ["1"]
