"""Files of every kind, and what stands in their cells: stock, categories, names, visibility."""

import gzip
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from catalog.sources.base import SourceError
from catalog.sources.feeds.options import FeedOptions, InvalidOptions


class TestFiles:
    FEED = "id,title,price\n1,Hat,12.50\n"

    @pytest.mark.parametrize(
        "before",
        ["sep=;\n", "# made by hand\n", "Export of May\n\n", "\ufeffsep=;\n", "Number;What;Cost\n"],
    )
    def test_what_stands_before_the_header_is_passed(self, look, before):
        (product,), _rejected, _notes = look(before + self.FEED.replace(",", ";"))
        assert (product.external_id, product.price) == ("1", Decimal("12.5"))

    def test_gzip_and_zip_are_unpacked(self, look):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("feeds/shop.csv", self.FEED)
            archive.writestr("README", "hello")
        for content in (gzip.compress(self.FEED.encode()), packed.getvalue()):
            assert len(look(content)[0]) == 1

    def test_a_zip_of_several_feeds_and_damaged_ones_are_refused(self, look):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.csv", self.FEED)
            archive.writestr("b.csv", self.FEED)
        with pytest.raises(SourceError, match=r"it holds a\.csv, b\.csv"):
            look(packed.getvalue())
        with pytest.raises(SourceError, match="damaged"):
            look(gzip.compress(self.FEED.encode())[:-6])

    def test_a_bomb_is_refused(self, look, monkeypatch):
        monkeypatch.setattr("catalog.sources.feeds.formats.packing._ALWAYS_ALLOWED", 1000)
        with pytest.raises(SourceError, match="unpacks to more than"):
            look(gzip.compress(b"id,title\n" + b"1,Hat\n" * 100_000))

    def test_a_workbook_is_read(self, look):
        book, file = Workbook(), io.BytesIO()
        for row in (["id", "title", "price", "stock"], [7, "Hat", 12.5, 3], [8, "Cap", 1.234, None]):
            book.active.append(row)
        book.save(file)
        products, rejected, _notes = look(file.getvalue())
        assert rejected == []
        assert [(row.external_id, row.price) for row in products] == [
            ("7", Decimal("12.50")), ("8", Decimal("1.23")),
        ]  # fmt: skip

    def test_an_encoding_may_be_stated(self, look):
        (product,), _rejected, _notes = look("id,title\n1,Płaszcz\n".encode("cp1250"), encoding="cp1250")
        assert product.title == "Płaszcz"

    def test_a_feed_in_another_encoding_than_stated_is_refused(self, look):
        with pytest.raises(SourceError, match="not written in utf-16"):
            look("id,title\n1,Hat\n", encoding="utf-16")

    @pytest.mark.parametrize("name", ["idna", "hex", "klingon"])
    def test_what_is_no_encoding_of_text_is_refused(self, name):
        with pytest.raises(InvalidOptions, match="not an encoding"):
            FeedOptions(encoding=name)

    def test_an_encoding_that_was_guessed_is_said(self, look):
        text = "id,title,description\n1,Пальто,Тёплое зимнее пальто из шерсти для холодной погоды\n" * 3
        products, _rejected, notes = look(text.encode("cp1251"))
        assert products[0].title == "Пальто"
        assert "The text was taken for cp1251; --encoding says another one." in notes

    @pytest.mark.parametrize(
        ("content", "found"),
        [
            ("<products><product><id>1</id></product></products>", "it has <products>, <product>, <id>"),
            ("<page><body>Not found</body></page>", "it has <page>, <body>"),
        ],
    )
    def test_xml_of_another_shape_fails_and_says_what_is_missing(self, look, content, found):
        with pytest.raises(SourceError, match=f"no <item> .* {found}"):
            look(content)

    def test_relative_pictures_in_one_cell_are_told_apart(self, look):
        (product,), _rejected, _notes = look('id,title,images\n1,Hat,"a/1.jpg,a/2.jpg; a/3.png"\n')
        assert product.images == ("a/1.jpg", "a/2.jpg", "a/3.png")


@pytest.mark.parametrize(
    ("stated", "in_stock", "quantity"),
    [
        ("low stock", True, None),
        ("available for order", True, None),
        ("in stock (1,200)", True, 1200),
        ("Only 3 left", True, 3),
        ("-1", False, 0),
        ("coming soon", False, None),
        ("auf Lager", True, None),
        ("nicht auf Lager", False, None),
        ("rupture de stock", False, None),
        ("op voorraad", True, None),
    ],
)
def test_stock_is_understood_in_several_words(look, stated, in_stock, quantity):
    (product,), _rejected, _notes = look(f'id,title,availability\n1,Hat,"{stated}"\n')
    assert (product.in_stock, product.quantity) == (in_stock, quantity)


@pytest.mark.parametrize(
    ("cell", "path", "every"),
    [
        ("Default Category/Bags,Default Category/Bags/Totes", "Bags > Totes", ["Bags", "Bags > Totes"]),
        ("Shoes/Boots", "Shoes > Boots", None),
        ("Garden, Pets & Toys > Toys", "Garden, Pets & Toys > Toys", None),
        ("Sale > Hats, Women > Hats > Caps", "Women > Hats > Caps", ["Sale > Hats", "Women > Hats > Caps"]),
        ("Tops, Sale", "Tops", ["Tops", "Sale"]),
    ],
)
def test_the_deepest_category_counts_and_all_are_kept(look, cell, path, every):
    (product,), _rejected, _notes = look(f'id,title,categories\n1,Hat,"{cell}"\n')
    assert (product.category_path, product.attributes.get("categories")) == (path, every)


@pytest.mark.parametrize(
    ("stated", "shown"),
    [
        ("navy blue", "Navy Blue"),
        ("women's", "Women's"),
        ("Levi's", "Levi's"),
        ("DKNY", "DKNY"),
        ("t-shirt", "T-Shirt"),
    ],
)
def test_capitals_leave_words_whole(look, stated, shown):
    (product,), _rejected, _notes = look(f"id,title,color\n1,Hat,{stated}\n")
    assert product.colour == shown


@pytest.mark.parametrize(
    "cells", ["published,0", "status,draft", "visibility,hidden", "active,no", "post_password,secret"]
)
def test_what_the_shop_does_not_show_is_never_read(look, cells):
    column, value = cells.split(",")
    assert look(f"id,title,{column}\n1,Hat,{value}\n")[0] == []
