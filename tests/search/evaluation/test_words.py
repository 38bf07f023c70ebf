"""Other languages and misspelt words, measured through the search."""

import json

import pytest
from django.core.management import call_command
from rapidfuzz.distance import OSA

from search.evaluation.words import SLIPS, correct_words, misspelt
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db


def test_a_misspelt_query_is_one_slip_away_in_one_word():
    products = [ProductFactory.build(category="Dresses", colour="Red") for _number in range(20)]
    found = list(misspelt(products))
    assert {each.slip for each in found} == set(SLIPS)
    assert all(OSA.distance(each.meant, each.typed) == 1 for each in found)
    assert found == list(misspelt(products))


def test_the_correct_words_are_listed_once_each():
    texts = correct_words()
    assert len(texts) > 400
    assert len(texts) == len(set(texts))


@pytest.mark.slow
def test_the_words_of_a_catalogue_are_measured_by_command(shop, capsys):
    call_command("evaluate", "--words", "--json")
    words = json.loads(capsys.readouterr().out)["words"]
    assert words["correct words"]["queries"] == len(correct_words())
    assert words["misspelt"]["p@10"] >= words["misspelt, not corrected"]["p@10"]
