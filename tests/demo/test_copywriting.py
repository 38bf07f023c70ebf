"""What the demo shop says of its products."""

import re

import pytest

from demo.assortment import articles
from demo.copywriting import written
from demo.drawing.pictures import traits
from demo.texts import OPENERS
from tests.examples import examples


def test_a_reduced_price_is_below_the_price():
    for article in articles(examples(400), 7):
        style = article.style
        words = traits(style.kind.name, style.pattern, style.wearer, style.drawing, 7)
        copy = written(article, words, 7)
        assert copy.sale_price is None or 0 < copy.sale_price < copy.price


@pytest.mark.parametrize("kind", sorted(OPENERS))
def test_an_article_fits_the_word_behind_it(kind):
    for opener in OPENERS[kind]:
        # "An R" is said with a vowel.
        for article, letter in re.findall(r"\b([Aa]n?) ([a-z])", opener.format(noun=kind)):
            assert article.lower() == ("an" if letter in "aeiou" else "a"), opener
