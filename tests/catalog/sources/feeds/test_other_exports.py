"""Exports of smaller platforms, price comparison sites and feeds with one row a size."""

from decimal import Decimal

import pytest


def test_prestashop_discounts_and_categories_are_read(export):
    products, skipped, _rejected, notes = export(
        {
            "Product ID": "1", "Active (0/1)": "1", "Name *": "Vest",
            "Categories (x,y,z...)": "Home,Home/Women/Vests",
            "Price tax excluded": "40.00", "Discount percent": "25",
            "Discount from (yyyy-mm-dd)": "2026-01-01",
            "Discount to (yyyy-mm-dd)": "2026-12-31", "Reference #": "V-1", "EAN13": "4006381333931",
            "Quantity": "2", "Image URLs (x,y,z...)": "https://shop.example/1.jpg,https://shop.example/2.jpg",
            "Feature (Name:Value:Position)": "Fabric:Wool:1",
        },
        {"Product ID": "2", "Active (0/1)": "0", "Name *": "Off", "Price tax excluded": "9"},
    )  # fmt: skip
    vest = products["1"]
    assert (vest.price, vest.list_price, vest.quantity) == (30, 40, 2)
    assert (vest.category_path, vest.attributes["fabric"]) == ("Women > Vests", "Wool")
    assert vest.article_numbers == {"sku": ["V-1"], "gtin": ["4006381333931"]}
    assert len(vest.images) == 2
    assert skipped == {"2": "switched off"}
    assert "without tax" in notes


def test_wix_variants_have_their_surcharge_and_the_discount(export):
    head = {
        "handleId": "w1", "fieldType": "Product", "name": "Robe", "productImageUrl": "a.jpg;b.jpg",
        "collection": "Robes",
        "price": "100", "visible": "true", "discountMode": "PERCENT", "discountValue": "10",
        "inventory": "InStock",
        "productOptionName1": "Size", "productOptionDescription1": "S;M", "productOptionName2": "Color",
        "productOptionDescription2": "#000080:Navy",
    }  # fmt: skip
    variant = {"handleId": "w1", "fieldType": "Variant", "productOptionDescription2": "#000080:Navy"}
    products, skipped, _rejected, _notes = export(
        head,
        {**variant, "productOptionDescription1": "S", "surcharge": "10", "inventory": "3", "visible": "true"},
        {
            **variant,
            "productOptionDescription1": "M",
            "surcharge": "0",
            "inventory": "OutOfStock",
            "visible": "true",
        },
        {**head, "handleId": "w2", "visible": "false"},
    )
    robe = products["w1-navy"]
    assert (robe.price, robe.list_price, robe.quantity) == (99, 110, 3)
    assert (robe.attributes["sizes"], robe.attributes["sold_out_sizes"]) == (["S"], ["M"])
    assert robe.images[0] == "https://static.wixstatic.com/media/a.jpg"
    assert skipped == {"w2": "hidden"}


def test_etsy_listings_have_their_pictures_and_choices(export):
    products, _skipped, _rejected, notes = export(
        {
            "TITLE": "Wool hat", "DESCRIPTION": "", "PRICE": "24.50", "CURRENCY_CODE": "USD", "QUANTITY": "4",
            "TAGS": "warm,women", "MATERIALS": "merino_wool", "IMAGE1": "https://i.example/1.jpg",
            "IMAGE2": "https://i.example/2.jpg", "VARIATION 1 TYPE": "Size", "VARIATION 1 NAME": "Size",
            "VARIATION 1 VALUES": "S,M", "SKU": "H-1",
        },
        {"TITLE": "Scarf", "PRICE": "9", "CURRENCY_CODE": "USD", "QUANTITY": "0", "IMAGE1": "https://i.example/3.jpg"},
    )  # fmt: skip
    hat = products["H-1"]
    assert (hat.price, hat.currency, hat.quantity, hat.attributes["sizes"]) == (
        Decimal("24.50"), "USD", 4, ["S", "M"],
    )  # fmt: skip
    assert hat.images == ("https://i.example/1.jpg", "https://i.example/2.jpg")
    scarf = next(product for key, product in products.items() if key.startswith("scarf-"))
    assert not scarf.in_stock
    assert "1 listings have no SKU" in notes


def test_bigcommerce_2_is_read(export):
    products, skipped, _rejected, _notes = export(
        {
            "Item Type": "Product", "Product ID": "77", "Product Name": "Polo", "Product Code/SKU": "P",
            "Brand Name": "Oak", "Price": "25.0000", "Sale Price": "20.0000", "Product Visible?": "Y",
            "Allow Purchases?": "Y", "Track Inventory": "by option", "Current Stock Level": "0",
            "Category": "Shop All;Men/Polos", "Product Image File - 1": "https://b.example/p.jpg",
        },
        {
            "Item Type": "SKU", "Product Name": "[S]Size=S,[CS]Color=Red:#ff0000", "Product Code/SKU": "P-S",
            "Current Stock Level": "2",
        },
        {
            "Item Type": "Product", "Product ID": "78",
            "Product Name": "Off", "Price": "1", "Product Visible?": "N"},
    )  # fmt: skip
    polo = products["77-red"]
    assert (polo.price, polo.list_price, polo.quantity) == (20, 25, 2)
    assert (polo.category_path, polo.attributes["sizes"]) == ("Men > Polos", ["S"])
    assert (polo.article_numbers, polo.images) == ({"sku": ["P", "P-S"]}, ("https://b.example/p.jpg",))
    assert skipped == {"78": "hidden"}


def test_bigcommerce_3_is_read(export):
    products, *_rest = export(
        {
            "Item": "Product", "ID": "5", "Name": "Polo", "Type": "physical", "SKU": "P",
            "Inventory Tracking": "variant",
            "Price": "25", "Is Visible": "true", "Categories": "Men/Polos",
        },
        {
            "Item": "Variant", "ID": "6", "SKU": "P-S", "Current Stock": "1", "Price": "",
            "Options": "Type=Rectangle|Name=Size|Value=SType=Swatch|Name=Color|Value=Red[#f00]",
        },
        {"Item": "Image", "ID": "9", "Image URL (Export)": "https://b.example/p.jpg"},
    )  # fmt: skip
    polo = products["5-red"]
    assert (polo.price, polo.quantity, polo.attributes["sizes"]) == (25, 1, ["S"])
    assert polo.images == ("https://b.example/p.jpg",)


def test_awin_is_read(export):
    products, skipped, _rejected, notes = export(
        {
            "aw_product_id": "9", "merchant_product_id": "M9", "product_name": "Jeans",
            "search_price": "59.00",
            "currency": "GBP", "merchant_image_url": "https://m.example/j.jpg", "merchant_name": "Shop",
            "merchant_deep_link": "https://m.example/j", "merchant_category": "Women > Jeans",
            "in_stock": "1",
            "rrp_price": "80.00", "Fashion:size": "28|30", "Fashion:suitable_for": "Female",
            "is_for_sale": "1",
            "ean": "4006381333931", "aw_deep_link": "https://aw.example/x",
        },
        {"aw_product_id": "10", "product_name": "Gone", "search_price": "1", "is_for_sale": "0"},
    )  # fmt: skip
    jeans = products["9"]
    assert (jeans.price, jeans.list_price, jeans.currency, jeans.gender) == (59, 80, "GBP", "Women")
    assert (jeans.url, jeans.images) == ("https://m.example/j", ("https://m.example/j.jpg",))
    assert jeans.attributes == {"sizes": ["28", "30"]}
    assert jeans.article_numbers == {"sku": ["M9"], "gtin": ["4006381333931"]}
    assert skipped == {"10": "not for sale"}
    assert "Awin" in notes


class TestSizesOfOneStyle:
    def row(self, number, size, **changes):
        stated = {
            "id": number, "title": f"Kilt - {size}", "item_group_id": "K", "color": "green", "size": size,
            "price": "30.00 EUR", "availability": "in stock", "image_link": "https://s.example/k.jpg",
        }  # fmt: skip
        return {**stated, **changes}

    def test_rows_of_one_size_each_are_one_product(self, export):
        products, *_rest = export(
            self.row(1, "S", availability="out of stock"),
            self.row(2, "M"),
            self.row(3, "L", price="28.00 EUR"),
        )
        kilt = products["K-green"]
        assert (kilt.title, kilt.price, kilt.colour) == ("Kilt", 28, "Green")
        assert (kilt.attributes["sizes"], kilt.attributes["sold_out_sizes"]) == (["M", "L"], ["S"])
        assert kilt.article_numbers["sku"] == ["1", "2", "3"]

    def test_a_feed_with_one_row_for_each_colour_keeps_its_ids(self, export):
        products, *_rest = export(self.row(1, "S"), self.row(2, "S", color="red"))
        assert set(products) == {"1", "2"}

    def test_a_size_that_cannot_be_read_is_refused_under_the_id_of_the_style(self, export):
        products, _skipped, rejected, _notes = export(
            self.row(1, "S"), self.row(2, "M"), self.row(3, "L", price="?")
        )
        assert products["K-green"].attributes["sizes"] == ["S", "M"]
        assert [row.external_id for row in rejected] == ["K"]


def test_a_facebook_template_has_comments_above_its_header(read):
    products, _rejected = read(
        "# Required | A unique id,# Required | A title,# Required | The price,# Optional | How many\n"
        "id,title,price,quantity_to_sell_on_facebook\nF1,Belt,10.00 USD,7\n"
    )
    assert [(row.external_id, row.price, row.quantity) for row in products] == [("F1", 10, 7)]


@pytest.mark.parametrize(
    "second", ["# Required | id,# Required | title,# Required", "The id,The title,With currency"]
)
def test_a_line_about_the_columns_may_stand_below_the_header(read, second):
    products, rejected = read(f"id,title,price\n{second}\nF1,Belt,10.00 USD\n")
    assert ([row.external_id for row in products], rejected) == (["F1"], [])


@pytest.mark.parametrize(("policy", "offer"), [("continue", (True, None)), ("deny", (False, 0))])
def test_what_a_shopify_shop_sells_on_without_any_in_stock_is_not_counted(export, policy, offer):
    products, *_ = export(
        {
            "Handle": "cap", "Title": "Cap", "Published": "true", "Status": "active",
            "Option1 Name": "Title", "Option1 Value": "Default Title", "Variant Price": "19.00",
            "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "-2",
            "Variant Inventory Policy": policy,
        }
    )  # fmt: skip
    assert (products["cap"].in_stock, products["cap"].quantity) == offer
