"""Exports of further systems, by their own columns."""

from decimal import Decimal

import pytest

AMAZON = {"item_name": "Dress", "brand_name": "Fern"}
OPENCART = {
    "product_id": "28",
    "model": "P1",
    "name": "Shirt",
    "price": "100.00",
    "image_name": "catalog/1.jpg",
}
MAGENTO = {
    "sku": "M1", "_store": "", "_attribute_set": "Default", "_type": "simple", "_category": "Women/Dresses",
    "_product_websites": "base", "name": "Dress", "price": "80.0000", "status": "1", "visibility": "4",
    "qty": "5.0000", "is_in_stock": "1", "image": "/d/r/dress.jpg",
}  # fmt: skip


def test_a_parent_of_amazons_is_no_product_of_its_own(export):
    products, skipped, _rejected, notes = export(
        {**AMAZON, "item_sku": "P", "parent_child": "Parent", "parent_sku": ""},
        {**AMAZON, "item_sku": "P-S", "parent_child": "Child", "parent_sku": "P", "size_name": "S",
         "color_name": "Navy", "standard_price": "39.90", "quantity": "2"},
        {**AMAZON, "item_sku": "P-M", "parent_child": "Child", "parent_sku": "P", "size_name": "M",
         "color_name": "Navy", "standard_price": "42.90", "quantity": "0"},
    )  # fmt: skip
    assert set(products) == {"P-navy"}
    assert products["P-navy"].price == Decimal("39.90")
    assert skipped == {"P": "parent of variants"}
    assert "Read as: Amazon flat file" in notes


def test_opencart_has_specials_and_says_only_of_sold_out_things_when_they_come(export):
    products, skipped, *_ = export(
        {**OPENCART, "quantity": "7", "stock_status": "2-3 Days", "status": "1", "special": "80.00"},
        {**OPENCART, "product_id": "29", "quantity": "0", "stock_status": "2-3 Days", "status": "1"},
        {**OPENCART, "product_id": "30", "quantity": "7", "status": "false"},
    )
    first, second = products["28"], products["29"]
    assert (first.price, first.list_price, first.in_stock) == (Decimal("80.00"), Decimal("100.00"), True)
    assert not second.in_stock
    assert skipped == {"30": "switched off"}


def test_shopware_5_calls_consumers_ek(export):
    products, *_ = export(
        {"ordernumber": "SW10", "mainnumber": "SW10", "name": "Kleid", "supplier": "Fern",
         "price_EK": "39.90",
         "pseudoprice_EK": "59.90", "active": "1", "instock": "5", "imageUrl": "https://a.example/1.jpg"},
    )  # fmt: skip
    found = products["SW10"]
    assert (found.price, found.list_price, found.quantity) == (Decimal("39.90"), Decimal("59.90"), 5)
    assert (found.brand, found.images) == ("Fern", ("https://a.example/1.jpg",))


def test_magento_1_adds_rows_to_a_product(export):
    further = {"sku": "", "_store": "", "_category": "Sale", "_media_image": "/d/r/back.jpg"}
    products, *_ = export(MAGENTO, further, {"sku": "", "_store": "de", "name": "Kleid"})
    (found,) = products.values()
    assert (found.title, found.category_path, found.in_stock) == ("Dress", "Women > Dresses", True)
    assert found.images == ("/d/r/dress.jpg", "/d/r/back.jpg")
    assert found.attributes["categories"] == ["Women > Dresses", "Sale"]


@pytest.mark.parametrize(
    ("cells", "reason"),
    [({"status": "2"}, "switched off"), ({"visibility": "1"}, "not visible individually")],
)
def test_magento_1_hides_by_numbers(export, cells, reason):
    products, skipped, *_ = export({**MAGENTO, **cells}, {**MAGENTO, "sku": "M2"})
    assert set(products) == {"M2"}
    assert skipped == {"M1": reason}


def test_item_specifics_of_ebay_are_fields(export):
    products, *_ = export(
        {"CustomLabel": "E1", "*Title": "Dress", "*StartPrice": "39.90", "C:Brand": "Fern", "C:Color": "Navy"}
    )
    assert (products["E1"].brand, products["E1"].colour) == ("Fern", "Navy")


@pytest.mark.parametrize(
    "column",
    ["previousPrice", "price-no-rebate", "formerPrice", "price_old", "was", "Precio anterior", "Van prijs",
     "Ord. pris", "Førpris", "Původní cena", "Eredeti ár", "Старая цена", "Eski fiyat"],
)  # fmt: skip
def test_a_price_before_has_many_names(export, column):
    products, *_ = export({"id": "1", "title": "Dress", "price": "39.00", column: "59.00"})
    assert products["1"].list_price == Decimal("59.00")
