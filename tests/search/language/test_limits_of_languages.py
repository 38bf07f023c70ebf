"""Limits of the price as each language says them."""

from decimal import Decimal

import pytest

from search.language.parser import Vocabulary, parse_query
from search.language.translation import TRANSLATE_ALL

NOTHING_STATED = Vocabulary.of(category=("Dresses",))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("100 ile 200 tl arası elbise", 100, 200),
        ("100-200 tl arasında elbise", 100, 200),
        ("50 TL'den ucuz elbise", None, 50),
        ("50 liraya kadar elbise", None, 50),
        ("100 tl'nin altında elbise", None, 100),
        ("sukienka tańsza niż 100 zł", None, 100),
        ("sukienka nie droższa niż 100 zł", None, 100),
        ("vestido 50 euros máximo", None, 50),
        ("robe ne dépassant pas 50 euros", None, 50),
        ("vestito entro i 50 euro", None, 50),
        ("vestito tra i 30 e i 60 euro", 30, 60),
        ("vestido que no pase de 50 euros", None, 50),
        ("vestido até R$ 50", None, 50),
        ("vestido de R$ 30 a R$ 60", 30, 60),
        ("jurk niet duurder dan 50 euro", None, 50),
        ("jurk tussen de 30 en 60 euro", 30, 60),
        ("jurk 50 euro of minder", None, 50),
        ("robe pas plus chère que 50 euros", None, 50),
        ("robe moins chère que 50 euros", None, 50),
        ("vestido no más caro que 50 euros", None, 50),
        ("vestito meno caro di 50 euro", None, 50),
        ("vestido mais barato que 50 euros", None, 50),
    ],
)
def test_a_limit_is_read_as_each_language_says_it(text, low, high):
    parsed = parse_query(text, NOTHING_STATED, translator=TRANSLATE_ALL)
    limits = [None if each is None else Decimal(each) for each in (low, high)]
    assert [parsed.filters.price_min, parsed.filters.price_max] == limits
    assert parsed.text == "dress"
