"""Later pages refer to the answer that its query_id names, whatever happens meanwhile."""

import re
import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.core.cache import caches
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Favorite, User
from accounts.sign_in import tokens
from analytics import recording
from analytics.models import SearchLog
from search import engine
from search.index import reindex as indexing
from search.models import QueryImage
from search.vectors import unit
from tests.factories import ProductFactory
from tests.problems import fields_of
from tests.search.answers.asking import ask, ids, rest
from tests.search.shop import NOW, picture, reindex

pytestmark = pytest.mark.django_db


def person(name="ada"):
    return User.objects.create_user(f"{name}@example.com", "seven green umbrellas")


def bearer(user):
    return {"HTTP_AUTHORIZATION": f"Bearer {tokens.issue(user, now=timezone.now()).access}"}


def favour(user, products):
    left = iter(products)

    def add():
        one = next(left, None)
        if one is not None:
            Favorite.objects.create(user=user, product_id=one.product_id)

    return add


@pytest.mark.parametrize("body", [{"text": "dress"}, {}, {"text": "dress", "sort": "price"}])
def test_favourites_between_pages_move_nothing(client, shop, body):
    user = person()
    headers = bearer(user)
    Favorite.objects.create(user=user, product_id=shop[0].product_id)
    first = ask(client, headers=headers, top_k=4, **body).json()
    seen = ids(first) + rest(client, first, headers, between=favour(user, shop[1:]))
    assert first["total"] > 8
    assert len(seen) == len(set(seen)) == first["total"]


def test_without_query_id_an_offset_pages_as_ever(client, shop):
    first = ask(client, text="dress", top_k=4).json()
    second = ask(client, text="dress", top_k=4, offset=4).json()
    assert not set(ids(first)) & set(ids(second))
    assert second["query_id"] != first["query_id"]


def test_pages_by_id_are_the_pages_by_offset(client, shop):
    first = ask(client, text="dress", top_k=5).json()
    by_offset = ask(client, text="dress", top_k=100, offset=5).json()
    assert rest(client, first) == ids(by_offset)


def test_a_page_has_as_many_results_as_the_first_unless_it_asks_for_others(client, shop):
    first = ask(client, text="dress", top_k=3).json()
    same = ask(client, query_id=first["query_id"], offset=3).json()
    more = ask(client, query_id=first["query_id"], offset=3, top_k=6).json()
    assert (len(ids(same)), len(ids(more))) == (3, 6)


def test_an_uploaded_picture_may_be_deleted_while_its_answer_is_paged(client, shop):
    upload = SimpleUploadedFile("blue.jpg", picture("blue"), content_type="image/jpeg")
    first = client.post("/api/v1/image-search", {"image": upload, "top_k": 2, "crop": "0,0,0.5,0.5"}).json()
    QueryImage.objects.all().delete()
    assert len(rest(client, first, name="image-search")) == first["total"] - 2


def test_every_search_endpoint_pages_by_id(client, shop):
    image = f"product:{shop[0].product_id}"
    for name, body in (("text-search", {"text": "dress"}), ("image-search", {"image_id": image})):
        first = ask(client, name, top_k=2, **body).json()
        again = ask(client, name, top_k=2, query_id=first["query_id"]).json()
        assert ids(again) == ids(first)


def test_an_answer_of_a_person_is_theirs_alone(client, shop):
    ada, bob = person("ada"), person("bob")
    first = ask(client, headers=bearer(ada), text="dress").json()
    for headers in (bearer(bob), {}):
        refused = ask(client, headers=headers, query_id=first["query_id"])
        assert (refused.status_code, refused.json()["code"]) == (410, "answer_expired")
    assert ask(client, headers=bearer(ada), query_id=first["query_id"]).status_code == 200


def test_an_anonymous_answer_is_paged_on_after_signing_in(client, shop):
    first = ask(client, text="dress", top_k=2).json()
    assert ask(client, headers=bearer(person()), query_id=first["query_id"], offset=2).status_code == 200


def test_an_unknown_answer_is_gone(client, shop):
    assert ask(client, query_id=str(uuid.uuid4())).status_code == 410
    assert fields_of(ask(client, query_id="x")) == ["query_id"]


def test_a_set_that_the_cache_lost_is_computed_again_while_nothing_changed(client, shop):
    user = person()
    Favorite.objects.create(user=user, product_id=shop[3].product_id)
    headers = bearer(user)
    first = ask(client, headers=headers, text="dress", top_k=4).json()
    expected = rest(client, first, headers)
    lose_result_sets()
    Favorite.objects.create(user=user, product_id=shop[5].product_id)
    assert rest(client, first, headers) == expected


def test_a_set_that_the_cache_lost_is_refused_once_the_index_changed(client, shop, colour_encoder):
    first = ask(client, text="dress", top_k=4).json()
    ProductFactory(product_id="demo-new", external_id="new", title="New red dress", category="Dresses")
    reindex(colour_encoder)
    assert ask(client, query_id=first["query_id"], offset=4).json()["index_version"] == first["index_version"]
    lose_result_sets()
    refused = ask(client, query_id=first["query_id"], offset=4)
    assert (refused.status_code, "without query_id" in refused.json()["detail"]) == (410, True)


def test_it_is_refused_by_a_release_whose_model_has_another_dimension(client, shop, colour_encoder):
    first = ask(client, text="dress", top_k=4).json()
    whole = colour_encoder.encode_text, colour_encoder.encode_images
    colour_encoder.fingerprint, colour_encoder.dimension = "0" * 64, 8
    colour_encoder.encode_text, colour_encoder.encode_images = map(halved, whole)
    indexing.reindex(encoder=colour_encoder, store=engine.store(), now=NOW + timedelta(hours=1))
    assert ask(client, text="dress", top_k=4).status_code == 200
    lose_result_sets()
    assert ask(client, query_id=first["query_id"], offset=4).status_code == 410


def halved(encode):
    return lambda items: unit(encode(items)[:, :8])


def lose_result_sets():
    cache = caches["answers"]
    for key in [key for key in cache._cache if ":answer:" in key]:
        del cache._cache[key], cache._expire_info[key]


def test_another_query_beside_the_id_is_refused_by_its_field(client, shop):
    first = ask(client, text="red dress", colour=["Red"]).json()
    for body, field in (
        ({"text": "boots"}, "text"),
        ({"colour": ["Blue"]}, "colour"),
        ({"sort": "price"}, "sort"),
    ):
        refused = ask(client, query_id=first["query_id"], **body)
        assert (refused.status_code, fields_of(refused)) == (400, [field])


def test_the_same_query_beside_the_id_is_accepted(client, shop):
    body = {"text": " red  dress", "colour": ["Red"], "price_max": "900.00", "diversity": 0.2}
    first = ask(client, top_k=2, **body).json()
    assert ask(client, query_id=first["query_id"], offset=2, **body).status_code == 200


def test_defaults_that_a_generated_client_sends_beside_the_id_are_no_other_query(client, shop):
    first = ask(client, text="red dress", weight=0.3, diversity=0.4, top_k=2).json()
    unset = {
        "text": "",
        "weight": 0.5,
        "diversity": 0.0,
        "sort": "relevance",
        "in_stock": False,
        "image_id": "",
    }
    assert ask(client, query_id=first["query_id"], offset=2, **unset).status_code == 200


def test_a_page_is_not_logged_as_another_search(client, shop):
    first = ask(client, text="dress", top_k=2).json()
    rest(client, first)
    recording.flush()
    assert SearchLog.objects.count() == 1


def test_show_more_on_a_page_continues_its_answer(client, shop):
    user = person()
    client.cookies[tokens.access_cookie()] = tokens.issue(user, now=timezone.now()).access
    answer = client.get("/results", {"text": "dress", "top_k": 4})
    seen, add = [], favour(user, shop)
    while answer:
        result = answer.context["result"]
        seen += [hit.product.product_id for hit in result.hits]
        more = re.search(r'hx-get="([^"]*query_id=[^"]*)"', answer.content.decode())
        add()
        answer = client.get(unescape(more[1])) if more else None
    assert len(seen) == len(set(seen)) == result.total
