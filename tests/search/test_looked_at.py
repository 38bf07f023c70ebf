"""The query picture on the results page: dots on its pieces, wishes beside it, and pictures by address."""

from dataclasses import replace

import pytest
import responses
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone, translation

from search import engine, retrieval
from search.admission import Busy
from search.index.product_index import with_manifest
from search.models import QueryImage
from search.operations.deletion import delete_pictures
from search.pages.addresses import read_query
from search.pages.picture import wishes
from search.query import InvalidQuery, PictureAddress, SearchQuery, is_address
from search.query.search_query import Crop
from search.query_builder import pieces
from search.query_builder.windows import SuggestedCrop
from tests.factories import picture_bytes
from tests.search.shop import NOW

ADDRESS = "https://pictures.example/red.png"
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


def send(client, **form):
    return client.post(reverse("results"), form)


@pytest.fixture
def uploaded(client, shop):
    """The address of the results of an uploaded picture."""
    return send(client, image=SimpleUploadedFile("red.png", picture_bytes("red", (400, 200)), "image/png"))[
        "Location"
    ]


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


def test_there_are_none_without_a_picture(shop):
    assert wishes.wishes(ask(text="red dress")) == []


# --- A picture by address ----------------------------------------------------------------------


@pytest.mark.parametrize("text", ["https://a.example/b.jpg", "http://a.example", "HTTPS://a.example/x?y=1"])
def test_one_address_alone_is_one(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text",
    ["red dress", "https://a.example/b c", "ftp://a.example/b", "https://me:pw@a.example/", "https://"],
)
def test_other_texts_are_no_address(text):
    assert not is_address(text)
    with pytest.raises(InvalidQuery) as refusal:
        PictureAddress(text)
    assert refusal.value.field == "image_url"


@pytest.mark.parametrize("field", ["image_url", "text"])
@responses.activate
def test_a_pasted_address_is_fetched_and_searched_with(client, shop, field):
    responses.get(ADDRESS, body=picture_bytes("red"))
    location = send(client, **{field: ADDRESS})["Location"]
    query = read_query(client.get(location).wsgi_request.GET)
    assert query.image_id == QueryImage.objects.get().image_id
    assert query.text == ""


@responses.activate
def test_an_address_beside_words_leaves_the_words(client, shop):
    responses.get(ADDRESS, body=picture_bytes("red"))
    assert "text=dress" in send(client, text=ADDRESS, previous="dress")["Location"]


@pytest.mark.parametrize("url", ["http://127.0.0.1/x.png", "http://169.254.169.254/", "http://[::1]/x.png"])
def test_private_addresses_are_refused_even_where_feeds_may_be_private(client, shop, settings, url):
    settings.ALLOW_PRIVATE_FEEDS = True
    answer = send(client, image_url=url)
    assert answer.status_code == 400
    assert "No picture could be fetched" in answer.content.decode()


@pytest.mark.parametrize("status", [404, 403, 500])
@responses.activate
def test_the_answer_does_not_describe_what_the_other_server_said(client, shop, status):
    responses.get(ADDRESS, status=status, body="secret")
    answer = client.post("/api/v1/image-search", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["errors"]["image_url"][0]["detail"].startswith("No picture could be fetched")
    assert str(status) not in answer.json()["detail"]


@responses.activate
def test_what_is_no_picture_is_refused_as_an_upload_is(client, shop):
    responses.get(ADDRESS, body=b"<html>")
    answer = client.post("/api/v1/image-search", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code in (400, 415)


@pytest.mark.parametrize("endpoint", ["recommend", "image-search"])
@responses.activate
def test_the_api_fetches_a_picture_by_address(client, shop, endpoint):
    responses.get(ADDRESS, body=picture_bytes("red"))
    answer = client.post(f"/api/v1/{endpoint}", {"image_url": ADDRESS}, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["image_id"] == QueryImage.objects.get().image_id


@responses.activate
def test_a_fetched_picture_counts_as_one_of_the_client_pictures(client, shop, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    responses.get(ADDRESS, body=picture_bytes("red"))
    assert send(client, image_url=ADDRESS).status_code == 303
    assert send(client, image_url=ADDRESS).status_code == 429
    assert len(responses.calls) == 1


def test_get_never_fetches(client, shop):
    assert client.get(reverse("results"), {"text": ADDRESS}).status_code == 200
    assert not QueryImage.objects.exists()


def test_a_picture_and_an_id_are_refused_together():
    with pytest.raises(InvalidQuery):
        SearchQuery(picture=PictureAddress(ADDRESS), image_id="a" * 64)
