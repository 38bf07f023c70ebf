"""Shops' own exports, recognised by their columns."""

from decimal import Decimal

import pytest

from catalog.sources.feeds.options import FeedOptions


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

    @pytest.mark.parametrize(
        "visible", ["Attribute {} visible", "Attribut {} sichtbar", "Atrybut {} widoczny"]
    )
    def test_attributes_that_the_shop_hides_are_left_out_unless_shoppers_choose_by_them(
        self, export, visible
    ):
        attributes = {
            "Attribute 1 name": "Supplier", "Attribute 1 value(s)": "Acme", visible.format(1): "0",
            "Attribute 2 name": "Fabric", "Attribute 2 value(s)": "Linen", visible.format(2): "0",
            "Attribute 3 name": "Neck", "Attribute 3 value(s)": "V", visible.format(3): "1",
        }  # fmt: skip
        products, *_ = export(self.row(7, **attributes))
        assert products["7"].attributes == {"fabric": "Linen", "neck": "V"}

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
            # Tables of numbers with gaps are saved with a fraction.
            ({"Published": "-1.0"}, "not published"),
            ({"Published": "0.0"}, "private"),
            ({"Published": "FALSCH"}, "private"),
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
            ({"product_online": "2.0"}, "switched off"),
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
