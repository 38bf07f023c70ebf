"""How an answer is described: what all its pages share is described once."""

from search.api.answer_serializers import FacetsSerializer
from search.result import Facets, FacetValue

DRESSES = Facets(category=(FacetValue("Dresses", 2),), in_stock=2)


def described(facets):
    return FacetsSerializer().to_representation(facets)


def test_the_facets_of_an_answer_are_described_once():
    assert described(DRESSES) is described(DRESSES)


def test_other_facets_are_described_anew():
    assert described(DRESSES)["in_stock"] == 2
    assert described(Facets(in_stock=3))["in_stock"] == 3
