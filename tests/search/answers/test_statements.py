"""Answers are narrowed to what says what is asked of a kind, where enough products say such things."""

import pytest

from search import retrieval
from search.query import SearchQuery
from tests.search.shop import NOW, reindex

pytestmark = pytest.mark.django_db


@pytest.fixture
def pleated_shop(shop, colour_encoder):
    """The shop, in which twelve of fifteen dresses and six shirts say "pleated"."""
    for product in shop:
        kind, number = product.category.lower(), int(product.title.rsplit(" ", 1)[-1])
        if (kind == "dress" and number < 4) or (kind == "shirt" and number < 2):
            product.title = f"Pleated {product.title}"
            product.save()
    reindex(colour_encoder)
    return shop


def ask(text, **query):
    return retrieval.search(SearchQuery(text=text, top_k=100, **query), user=None, now=NOW, track=True)


def titles(hits):
    return [hit.product.title for hit in hits]


@pytest.mark.parametrize("text", ["pleated dress", "dress with pleats", "lovely pleated dress"])
def test_the_answer_is_what_says_so(pleated_shop, text):
    result = ask(text)
    assert len(result.hits) == 12
    assert all("Pleated" in title for title in titles(result.hits))


def test_the_others_of_the_kind_stand_behind_the_answer(pleated_shop):
    result = ask("pleated dress")
    behind = [hit for hit in result.close if hit.product.category == "Dress"]
    assert len(behind) == 3
    assert not any("Pleated" in title for title in titles(behind))


def test_what_few_products_say_narrows_nothing(pleated_shop):
    result = ask("pleated shirt")
    assert len(result.hits) == 15
    assert all("Pleated" in title for title in titles(result.hits[:6]))


def test_a_purpose_is_not_a_statement(pleated_shop):
    assert ask("dress for pleated days").total == 15


def test_the_kind_taken_back_takes_the_narrowing_with_it(pleated_shop):
    assert ask("pleated dress", ignore=("kind",)).total > 12


def test_a_facet_still_counts_what_choosing_it_gives(pleated_shop):
    for choice in ask("pleated dress").facets.colour:
        assert ask(f"pleated {choice.value} dress").total == choice.count
