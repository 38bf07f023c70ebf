"""Orders in every language that is read, and the limits that look like them."""

import pytest

from search.language.languages import codes, data
from search.language.parser import parse_query
from search.language.translation import TRANSLATE_ALL, Translator
from search.language.wording.telling import told
from search.query import Sort
from tests.search.language.parsing import VOCABULARY

PRICE, DEAREST, NEWEST, POPULAR = Sort.PRICE, Sort.PRICE_DESCENDING, Sort.NEWEST, Sort.POPULAR


def parse(text):
    return parse_query(text, VOCABULARY, translator=TRANSLATE_ALL)


@pytest.mark.parametrize(
    ("text", "order", "left"),
    [
        ("billigste Schuhe", PRICE, "shoes"),
        ("Schuhe nach Preis aufsteigend", PRICE, "shoes"),
        ("teuerstes Kleid", DEAREST, "dress"),
        ("neueste Kleider", NEWEST, "dress"),
        ("meistverkaufte Kleider", POPULAR, "dress"),
        ("les moins chères robes", PRICE, "dress"),
        ("robes les moins chères", PRICE, "dress"),
        ("robe prix décroissant", DEAREST, "dress"),
        ("nouveautés robes", NEWEST, "dress"),
        ("robes les plus vendues", POPULAR, "dress"),
        ("VESTIDOS MÁS BARATOS", PRICE, "dress"),
        ("vestidos mas caros", DEAREST, "dress"),
        ("novedades vestidos", NEWEST, "dress"),
        ("vestidos más vendidos", POPULAR, "dress"),
        ("scarpe meno care", PRICE, "shoes"),
        ("scarpe più costose", DEAREST, "shoes"),
        ("nuovi arrivi scarpe", NEWEST, "shoes"),
        ("scarpe più vendute", POPULAR, "shoes"),
        ("goedkoopste jurken", PRICE, "dress"),
        ("duurste jurken", DEAREST, "dress"),
        ("nieuwste jurken", NEWEST, "dress"),
        ("best verkochte jurken", POPULAR, "dress"),
        ("najtańsze buty", PRICE, "shoes"),
        ("najdroższe buty", DEAREST, "shoes"),
        ("najnowsze buty", NEWEST, "shoes"),
        ("najczęściej kupowane buty", POPULAR, "shoes"),
        ("sapatos mais baratos", PRICE, "shoes"),
        ("sapatos mais caros", DEAREST, "shoes"),
        ("lançamentos vestidos", NEWEST, "dress"),
        ("vestidos mais vendidos", POPULAR, "dress"),
        ("en ucuz ayakkabı", PRICE, "shoes"),
        ("en pahalı ayakkabı", DEAREST, "shoes"),
        ("en yeni ayakkabı", NEWEST, "shoes"),
        ("en çok satan ayakkabı", POPULAR, "shoes"),
    ],
)
def test_an_order_is_read_in_every_language(text, order, left):
    parsed = parse(text)
    assert (parsed.sort, parsed.text) == (order, left)


@pytest.mark.parametrize(
    "text",
    [
        *("shoes cheaper than 50", "Schuhe weniger als 50", "Schuhe billiger als 50", "meno care di 50 euro"),
        *(
            "robes moins chères que 50 euros",
            "vestidos más baratos que 50 euros",
            "schoenen goedkoper dan 50",
        ),
        *("buty tańszych niż 50 zł", "sapatos mais baratos que 50 euros", "50 liradan ucuz ayakkabı"),
    ],
)
def test_a_comparison_with_an_amount_is_a_limit_and_no_order(text):
    parsed = parse(text)
    assert (parsed.sort, parsed.filters.price_min, str(parsed.filters.price_max)) == (None, None, "50")


@pytest.mark.parametrize("text", ["vestidos más caros que 50 euros", "scarpe più care di 50 euro"])
def test_dearer_than_an_amount_is_a_limit_too(text):
    parsed = parse(text)
    assert (parsed.sort, str(parsed.filters.price_min), parsed.filters.price_max) == (None, "50", None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("les moins chères robes", "fr"),
        ("superventas tops", "es"),
        ("najtańsze", "pl"),
        ("en ucuz pet", "tr"),
    ],
)
def test_a_phrase_for_an_order_tells_the_language(text, code):
    assert told(text) == {code}


def test_words_that_are_english_too_are_read_in_the_language_of_the_order():
    # An English catalogue has robes.
    translator = Translator(lambda word: {"dress": 50, "robe": 2}.get(word, 0))
    assert parse_query("les moins chères robes", VOCABULARY, translator=translator).text == "dress"


def test_no_phrase_stands_for_two_orders():
    orders = {}
    for code in codes():
        for name in ("cheapest", "dearest", "newest", "popular"):
            for prefix in ("", "perhaps_", "sorted_"):
                for phrase in data(code)["readings"].get(prefix + name, ()):
                    assert orders.setdefault(phrase, name) == name, phrase


@pytest.mark.parametrize("code", codes())
def test_every_language_has_words_for_every_order(code):
    readings = data(code)["readings"]
    assert all(readings[name] for name in ("cheapest", "dearest", "newest", "popular"))
    assert data(code)["phrases"]["beside_orders"]
