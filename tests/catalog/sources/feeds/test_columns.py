"""What a feed's columns decide: decimal marks, fields by a mapping, and what the report says of the rest."""

from decimal import Decimal

import pytest

from catalog.sources.base import SourceError
from catalog.sources.feeds.options import InvalidOptions, read_mapping


def prices(*texts):
    return "id;title;price\n" + "".join(f"{n};Hat;{text}\n" for n, text in enumerate(texts, 1))


class TestDecimalMarks:
    @pytest.mark.parametrize(
        ("texts", "amounts"),
        [
            (["1.234", "89,50"], ["1234", "89.50"]),
            (["1.234", "89.50"], ["1.23", "89.50"]),
            (["1,234", "89.50"], ["1234", "89.50"]),
            (["12.345", "9.9951", "1250.500"], ["12.35", "10.00", "1250.50"]),
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
