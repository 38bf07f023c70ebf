"""What a feed's columns decide: decimal marks, fields by a mapping, and what the report says of the rest."""

import gzip
import io
import zipfile
from decimal import Decimal

import pytest
from openpyxl import Workbook

from catalog.sources.base import Rejected, SourceError, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.feeds.options import FeedOptions, InvalidOptions, read_mapping
from tests.factories import NOW


@pytest.fixture
def look(tmp_path):
    """``look(content, ...options)`` reads a feed: (products, rejected, notes)."""

    def read(content, **options):
        path = tmp_path / "feed"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        options["columns"] = read_mapping(options.pop("columns", []))
        source = FeedSource("demo", str(path), now=NOW, options=lambda: FeedOptions(**options))
        rows = list(source.products())
        products = [row for row in rows if isinstance(row, SourceProduct)]
        return products, [row for row in rows if isinstance(row, Rejected)], "\n".join(source.notes())

    return read


def prices(*texts):
    return "id;title;price\n" + "".join(f"{n};Hat;{text}\n" for n, text in enumerate(texts, 1))


class TestDecimalMarks:
    @pytest.mark.parametrize(
        ("texts", "amounts"),
        [
            (["1.234", "89,50"], ["1234", "89.50"]),
            (["1.234", "89.50"], ["1.23", "89.50"]),
            (["1,234", "89.50"], ["1234", "89.50"]),
            (["12.345", "9.9951", "1250.500"], ["12.34", "10.00", "1250.50"]),
            (["£1,299", "£89.00"], ["1299", "89"]),
            (["1.299,-", "1.299"], ["1299", "1299"]),
        ],
    )
    def test_the_column_decides_what_one_value_does_not(self, look, texts, amounts):
        products, rejected, _notes = look(prices(*texts))
        assert rejected == []
        assert [product.price for product in products] == [Decimal(amount) for amount in amounts]

    def test_a_column_that_decides_nothing_is_asked_about_once(self, look):
        products, rejected, notes = look(prices("1.234", "2.500", "80"))
        assert [product.price for product in products] == [80]
        assert [row.line for row in rejected] == [2, 3]
        assert rejected[0].problem.startswith("the price '1.234' can be read in two ways")
        assert notes.count("can be read in two ways") == 1
        assert "2 values such as '1.234'" in notes

    @pytest.mark.parametrize(("decimal", "amount"), [(",", "1234"), (".", "1.23")])
    def test_an_option_answers(self, look, decimal, amount):
        (product,), _rejected, notes = look(prices("1.234"), decimal=decimal)
        assert product.price == Decimal(amount)
        assert "--decimal" not in notes

    def test_both_marks_in_one_column_leave_the_undecided_ones_refused(self, look):
        products, rejected, _notes = look(prices("12.50", "12,50", "1.234"))
        assert [product.price for product in products] == [Decimal("12.5")] * 2
        assert [row.line for row in rejected] == [4]

    def test_quantities_are_read_like_the_prices_beside_them(self, look):
        feed = "id;title;price;quantity\n1;Hat;12,50;1.000\n2;Cap;9,00;-3\n"
        products, _rejected, _notes = look(feed)
        assert [product.quantity for product in products] == [1000, 0]


@pytest.mark.parametrize(
    ("row", "currency", "problem"),
    [
        (
            "299 kr;",
            "",
            "the price '299 kr': 'kr' may be DKK, ISK, NOK, SEK; state the currency (--currency)",
        ),
        ("299 kr;SEK", "SEK", ""),
        ("299;kr", "", "'kr' may be DKK, ISK, NOK, SEK; state the currency (--currency)"),
        ("12 EUR;USD", "", "the price '12 EUR' is in EUR, but the currency is stated as USD"),
        ("12;zloty", "PLN", ""),
        ("$12;CAD", "CAD", ""),
        ("12 XQZ;", "", "the price '12 XQZ': 'XQZ' is no currency"),
    ],
)
def test_a_currency_is_known_or_asked_for(look, row, currency, problem):
    products, rejected, _notes = look(f"id;title;price;currency\n1;Hat;{row}\n")
    assert [product.currency for product in products] == [currency] * bool(currency)
    assert [row.problem for row in rejected] == [problem] * bool(problem)


def test_the_shops_own_currency_decides_a_shared_sign(look):
    (product,), _rejected, _notes = look(prices("299 kr"), currency="NOK")
    assert product.currency == "NOK"


@pytest.mark.parametrize("sale", ["0.00", "15.00 USD", "90.00 EUR"])
def test_a_sale_of_nothing_in_another_currency_or_above_the_price_is_none(look, sale):
    (product,), _rejected, _notes = look(f"id,title,price,sale_price\n1,Hat,80.00 EUR,{sale}\n")
    assert (product.price, product.list_price) == (80, None)


@pytest.mark.parametrize(
    ("texts", "read"), [(["Rp 150.000"], [150_000]), (["Rp 150.000", "$9.50"], [Decimal("9.5")])]
)
def test_a_currency_without_decimals_has_none_unless_the_column_disagrees(look, texts, read):
    assert [product.price for product in look(prices(*texts))[0]] == read


def test_entities_in_a_price_are_read(look):
    (product,), _rejected, _notes = look("id\ttitle\tprice\n1\tHat\t&euro;12.50&nbsp;\n")
    assert (product.price, product.currency) == (Decimal("12.50"), "EUR")


class TestUnreadColumns:
    FEED = "ref,label,cost in shop,front view,shade\n1,Hat,12.50,https://s.example/1.jpg,teal\n"

    def test_a_feed_without_known_columns_says_how_to_name_them(self, look):
        with pytest.raises(SourceError, match=r"no column for the title.*--map COLUMN=title"):
            look(self.FEED)

    def test_what_nobody_read_is_named_and_what_it_looks_like(self, look):
        _products, _rejected, notes = look(self.FEED, columns=["label=title"])
        assert (
            "Nobody read cost in shop, which looks like a price; --map 'cost in shop'=price reads it."
            in notes
        )
        assert "Nobody read front view, which looks like a picture" in notes
        assert "Columns that are no field: cost in shop, front view, shade." in notes

    def test_attributes_that_feeds_have_in_common_are_not_named(self, look):
        feed = "id,title,material,pattern,age_group,condition,gtin,shade\n1,Hat,Wool,plain,adult,new,7,teal\n"
        _products, _rejected, notes = look(feed)
        assert "Columns that are no field: shade." in notes

    def test_a_mapping_reads_them(self, look):
        columns = ["label=title", "cost in shop=price", "front view=image", "shade=colour"]
        (product,), _rejected, notes = look(self.FEED, columns=columns)
        assert (product.title, product.price, product.colour) == ("Hat", Decimal("12.50"), "Teal")
        assert product.images == ("https://s.example/1.jpg",)
        assert "Nobody read" not in notes

    def test_a_column_may_be_ignored(self, look):
        (product,), _rejected, _notes = look("id,title,note\n1,Hat,x\n", columns=["note=ignore"])
        assert product.attributes == {}

    def test_names_that_state_their_meaning_need_no_mapping(self, look):
        feed = "ProductID,ProductName,Price (INR),PrimaryColor,IMAGE1,IMAGE2\n5,Bag,11745,Black,1.jpg,2.jpg\n"
        (product,), _rejected, _notes = look(feed)
        assert (product.price, product.currency, product.colour) == (11745, "INR", "Black")
        assert product.images == ("1.jpg", "2.jpg")

    @pytest.mark.parametrize("text", ["price", "a=nothing", "=price"])
    def test_a_mapping_that_cannot_be_is_refused(self, text):
        with pytest.raises(InvalidOptions):
            read_mapping([text])


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

    def test_an_encoding_that_was_guessed_is_said(self, look):
        text = "id,title,description\n1,Пальто,Тёплое зимнее пальто из шерсти для холодной погоды\n" * 3
        products, _rejected, notes = look(text.encode("cp1251"))
        assert products[0].title == "Пальто"
        assert "The text was taken for cp1251; --encoding says another one." in notes

    @pytest.mark.parametrize(
        ("content", "found"),
        [
            ("<products><product><id>1</id></product></products>", "it has <products>, <product>, <id>"),
            ("<html><body>Not found</body></html>", "it has <html>, <body>"),
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
