"""Shops' own exports, recognised by their columns."""

import csv
import io
from decimal import Decimal

import pytest

from catalog.sources.base import Rejected, Skipped, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.feeds.options import FeedOptions
from tests.factories import NOW


@pytest.fixture
def export(tmp_path):
    """``export(rows)`` reads dictionaries as a CSV: (products by id, skipped, rejected, notes)."""

    def read(*rows, options=None):
        columns = list(dict.fromkeys(column for row in rows for column in row))
        text = io.StringIO()
        writer = csv.DictWriter(text, columns)
        writer.writeheader()
        writer.writerows(rows)
        path = tmp_path / "export.csv"
        path.write_text(text.getvalue())
        source = FeedSource("demo", str(path), now=NOW, options=lambda: options or FeedOptions())
        found = list(source.products())
        products = {row.external_id: row for row in found if isinstance(row, SourceProduct)}
        skipped = {row.external_id: row.reason for row in found if isinstance(row, Skipped)}
        rejected = [row for row in found if isinstance(row, Rejected)]
        return products, skipped, rejected, " ".join(source.notes())

    return read


class TestShopify:
    FIRST = {
        "Handle": "tunic", "Title": "Tunic", "Vendor": "Fern", "Type": "Tops", "Tags": "women, new",
        "Published": "true",
        "Option1 Name": "Colour", "Option1 Value": "Sage", "Option2 Name": "Size", "Option2 Value": "S",
        "Variant SKU": "T-1", "Variant Inventory Tracker": "shopify", "Variant Inventory Qty": "3",
        "Variant Inventory Policy": "deny", "Variant Price": "40.00", "Variant Compare At Price": "50.00",
        "Variant Barcode": "'4006381333931", "Image Src": "https://cdn.example/1.jpg", "Image Position": "1",
        "Variant Image": "https://cdn.example/1.jpg", "Status": "active",
    }  # fmt: skip

    def variant(self, **changes):
        stated = {
            "Handle": "tunic",
            "Variant Inventory Tracker": "shopify",
            "Variant Inventory Policy": "deny",
        }
        return {**stated, **changes}

    def test_its_variants_are_one_product_for_each_colour(self, export):
        products, _skipped, rejected, notes = export(
            self.FIRST,
            self.variant(**{
                "Option1 Value": "Sage", "Option2 Value": "M", "Variant Price": "40.00",
                "Variant Inventory Qty": "0",
            }),
            self.variant(**{
                "Option1 Value": "Clay", "Option2 Value": "S", "Variant Price": "30.00",
                "Variant Inventory Qty": "5",
                "Variant Image": "https://cdn.example/2.jpg", "Image Src": "https://cdn.example/2.jpg",
            }),
        )  # fmt: skip
        sage, clay = products["tunic-sage"], products["tunic-clay"]
        assert rejected == []
        assert (sage.price, sage.list_price, sage.quantity) == (Decimal(40), Decimal(50), 3)
        assert (sage.attributes["sizes"], sage.attributes["sold_out_sizes"]) == (["S"], ["M"])
        assert (sage.images, clay.images) == (("https://cdn.example/1.jpg",), ("https://cdn.example/2.jpg",))
        assert (clay.price, clay.item_group_id, clay.brand, clay.gender) == (30, "tunic", "Fern", "Women")
        assert sage.article_numbers == {"sku": ["T-1"], "gtin": ["4006381333931"]}
        assert "Shopify product CSV" in notes

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"Status": "draft"}, "draft"),
            ({"Status": "archived"}, "archived"),
            ({"Published": "false"}, "not published"),
        ],
    )
    def test_what_is_not_shown_is_skipped(self, export, changes, reason):
        products, skipped, _rejected, _notes = export({**self.FIRST, **changes})
        assert (products, skipped) == ({}, {"tunic": reason})

    def test_the_column_names_since_2024_are_read(self, export):
        products, _skipped, _rejected, _notes = export(
            {
                "Title": "Cap", "URL handle": "cap", "Vendor": "Fern", "Published on online store": "TRUE",
                "Status": "Active", "SKU": "C-1", "Option1 name": "Title", "Option1 value": "Default Title",
                "Price": "19.00", "Compare-at price": "25.00", "Inventory tracker": "",
                "Inventory quantity": "0",
                "Continue selling when out of stock": "DENY",
                "Product image URL": "https://cdn.example/c.jpg",
            }
        )  # fmt: skip
        cap = products["cap"]
        assert (cap.price, cap.list_price, cap.in_stock, cap.quantity) == (19, 25, True, None)
        assert (cap.images, cap.colour) == (("https://cdn.example/c.jpg",), "")

    def test_a_variant_that_cannot_be_read_is_refused_alone(self, export):
        products, _skipped, rejected, _notes = export(
            self.FIRST,
            self.variant(**{"Option1 Value": "Clay", "Option2 Value": "S", "Variant Price": "free"}),
        )
        assert set(products) == {"tunic-sage"}
        assert [str(row) for row in rejected] == [
            "line 3 (tunic): the variant_price 'free' is not one amount"
        ]


class TestWooCommerce:
    def row(self, number, **changes):
        stated = {
            "ID": number, "Type": "simple", "SKU": "", "Name": f"Coat {number}", "Published": "1",
            "Visibility in catalog": "visible", "In stock?": "1", "Stock": "", "Sale price": "",
            "Regular price": "50", "Categories": "", "Images": "", "Parent": "",
            "Date sale price starts": "", "Date sale price ends": "",
        }  # fmt: skip
        return {**stated, **changes}

    def variation(self, number, parent, colour, size, **changes):
        options = {
            "Attribute 1 name": "Color", "Attribute 1 value(s)": colour,
            "Attribute 2 name": "Size", "Attribute 2 value(s)": size,
        }  # fmt: skip
        return self.row(number, **{"Type": "variation", "Parent": parent, **options, **changes})

    @pytest.mark.parametrize("parent", ["id:7", "TOP-7"])
    def test_variations_find_their_parent_by_id_or_sku_before_or_after_it(self, export, parent):
        products, _skipped, _rejected, _notes = export(
            self.variation(8, parent, "Navy", "S"),
            self.variation(7, "", "Navy, Red", "S, M", Type="variable", SKU="TOP-7", **{"Regular price": ""}),
            self.variation(9, parent, "Navy", "M", **{"In stock?": "0"}),
            self.variation(10, parent, "Red", "M", Published="0"),
        )
        assert set(products) == {"7-navy"}
        assert products["7-navy"].attributes == {"sizes": ["S"], "sold_out_sizes": ["M"]}

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"Published": "-1"}, "not published"),
            ({"Published": "0"}, "private"),
            ({"Visibility in catalog": "hidden"}, "hidden"),
        ],
    )
    def test_what_is_not_shown_is_skipped(self, export, changes, reason):
        assert export(self.row(1, **changes))[:2] == ({}, {"1": reason})

    @pytest.mark.parametrize(("ends", "price"), [("2026-05-01 0:00:00", 50), ("2026-05-04", 30), ("", 30)])
    def test_a_sale_counts_until_its_end(self, export, ends, price):
        changes = {"Sale price": "30", "Date sale price ends": ends}
        assert export(self.row(1, **changes))[0]["1"].price == price

    def test_escaped_commas_belong_to_a_category(self, export):
        products, *_rest = export(self.row(1, Categories=r"Home\, Garden, Clothing > Coats\, Jackets"))
        assert products["1"].category_path == "Clothing > Coats, Jackets"
        assert products["1"].attributes["categories"] == ["Home, Garden", "Clothing > Coats, Jackets"]

    def test_a_variation_that_leaves_an_option_open_stands_for_every_value(self, export):
        products, *_rest = export(
            self.variation(7, "", "Navy", "S, M", Type="variable", **{"Regular price": ""}),
            self.variation(8, "id:7", "Navy", "", Stock="4"),
        )
        assert products["7-navy"].attributes["sizes"] == ["S", "M"]
        assert products["7-navy"].quantity == 4

    def test_a_variation_without_its_parent_is_refused(self, export):
        _products, _skipped, rejected, _notes = export(self.variation(8, "id:7", "Navy", "S"))
        assert [row.problem for row in rejected] == ["its parent 'id:7' is not in the file"]

    def test_a_german_export_is_read_too(self, export):
        products, _skipped, _rejected, notes = export(
            {
                "ID": "5", "Typ": "simple", "Artikelnummer": "M-5", "Name": "Mantel", "Veröffentlicht": "1",
                "Sichtbarkeit im Katalog": "visible", "Vorrätig?": "1", "Bestand": "3", "Angebotspreis": "",
                "Regulärer Preis": "1.299,00", "Kategorien": "Damen > Mäntel",
                "Bilder": "https://shop.example/m.jpg",
                "Übergeordnetes Produkt": "", "Attribut 1 Name": "Farbe", "Attribut 1 Wert(e)": "dunkelblau",
            }
        )  # fmt: skip
        coat = products["5"]
        assert (coat.price, coat.quantity, coat.colour) == (1299, 3, "Dunkelblau")
        assert (coat.category, coat.gender, coat.article_numbers) == ("Mäntel", "Women", {"sku": ["M-5"]})
        assert "WooCommerce" in notes


class TestMagento:
    def row(self, sku, **changes):
        stated = {
            "sku": sku, "store_view_code": "", "product_type": "simple", "categories": "",
            "name": f"Shirt {sku}",
            "product_online": "1", "visibility": "Catalog, Search", "price": "29.0000", "special_price": "",
            "special_price_from_date": "", "special_price_to_date": "", "base_image": "",
            "additional_attributes": "",
            "qty": "5.0000", "is_in_stock": "1", "manage_stock": "1", "configurable_variations": "",
        }  # fmt: skip
        return {**stated, **changes}

    def test_simple_products_of_a_configurable_one_are_its_variants(self, export):
        hidden = {"visibility": "Not Visible Individually"}
        products, skipped, _rejected, _notes = export(
            self.row("a", **hidden, base_image="/a/a.jpg"),
            self.row("b", **hidden, product_online="2"),
            self.row(
                "top",
                product_type="configurable",
                price="",
                configurable_variations="sku=a,color=Black,size=M|sku=b,color=Black,size=L",
                categories="Default Category/Men,Default Category/Men/Shirts",
            ),
            self.row("top", store_view_code="de", name="Hemd"),
        )
        assert (set(products), skipped) == ({"top-black"}, {})
        top = products["top-black"]
        assert (top.title, top.price, top.quantity, top.attributes["sizes"]) == ("Shirt top", 29, 5, ["M"])
        assert top.category_path == "Men > Shirts"

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            ({"product_online": "2"}, "switched off"),
            ({"visibility": "Not Visible Individually"}, "not visible individually"),
            ({"visibility": "Nicht einzeln sichtbar"}, "not visible individually"),
        ],
    )
    def test_what_is_not_shown_is_skipped(self, export, changes, reason):
        assert export(self.row("a", **changes))[:2] == ({}, {"a": reason})

    @pytest.mark.parametrize(("until", "price"), [("2026-05-04", 19), ("5/14/26", 19), ("2026-05-03", 29)])
    def test_a_special_price_counts_on_its_last_day(self, export, until, price):
        changes = {"special_price": "19", "special_price_to_date": until}
        assert export(self.row("a", **changes))[0]["a"].price == price

    def test_a_date_whose_month_is_not_sure_is_refused_where_it_matters(self, export):
        changes = {"special_price": "19", "special_price_to_date": "5/4/26"}
        _products, _skipped, rejected, _notes = export(self.row("a", **changes))
        assert [row.problem for row in rejected] == [
            "the sale dates ' - 5/4/26' do not say which is the month"
        ]

    def test_attributes_may_hold_commas_and_lists(self, export):
        stated = "material=Cotton|Linen,pattern=Stripes, wide,has_options=0"
        assert export(self.row("a", additional_attributes=stated))[0]["a"].attributes == {
            "material": ["Cotton", "Linen"],
            "pattern": "Stripes, wide",
        }

    def test_pictures_lie_below_the_media_address(self, export):
        options = FeedOptions(media="https://shop.example/media/catalog/product/")
        products, *_rest = export(self.row("a", base_image="/s/a.jpg"), options=options)
        assert products["a"].images == ("https://shop.example/media/catalog/product/s/a.jpg",)
        assert "--media" in export(self.row("a", base_image="/s/a.jpg"))[3]


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
