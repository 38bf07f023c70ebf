"""A thing that the shop has none of is named; what is shown instead is not said to match."""

import pytest

from catalog.models import Product
from search import engine, retrieval
from search.models import Synonym
from search.query import SearchQuery, Upload
from tests.search.answers.asking import ask
from tests.search.shop import NOW, picture, reindex

pytestmark = pytest.mark.django_db


def not_sold(text, **query):
    return retrieval.search(SearchQuery(text=text, **query), user=None, now=NOW, track=False).not_sold


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("lipstick", "lipstick"),
        ("Red Lipstick for her", "Lipstick"),
        ("green kimono with flowers", "kimono"),
        ("mascara set", "mascara"),
        ("bathing suit", "bathing suit"),
        ("roter Lippenstift", "Lippenstift"),
        ("a lipstick for my wife", "lipstick"),
        ("kimono and lipstick", "lipstick"),
        ("Nagellack", "Nagellack"),
        ("Damenlippenstift", "Damenlippenstift"),
        # A size that is let go told the language.
        ("jupe 6 ans", "jupe"),
        ("gonna 18 mesi", "gonna"),
        ("falda talla 42", "falda"),
        ("jupe taille 42", "jupe"),
        # The shop has these, by this name or by another.
        ("dress", ""),
        ("dress and lipstick", ""),
        ("frock", ""),
        ("handbag", ""),
        ("lipstick red dress", ""),
        ("bag for my lipstick", ""),
        # These name no thing.
        ("something warm for winter", ""),
        ("wedding outfit", ""),
        ("red", ""),
        ("three quarter sleeve", ""),
        ("no lipstick", ""),
    ],
)
def test_a_thing_that_nothing_is_called_is_named_as_it_was_typed(shop, text, thing):
    assert not_sold(text) == thing


def test_what_titles_say_is_sold_and_what_descriptions_mention_is_not(shop, colour_encoder):
    row = Product.objects.filter(pk=shop[0].pk)
    row.update(title="Bikini briefs", description="A pouch with room for a lipstick", updated_at=NOW)
    reindex(colour_encoder)
    engine.forget()
    assert [not_sold(text) for text in ("bikini", "bikinis", "lipstick")] == ["", "", "lipstick"]


def test_what_staff_call_it_counts(shop):
    assert not_sold("kimono") == "kimono"
    Synonym.objects.create(term="kimono", alternatives="dress")
    assert not_sold("kimono") == ""


def test_beside_a_picture_it_is_named_where_the_words_count(shop):
    upload = Upload(picture("red"), "image/jpeg")
    assert not_sold("kimono", picture=upload) == "kimono"
    assert not_sold("kimono", picture=upload, weight=1.0) == ""


def test_pages_and_api_say_so(client, shop):
    page = client.get("/results", {"text": "red lipstick"}).content.decode()
    assert "Nothing here is called “lipstick”. These are the nearest." in page
    assert "that match your words" not in page
    assert "near to what you asked for" in page
    assert "Nothing here is called" not in client.get("/results", {"text": "red dress"}).content.decode()
    assert ask(client, text="red lipstick").json()["not_sold"] == "lipstick"


@pytest.mark.parametrize(
    ("one_word", "two_words"),
    [
        ("waistcoat", "waist coat"),
        ("swimsuit", "swim-suit"),
        ("jumpsuit", "jump suit"),
        ("bathrobe", "bath robe"),
    ],
)
def test_one_word_and_two_are_the_same_thing(shop, colour_encoder, one_word, two_words):
    assert (not_sold(one_word), not_sold(two_words)) == (one_word, two_words)
    Product.objects.filter(pk=shop[0].pk).update(title=two_words.title(), updated_at=NOW)
    reindex(colour_encoder)
    engine.forget()
    assert (not_sold(one_word), not_sold(two_words)) == ("", "")
