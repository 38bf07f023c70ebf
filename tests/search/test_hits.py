"""The hits of a page are made once, while what they are made of stands."""

import pytest

from accounts.models import Favorite, User
from catalog.models import Product
from search import retrieval
from search.hits import reasons
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


def test_only_what_resembles_what_was_liked_is_said_to(shop):
    user = User.objects.create_user("ada@example.org", "correct horse battery")
    liked = [each for each in shop if (each.colour, each.category) == ("Red", "Dress")][:2]
    for product in liked:
        Favorite.objects.create(user=user, product_id=product.product_id)
    hits = retrieval.search(SearchQuery(text="boots", top_k=60), user=user, now=NOW, track=True).hits
    said = {hit.product.colour for hit in hits if "Close to what you have liked." in reasons(hit)}
    assert {hit.product.colour for hit in hits} == {"Red", "Green", "Blue"}
    assert said == {"Red"}
