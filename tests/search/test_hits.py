"""The hits of a page are made once, while what they are made of stands."""

import pytest

from catalog.models import Product
from search import retrieval
from search.query import SearchQuery
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


def ask(**query):
    return retrieval.search(SearchQuery(**query), user=None, now=NOW, track=True)


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def test_a_page_that_is_asked_again_has_the_same_hits_while_the_catalogue_stands(shop):
    pages = [ask(text="red dress") for _time in range(3)]
    assert pages[2].hits is pages[1].hits
    Product.objects.filter(pk=pages[0].hits[0].product.pk).deactivate(NOW)
    assert ids(ask(text="red dress")) == ids(pages[0])[1:]


def test_another_page_of_a_set_has_other_hits(shop):
    first, second = (ask(text="red dress", top_k=5, offset=offset) for offset in (0, 5))
    assert not set(ids(first)) & set(ids(second))
