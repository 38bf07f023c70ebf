"""Words that ask for an order: they are no words of a product."""

from decimal import Decimal

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import TRANSLATE_ALL
from search.language.wording.orders import stated_orders
from search.query import Chip, Filters, Sort
from tests.search.language.parsing import VOCABULARY

PRICE, DEAREST, NEWEST, POPULAR = Sort.PRICE, Sort.PRICE_DESCENDING, Sort.NEWEST, Sort.POPULAR


def parse(text, vocabulary=VOCABULARY, **options):
    return parse_query(text, vocabulary, translator=TRANSLATE_ALL, **options)


def excluded(parsed):
    return [chip.value for chip in parsed.chips if chip.field == "exclude"]


@pytest.mark.parametrize(
    ("text", "order", "left"),
    [
        ("cheapest black shoes", PRICE, "black shoes"),
        ("shoes at the lowest price", PRICE, "shoes"),
        ("what’s the cheapest dress you have", PRICE, "dress"),
        ("shoes, cheapest first", PRICE, "shoes"),
        ("most expensive dress", DEAREST, "dress"),
        ("latest dresses", NEWEST, "dresses"),
        ("latest nike shoes", NEWEST, "nike shoes"),
        ("new in: red dresses", NEWEST, "red dresses"),
        ("what’s new in dresses", NEWEST, "dresses"),
        ("dresses new in", NEWEST, "dresses"),
        ("best-selling dresses for women", POPULAR, "dresses for women"),
        ("most popular jeans", POPULAR, "jeans"),
        ("sort the shoes by price", PRICE, "the shoes"),
        ("what is your cheapest pair of jeans", PRICE, "pair of jeans"),
        ("nothing but the cheapest jeans", PRICE, "jeans"),
        ("the cheapest dress that you have", PRICE, "dress"),
        ("was ist das günstigste Kleid", PRICE, "dress"),
        ("les robes les moins chères que vous avez", PRICE, "the dress"),
        ("cheapest newest jeans", PRICE, "jeans"),
    ],
)
def test_an_order_is_read_and_its_words_are_not_searched(text, order, left):
    parsed = parse(text)
    assert (parsed.sort, parsed.text) == (order, left)
    assert [chip.value for chip in parsed.chips if chip.field == "sort"] == [order]


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("lowest to highest price", PRICE),
        ("price low to high", PRICE),
        ("Price: low to high", PRICE),
        ("price (low to high)", PRICE),
        ("high to low price", DEAREST),
        ("sort by price", PRICE),
        ("order by price descending", DEAREST),
        ("from most expensive to cheapest", DEAREST),
        ("sort by newest", NEWEST),
        ("sorted by date", NEWEST),
        ("sort by popularity", POPULAR),
        ("new in", NEWEST),
        ("new-in", NEWEST),
        ("what is new", NEWEST),
        ("the latest", NEWEST),
        ("best sellers", POPULAR),
        ("what are your bestsellers?", POPULAR),
        ("trending", POPULAR),
        ("top 10 best sellers", POPULAR),
        ("show me the cheapest", PRICE),
        ("what’s the cheapest you have", PRICE),
        ("which is the cheapest one?", PRICE),
        ("the cheapest thing in the shop", PRICE),
        ("nothing but the cheapest", PRICE),
        ("los más baratos", PRICE),
        ("was gibt es Neues", NEWEST),
        ("quoi de neuf ?", NEWEST),
    ],
)
def test_an_order_alone_leaves_no_word(text, order):
    parsed = parse(text)
    assert (parsed.sort, parsed.text, parsed.is_order_alone) == (order, "", True)


@pytest.mark.parametrize(
    ("text", "order", "left"),
    [
        ("shoes low to high", PRICE, "shoes"),
        ("jeans from low to high please", PRICE, "jeans"),
        ("shoes, high to low", DEAREST, "shoes"),
        ("shoes low to high for men", PRICE, "shoes for men"),
        ("shoes low to high under 50", PRICE, "shoes"),
        ("shoes high to low not red", DEAREST, "shoes"),
        ("sort low to high shoes", PRICE, "shoes"),
        ("schuhe aufsteigend", PRICE, "schuhe"),
        ("schuhe von teuer nach billig", DEAREST, "schuhe"),
        # A hem, and a kind of shoes.
        ("high to low dress", None, "high to low dress"),
        ("dress with high to low hem", None, "dress with high to low hem"),
        ("low to high top sneakers", None, "low to high top sneakers"),
    ],
)
def test_low_to_high_behind_a_thing_is_of_its_price(text, order, left):
    parsed = parse_query(text, VOCABULARY)
    assert (parsed.sort, parsed.text) == (order, left)


@pytest.mark.parametrize(
    "text", ["cheapest thing under 20", "cheapest under 20", "show me the cheapest below 20"]
)
def test_beside_a_filter_an_order_leaves_no_word_either(text):
    parsed = parse(text)
    assert (parsed.sort, parsed.text, str(parsed.filters.price_max)) == (PRICE, "", "20")


@pytest.mark.parametrize(
    ("text", "order", "unwanted"),
    [
        ("shoes without heels cheapest", PRICE, ["heels"]),
        ("cheapest shoes without heels", PRICE, ["heels"]),
        ("cheapest shoes not red", PRICE, ["Red"]),
        ("shoes not red cheapest", PRICE, ["Red"]),
        ("shoes not red, newest first", NEWEST, ["Red"]),
        ("most expensive not nike", DEAREST, ["Nike"]),
        ("schuhe ohne absatz am billigsten", PRICE, ["absatz"]),
    ],
)
def test_an_order_and_an_exclusion_are_read_in_either_place(text, order, unwanted):
    parsed = parse(text)
    assert (parsed.sort, excluded(parsed)) == (order, unwanted)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("not the cheapest shoes", "shoes"),
        ("shoes but not the cheapest", "shoes"),
        ("anything but the most expensive shoes", "shoes"),
        ("not too expensive shoes", "shoes"),
        ("nothing expensive", ""),
        ("nicht die teuersten Schuhe", "shoes"),
        ("chaussures pas les plus chères", "shoes"),
        ("zapatos no los más caros", "shoes"),
        ("scarpe non le più care", "shoes"),
        ("niet de duurste schoenen", "shoes"),
        ("en ucuz olmayan ayakkabı", "shoes"),
    ],
)
def test_what_is_not_wanted_is_no_order_and_excludes_nothing(text, left):
    parsed = parse(text)
    assert (parsed.sort, parsed.text, excluded(parsed)) == (None, left, [])


@pytest.mark.parametrize(
    "text",
    [
        *("popular science tee", "popular dress", "latest edition", "latest edition tee", "new balance"),
        *(
            "new balance shoes",
            "brand new",
            "brand new in",
            "new york tee",
            "newborn dress",
            "new look dress",
        ),
        *(
            "top seller badge",
            "best selling author tee",
            "new in town tee",
            "top rated",
            "cheap dress",
            "cheap",
        ),
        *("new dress", "best dress", "low price dress", "high to low dress", "oldest to newest"),
        *("robe chic", "vestido nuevo", "neues Kleid", "beliebte Kleider"),
    ],
)
def test_words_that_may_say_something_else_are_no_order(text):
    parsed = parse_query(text, VOCABULARY)
    assert (parsed.sort, parsed.text) == (None, text)


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("new in", True),
        ("new in dresses", True),
        ("bestseller dresses", True),
        ("cheap monday jeans", True),
        ("cheapest price jeans", False),
        ("most popular dresses", False),
        ("cheapest cheap monday jeans", False),
    ],
)
def test_the_name_of_a_brand_or_a_category_is_no_order(text, is_named):
    shop = Vocabulary.of(
        brand=("Bestseller", "Cheap Monday", "Price", "Popular"), category=("New In", "Dresses", "Jeans")
    )
    parsed = parse_query(text, shop)
    assert (parsed.sort is None, parsed.text == text) == (is_named, is_named)


@pytest.mark.parametrize("ignored", ["sort", "sort:price"])
def test_an_order_that_was_taken_back_is_still_nothing_to_look_for(ignored):
    parsed = parse("cheapest shoes", ignore=(ignored,))
    assert (parsed.sort, parsed.text, parsed.chips) == (Sort.RELEVANCE, "shoes", ())
    assert parse("cheapest", ignore=(ignored,)).is_order_alone


def test_of_two_orders_the_second_applies_once_the_first_is_taken_back():
    parsed = parse("cheapest newest jeans", ignore=("sort:price",))
    assert (parsed.sort, parsed.text) == (NEWEST, "jeans")


def test_words_that_are_taken_literally_ask_for_no_order():
    parsed = parse("cheapest shoes", ignore=("all",))
    assert (parsed.sort, parsed.text) == (None, "cheapest shoes")


def test_the_chip_holds_the_words_that_it_was_read_from():
    assert parse("Cheapest shoes").chips == (Chip("sort", "price", "Cheapest"),)


def test_filters_that_were_chosen_leave_the_order():
    parsed = parse("cheapest shoes under 20").beside(Filters(price_max=Decimal(30)))
    assert [chip.field for chip in parsed.chips] == ["sort"]


def test_a_text_without_an_order_states_none():
    assert list(stated_orders("red dress", (), VOCABULARY)) == []
