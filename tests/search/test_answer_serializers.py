"""How an answer is described: what all its pages share is described once."""

from datetime import UTC, datetime

from django.urls import set_script_prefix
from django.utils.translation import override

from catalog.display.cards import Card
from search.api.answer_serializers import ChipSerializer, FacetsSerializer, HitSerializer
from search.query import Chip
from search.result import AttributeFacet, Facets, FacetValue, Hit

DRESSES = Facets(category=(FacetValue("Dresses", 2),), in_stock=2)


def described(facets):
    return FacetsSerializer().to_representation(facets)


def test_the_facets_of_an_answer_are_described_once():
    assert described(DRESSES) is described(DRESSES)


def test_other_facets_are_described_anew():
    assert described(DRESSES)["in_stock"] == 2
    assert described(Facets(in_stock=3))["in_stock"] == 3


def test_values_are_named_in_the_language_of_the_request():
    season = AttributeFacet("season", (FacetValue("Summer", 1),))
    path = FacetValue("Apparel > Dress", 2)
    facets = Facets(colour=(FacetValue("Red", 2),), category_tree=(path,), attributes=(season,))
    for language, names in (
        ("en", ["Red", "Dress", "Season", "Summer"]),
        ("de", ["Rot", "Kleider", "Jahreszeit", "Sommer"]),
    ):
        with override(language):
            shown = described(facets)
        steps, attribute = shown["category_tree"], shown["attributes"][0]
        found = [shown["colour"][0], *steps, attribute, attribute["values"][0]]
        assert [each["label"] for each in found] == names
        # What a filter takes is the same in every language.
        assert (found[0]["value"], steps[0]["value"], steps[0]["name"]) == ("Red", "Apparel > Dress", "Dress")
        assert (attribute["name"], found[-1]["value"]) == ("season", "Summer")


def test_a_chip_says_what_its_removal_takes_off():
    with override("de"):
        shown = ChipSerializer(Chip("exclude", "Red", "no red")).data
    assert shown == {"field": "exclude", "value": "Red", "label": "ohne Rot", "words": "no red"}


def hits():
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    card = Card(1, "demo-1", "Dress", "", "", "", "", None, None, "", True, None, "", moment, None)
    return (Hit(1, card, 0.5, 0.5, None, 0.5, None),)


def test_the_hits_of_a_page_are_described_once():
    serializer, page = HitSerializer(many=True), hits()
    assert serializer.to_representation(page) is serializer.to_representation(page)
    assert serializer.to_representation(page) is not serializer.to_representation(hits())


def test_hits_are_described_anew_where_the_site_is_mounted_elsewhere():
    serializer, page = HitSerializer(many=True), hits()
    at_root = serializer.to_representation(page)[0]["product"]["url"]
    try:
        set_script_prefix("/shop/")
        assert serializer.to_representation(page)[0]["product"]["url"] == f"/shop{at_root}"
    finally:
        set_script_prefix("/")
