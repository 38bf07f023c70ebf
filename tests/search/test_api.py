"""The search endpoints as clients meet them: answers of one shape, and every refusal of the contract."""

import io
import json
import struct
import zlib
from contextlib import contextmanager

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from PIL import Image

from accounts.models import User
from accounts.sign_in import tokens
from analytics.metrics import stage_seconds
from search import admission
from search.models import QueryImage
from tests.search.shop import all_taken, picture

pytestmark = pytest.mark.django_db


def post(client, name, **body):
    return client.post(f"/api/v1/{name}", json.dumps(body), content_type="application/json")


def send(client, name, data=None, *, kind="image/jpeg", **fields):
    """A multipart request with a picture."""
    file = SimpleUploadedFile("picture.jpg", picture("blue") if data is None else data, content_type=kind)
    return client.post(f"/api/v1/{name}", {"image": file, **fields})


def ids(answer):
    return [hit["product"]["id"] for hit in answer.json()["results"]]


def test_an_answer_has_every_field_of_the_contract(client, shop):
    answer = send(client, "recommend", text="red dress", weight="0.4").json()
    assert {
        "query_id", "query_type", "text", "weight", "image_id", "text_truncated", "index_version", "cutoff",
        "total_is_capped", "total", "offset", "next_offset", "took_ms", "results", "facets",
    } <= answer.keys()  # fmt: skip
    assert {"rank", "score", "similarity", "image_score", "text_score", "relevance", "product"} <= answer[
        "results"
    ][0].keys()
    facets = {"category", "colour", "brand", "gender", "size", "material", "pattern", "price"}
    assert facets | {"category_tree", "attributes", "in_stock", "on_sale"} <= answer["facets"].keys()
    assert {"encode", "search", "rank", "total"} <= answer["took_ms"].keys()
    assert (answer["query_type"], answer["weight"]) == ("hybrid", 0.4)


def test_words_and_pictures_have_endpoints_of_their_own(client, shop):
    assert ids(post(client, "text-search", text="red dress")) == ids(
        post(client, "recommend", text="red dress")
    )
    assert ids(send(client, "image-search")) == ids(send(client, "recommend"))


def test_the_ends_of_the_weight_are_the_pure_searches(client, shop):
    assert ids(send(client, "recommend", text="red", weight="1.0")) == ids(send(client, "image-search"))
    assert ids(send(client, "recommend", text="red", weight="0.0")) == ids(
        post(client, "text-search", text="red")
    )


def test_filters_repeat_in_forms_and_lists(client, shop):
    form = send(client, "recommend", text="dress", weight="0.0", colour=["Red", "Green"], top_k="100")
    listed = post(client, "text-search", text="dress", colour=["Red", "Green"], top_k=100)
    for answer in (form, listed):
        assert {hit["product"]["colour"] for hit in answer.json()["results"]} == {"Red", "Green"}


def test_an_image_id_is_as_good_as_the_picture(client, shop):
    first = send(client, "image-search")
    again = post(client, "image-search", image_id=first.json()["image_id"])
    assert ids(again) == ids(first)


def test_pages_and_api_give_the_same_answer(client, shop):
    api = post(client, "recommend", text="red dress", colour=["Red"])
    page = client.get("/results", {"text": "red dress", "colour": "Red"})
    assert page.status_code == 200
    assert [hit.product.product_id for hit in page.context["result"].hits] == ids(api)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 501}, "text"),
        ({"text": "x" * 10_000}, "text"),
        ({"text": ["a"]}, "text"),
        ({"text": "red", "weight": "nan"}, "weight"),
        ({"text": "red", "weight": 1.5}, "weight"),
        ({"text": "red", "weight": "heavy"}, "weight"),
        ({"text": "red", "top_k": 0}, "top_k"),
        ({"text": "red", "top_k": 10**30}, "top_k"),
        ({"text": "red", "offset": 1001}, "offset"),
        ({"text": "red", "sort": "best"}, "sort"),
        ({"text": "red", "crop": "0,0,1,1"}, "crop"),
        ({"text": "red", "price_min": 9, "price_max": 1}, "price_min"),
        ({"text": "red", "price_min": "NaN"}, "price_min"),
        ({"text": "red", "diversity": -1}, "diversity"),
        ({"text": "red", "colour": {"a": 1}}, "colour"),
    ],
)
def test_an_invalid_field_is_named(client, shop, body, field):
    answer = post(client, "recommend", **body)
    assert answer.status_code == 400
    assert field in answer.json()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"weight": NaN, "text": "red"}', b"\xff\xfe"])
def test_a_body_that_is_no_json_object_is_refused(client, shop, body):
    answer = client.post("/api/v1/recommend", body, content_type="application/json")
    assert answer.status_code == 400


def test_a_truncated_picture_is_refused(client, shop):
    answer = send(client, "image-search", picture("red", (300, 300))[:900])
    assert answer.status_code == 400
    assert "image" in answer.json()


@pytest.mark.parametrize(("data", "kind"), [(b"%PDF-1.7 ...", "image/jpeg"), (b"hello", "text/plain")])
def test_what_is_no_picture_is_refused(client, shop, data, kind):
    assert send(client, "image-search", data, kind=kind).status_code == 415


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_decoded(client, shop):
    file = io.BytesIO()
    Image.new("1", (1, 1)).save(file, "PNG")
    # The header alone promises so many: signature, length, then IHDR with its checksum.
    header = b"IHDR" + struct.pack(">II", 30_000, 30_000) + file.getvalue()[24:29]
    bomb = file.getvalue()[:12] + header + struct.pack(">I", zlib.crc32(header)) + file.getvalue()[33:]
    assert send(client, "image-search", bomb, kind="image/png").status_code == 413


def test_an_upload_of_60_mb_is_refused(client, shop):
    assert send(client, "image-search", b"\xff\xd8\xff" + b"\0" * 60_000_000).status_code == 413


@pytest.mark.parametrize("image_id", ["0" * 64, "x", "product:gone-1", "../secret", "a\0b"])
def test_an_unknown_image_id_is_not_found(client, shop, image_id):
    assert post(client, "image-search", image_id=image_id).status_code in (400, 404)


def test_an_image_search_needs_a_picture(client, shop):
    assert "image" in post(client, "image-search").json()


@pytest.mark.parametrize("product_id", ["gone-1", "a\0b", "x" * 8_000, "🧦", "../.."])
def test_an_unknown_product_has_nothing_similar(client, shop, product_id):
    assert client.get(f"/api/v1/similar-products/{product_id}").status_code == 404


def test_similar_products_are_answered_by_id(client, shop):
    answer = client.get(f"/api/v1/similar-products/{shop[0].product_id}", {"top_k": 5})
    assert len(ids(answer)) == 5
    assert shop[0].product_id not in ids(answer)


def test_without_an_index_the_answer_is_503_with_the_command(db, client, colour_encoder):
    answer = post(client, "text-search", text="red")
    assert answer.status_code == 503
    assert "reindex" in answer.json()["detail"]
    assert int(answer["Retry-After"]) > 0


def test_an_index_of_another_model_answers_503_with_the_reason(client, shop, colour_encoder):
    colour_encoder.fingerprint = "0" * 64
    answer = post(client, "text-search", text="red")
    assert answer.status_code == 503
    assert "another model" in answer.json()["detail"]


def test_when_all_inference_slots_are_taken_it_says_when_to_come_again(client, shop, monkeypatch):
    monkeypatch.setattr(admission, "WAIT_SECONDS", 0.01)
    with all_taken(admission.inferences):
        answer = post(client, "text-search", text="a query nobody asked before")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "2"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_other_methods_are_not_allowed(client, shop, method):
    assert getattr(client, method)("/api/v1/recommend").status_code == 405


@pytest.mark.parametrize("value", [[["x"]], [None, {"a": 1}], ["x" * 121]])
def test_a_refused_list_is_named_by_its_field_and_says_why_in_sentences(client, shop, value):
    answer = post(client, "text-search", text="dress", brand=value)
    assert answer.status_code == 400
    assert all(isinstance(sentence, str) for sentence in answer.json()["brand"])
    assert isinstance(answer.json()["brand"], list)


def test_similar_products_of_nothing_say_where_ids_come_from(client, shop):
    answer = client.get("/api/v1/similar-products/nothing")
    assert (answer.status_code, "Ids come from" in answer.json()["detail"]) == (404, True)


@contextmanager
def read_only():
    """Refuse every write to the database, as a replica or a full disk does."""
    on, off = "PRAGMA query_only = ON", "PRAGMA query_only = OFF"
    if connection.vendor == "postgresql":
        on, off = "SET LOCAL transaction_read_only = on", "SELECT 1"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(on)
        try:
            yield
        finally:
            cursor.execute(off)
            transaction.set_rollback(True)


def test_a_picture_is_searched_with_though_the_database_is_read_only(client, shop):
    with read_only():
        answer = send(client, "image-search")
    assert (answer.status_code, bool(answer.json()["results"])) == (200, True)
    assert not QueryImage.objects.exists()


def test_the_parts_of_encoding_are_timed_apart(client, shop):
    def observed(stage):
        return stage_seconds.labels(stage)._sum.get()

    before = {stage: observed(stage) for stage in ("decode", "encode_image", "encode_text")}
    send(client, "recommend", text="red dress")
    assert all(observed(stage) > seconds for stage, seconds in before.items())


def test_only_staff_learn_whether_somebody_asked_the_same_before(client, shop):
    assert "cache_hit" not in client.post("/api/v1/text-search", {"text": "red dress"}).json()
    staff = User.objects.create_user("staff@example.com", "seven green umbrellas", is_staff=True)
    shopper = User.objects.create_user("ada@example.com", "seven green umbrellas")
    for user, told in ((staff, True), (shopper, None)):
        token = tokens.issue(user, now=timezone.now()).access
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.post("/api/v1/text-search", {"text": "red dress"}, headers=headers).json()
        assert answer.get("cache_hit") is told
