"""The query picture on the results page: dots on its pieces, and wishes beside it."""

from dataclasses import replace

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from search import engine, retrieval
from search.admission import Busy
from search.index.product_index import with_manifest
from search.models import QueryImage
from search.operations.deletion import delete_pictures
from search.pages.picture import vocabulary, wishes
from search.query import SearchQuery
from search.query.search_query import Crop
from search.query_builder import pieces
from search.query_builder.windows import SuggestedCrop
from tests.factories import picture_bytes
from tests.search.shop import NOW

FOUND = [
    SuggestedCrop(Crop(0.0, 0.0, 0.5, 0.5), "Dresses", 0.9),
    SuggestedCrop(Crop(0.5, 0.5, 0.5, 0.5), "Boots", 0.8),
]


def ask(**parts):
    return retrieval.search(SearchQuery(**parts), user=None, now=NOW, track=False, log=False)


@pytest.fixture
def found(monkeypatch):
    """Every picture shows two pieces; the list says how often they were looked for."""
    looked = []
    monkeypatch.setattr(pieces, "suggest_crops", lambda *arguments: looked.append(1) or FOUND)
    return looked


@pytest.fixture
def uploaded(client, shop):
    """The address of the results of an uploaded picture."""
    picture = SimpleUploadedFile("red.png", picture_bytes("red", (400, 200)), "image/png")
    return client.post(reverse("results"), {"image": picture})["Location"]


# --- Dots --------------------------------------------------------------------------------------


def test_the_page_does_not_wait_for_the_pieces(client, uploaded, found):
    page = client.get(uploaded).content.decode()
    assert "/results/pieces?image_id=" in page
    assert found == []


def test_every_piece_is_a_link_to_the_results_of_its_crop(client, uploaded, found):
    parameters = uploaded.partition("?")[2]
    part = client.get(f"{reverse('pieces')}?{parameters}").content.decode()
    assert part.count('class="piece"') == 2
    assert "crop=0.0000%2C0.0000%2C0.5000%2C0.5000" in part
    assert "Search with this part: Dresses" in part


def test_the_picture_is_not_distorted(client, uploaded, found):
    page = client.get(uploaded).content.decode()
    assert 'viewBox="0 0 1000 500"' in page


def test_pieces_are_found_once(client, uploaded, found):
    address = f"{reverse('pieces')}?{uploaded.partition('?')[2]}"
    client.get(address)
    assert 'class="piece"' in client.get(uploaded).content.decode()
    client.get(address)
    assert len(found) == 1


def test_without_javascript_a_link_finds_them(client, uploaded, found):
    page = client.get(f"{uploaded}&pieces=true").content.decode()
    assert page.count('class="piece"') == 2


def test_the_chosen_piece_is_marked_and_leads_back_to_the_whole(client, uploaded, found):
    page = client.get(f"{uploaded}&crop=0.5,0.5,0.5,0.5&pieces=true").content.decode()
    assert page.count('aria-current="true"') >= 1
    assert "Boots: chosen. Search with the whole picture" in page
    assert 'class="looked-at-box" x="500" y="250" width="500" height="250"' in page


def test_a_picture_of_one_thing_has_no_dots(client, uploaded, monkeypatch):
    monkeypatch.setattr(pieces, "suggest_crops", lambda *arguments: FOUND[:1])
    assert 'class="piece"' not in client.get(f"{uploaded}&pieces=true").content.decode()


def test_a_busy_encoder_leaves_the_picture_without_dots(client, uploaded, monkeypatch):
    def refuse(*arguments):
        raise Busy

    monkeypatch.setattr(pieces, "suggest_crops", refuse)
    answer = client.get(f"{uploaded}&pieces=true")
    assert answer.status_code == 200
    assert 'class="piece"' not in answer.content.decode()


def test_pieces_of_a_deleted_picture_are_forgotten(
    client, uploaded, found, django_capture_on_commit_callbacks
):
    client.get(f"{uploaded}&pieces=true")
    image_id, snapshot = QueryImage.objects.get().image_id, engine.snapshot()
    assert pieces.known_pieces(image_id, snapshot) == FOUND
    with django_capture_on_commit_callbacks(execute=True):
        delete_pictures([image_id])
    assert pieces.known_pieces(image_id, snapshot) is None


def test_pieces_that_were_found_in_an_earlier_index_are_forgotten_with_the_picture(
    uploaded, found, django_capture_on_commit_callbacks
):
    snapshot = engine.snapshot()
    earlier = replace(snapshot, index=with_manifest(snapshot.index, version="earlier"))
    image_id = QueryImage.objects.get().image_id
    pieces.pieces(image_id, earlier, now=timezone.now())
    assert pieces.known_pieces(image_id, snapshot) is None
    with django_capture_on_commit_callbacks(execute=True):
        delete_pictures([image_id])
    assert pieces.known_pieces(image_id, earlier) is None


@pytest.mark.parametrize("garbage", ["text", 7, [["a"]], [["9,9,9,9", "Boots", 1.0]]])
def test_what_cannot_be_read_counts_as_not_looked_for(shop, garbage):
    snapshot = engine.snapshot()
    caches["search"].set(pieces._address("id"), [pieces._found_with(snapshot), garbage])
    assert pieces.known_pieces("id", snapshot) is None


def test_pieces_without_a_picture_are_not_there(client, shop):
    assert client.get(reverse("pieces")).status_code == 404


def test_a_product_own_picture_is_not_searched_for_pieces(client, shop, found):
    page = client.get(f"{reverse('results')}?image_id=product:{shop[0].product_id}&pieces=true")
    assert 'class="looked-at"' in page.content.decode()
    assert found == []


# --- Wishes ------------------------------------------------------------------------------------


def wished(shop, **query):
    return wishes.wishes(ask(image_id=f"product:{shop[0].product_id}", **query))


def test_wishes_are_colours_that_the_answer_has_besides_the_picture_own(shop):
    offered = [wish.words for wish in wished(shop)]
    assert any(words.startswith("in ") for words in offered)
    assert "in red" not in offered


def test_a_wish_adds_its_words_to_those_of_the_query(shop):
    wish = next(wish for wish in wished(shop, text="long") if wish.words.startswith("in "))
    assert f"text=long+{wish.words.replace(' ', '+')}" in wish.url
    assert f"image_id=product%3A{shop[0].product_id}" in wish.url


def test_what_is_said_already_is_not_offered(shop):
    wish = wished(shop)[0]
    assert wish.words not in [each.words for each in wished(shop, text=wish.words)]


def test_wishes_are_in_the_language_of_the_reader(shop):
    with translation.override("de"):
        assert all("green" not in wish.words for wish in wished(shop))


def retitled(hits, *titles):
    """The answer to a picture with other titles, each for a part of the hits."""
    for at, hit in enumerate(hits.hits):
        object.__setattr__(hit.product, "title", titles[at % len(titles)])
    return hits


def test_a_word_of_titles_that_no_glossary_has_is_no_wish(shop):
    found = retitled(ask(image_id=f"product:{shop[0].product_id}"), "Turtle solid flag", "Plain one", "Other")
    assert not {"turtle", "solid", "flag"} & {wish.words for wish in wishes.wishes(found)}


def test_a_detail_of_titles_is_a_wish_in_the_language_of_the_reader(shop):
    found = retitled(ask(image_id=f"product:{shop[0].product_id}"), "Stripes and Dots", "Dress", "Other")
    assert "striped" in {wish.words for wish in wishes.wishes(found)}
    with translation.override("de"):
        assert "gestreift" in {wish.words for wish in wishes.wishes(found)}


def test_colours_are_written_as_the_language_writes_them(shop):
    with translation.override("de"):
        offered = {wish.words for wish in wished(shop)}
    assert {"in Grün", "in Blau"} & offered
    assert not {"in grün", "in blau"} & offered


def test_a_value_that_the_glossary_lacks_is_no_wish():
    assert vocabulary.shown("Puma Black-Flame") == ""
    assert vocabulary.shown("Multi") == ""
    assert vocabulary.shown("NAVY") == "navy"


def test_a_shop_in_the_language_of_the_reader_is_understood():
    assert vocabulary.shown("Blau") == ""
    with translation.override("de"):
        assert vocabulary.shown("Blau") == "Blau"


@pytest.mark.parametrize("title", ["Long Sleeve Tee", "Shirt with long sleeves", "long-sleeved shirt"])
def test_titles_write_a_detail_in_several_ways(title):
    assert vocabulary.details(title) == {"long-sleeved"}


def test_there_are_none_without_a_picture(shop):
    assert wishes.wishes(ask(text="red dress")) == []
