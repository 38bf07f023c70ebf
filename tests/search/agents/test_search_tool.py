"""What search finds for agents, and what it says to what it cannot answer."""

from base64 import b64encode
from decimal import Decimal

import pytest
from django.utils import timezone

from catalog.models import Product
from search.agents.answers import ANSWER
from search.agents.shop_tools import SHOP
from tests.search.agents.found import colours, ids
from tests.search.shop import picture, reindex

pytestmark = pytest.mark.django_db
PHOTO = "https://photos.example/coat.jpg"


def encoded(colour):
    return b64encode(picture(colour)).decode()


def test_words_find_the_same_as_the_api(found, client, shop):
    theirs = client.post(
        "/api/v1/text-search", {"text": "red dress", "top_k": 5}, content_type="application/json"
    ).json()
    ours = found("search", text="red dress", top_k=5)
    assert ids(ours) == ids(theirs)
    assert [hit["score"] for hit in ours["results"]] == [hit["score"] for hit in theirs["results"]]


def undeclared(schema, value, place=""):
    """Where a value has members that its schema does not name."""
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if isinstance(value, list):
        return [name for each in value for name in undeclared(schema["items"], each, place)]
    if not isinstance(value, dict):
        return []
    named = schema["properties"]
    unknown = [f"{place}.{name}" for name in value if name not in named]
    inner = [
        undeclared(named[name], each, f"{place}.{name}") for name, each in value.items() if name in named
    ]
    return unknown + [name for names in inner for name in names]


@pytest.mark.parametrize("field", ["session", "personal"])
def test_nobodys_taste_is_offered_or_taken(call, field):
    assert field not in SHOP.tools[0].input_schema["properties"]
    assert call("search", {"text": "dress", field: "of-somebody"}).is_error


def test_the_schema_names_everything_that_an_answer_has(found, shop):
    answer = found("search", text="red dress without stripes", facets=True)
    assert answer["facets"]["attributes"]
    assert answer["understood"]
    assert undeclared(ANSWER, answer) == []


def test_a_picture_finds_what_looks_like_it(found, shop):
    answer = found("search", image_base64=encoded("blue"))
    assert answer["query_type"] == "image"
    assert colours(answer) == {"Blue"}


def test_a_data_url_is_a_picture_too(found, shop):
    answer = found("search", image_base64=f"data:image/jpeg;base64,{encoded('green')}")
    assert colours(answer) == {"Green"}


def test_the_weight_moves_between_words_and_picture(found, shop):
    both = {"text": "red dress", "image_base64": encoded("blue"), "top_k": 3}
    assert colours(found("search", **both, weight=1.0)) == {"Blue"}
    assert colours(found("search", **both, weight=0.0)) == {"Red"}


def test_scores_add_up_by_the_weight(found, shop):
    answer = found("search", text="dress", image_base64=encoded("red"), weight=0.25)
    for hit in answer["results"]:
        fused = 0.25 * hit["image_score"] + 0.75 * hit["text_score"]
        assert hit["similarity"] == pytest.approx(fused, abs=1e-5)


def test_filters_hold_for_every_result(found, shop):
    answer = found("search", text="dress", colour=["Green"], price_max=30, in_stock=True)
    assert answer["results"]
    for hit in answer["results"]:
        assert hit["product"]["colour"] == "Green"
        assert Decimal(hit["product"]["price"]) <= 30


def test_filters_alone_list_what_passes_them(found, shop):
    answer = found("search", category=["Boots"], brand=["Fern"])
    assert answer["query_type"] == "browse"
    assert answer["total"] == 9


def test_what_words_were_read_as_is_told(found, shop):
    answer = found("search", text="red dress under 30")
    assert {"field": "price_max", "value": "30", "label": "up to €30.00", "words": "under 30"} in answer[
        "understood"
    ]


def test_null_is_an_argument_left_out(found, shop):
    answer = found("search", text="red dress", image_url=None, price_max=None, query_id=None)
    assert colours(answer) == {"Red"}


def test_facets_come_when_asked_for(found, shop):
    assert found("search", text="dress")["facets"] is None
    facets = found("search", text="dress", facets=True)["facets"]
    assert {each["value"] for each in facets["colour"]} == {"Red", "Green", "Blue"}


def test_pages_of_an_answer_hold_each_product_once(found, shop):
    first = found("search", category=["Dress"], top_k=4)
    pages, offset = ids(first), first["next_offset"]
    while offset is not None:
        page = found("search", query_id=first["query_id"], offset=offset, top_k=4)
        pages, offset = pages + ids(page), page["next_offset"]
    assert len(pages) == len(set(pages)) == first["total"] == 15


def test_addresses_are_complete(found, shop, settings):
    settings.SITE_URL = "https://shop.example"
    product = found("search", text="red dress", top_k=1)["results"][0]["product"]
    assert product["url"] == f"https://shop.example/products/{product['id']}"
    assert product["image_url"].startswith("https://shop.example/media/")


def test_the_text_names_price_stock_and_page(ask, shop):
    text = ask("search", text="red dress", price_max=10)["content"][0]["text"]
    assert f"EUR 10.00, in stock, id {shop[0].product_id}, http://testserver/products/" in text


def test_a_product_out_of_the_shop_is_never_found(found, shop):
    Product.objects.filter(pk=shop[0].pk).deactivate(timezone.now())
    assert shop[0].product_id not in ids(found("search", text="red dress", top_k=100))
    assert found("lookup", ids=[shop[0].product_id]) == {"products": [], "missing": [shop[0].product_id]}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"text": "x", "weight": 2}, "weight: "),
        ({"text": "x", "weight": "heavy"}, "weight: "),
        ({"text": "x", "top_k": 0}, "top_k: "),
        ({"text": "x" * 501}, "text: "),
        ({"text": {"a": 1}}, "text: "),
        ({"text": "x", "color": "Red"}, "color: "),
        ({"text": "x", "price_min": 20, "price_max": 10}, "price_min: "),
        ({"text": "x", "sort": "best"}, "sort: "),
        ({"text": "x", "crop": "0,0,1"}, "crop: "),
        ({"text": "x", "query_id": "mine"}, "query_id: "),
        ({"image_base64": "###"}, "image_base64: "),
        ({"image_base64": "é"}, "image_base64: "),
        ({"image_url": "file:///etc/passwd"}, "image_url: "),
        ({"image_url": "no address"}, "image_url: "),
        ({"image_url": "http://[::1"}, "image_url: "),
        ({"image_url": PHOTO, "image_base64": "AAAA"}, "image_url: "),
        ({"image_id": "0" * 64, "image_base64": "AAAA"}, "image_id: "),
    ],
)
def test_a_faulty_argument_is_named(refused, colour_encoder, arguments, said):
    text, code = refused("search", **arguments)
    assert text.startswith(said)
    assert code == "invalid"


def test_asking_nothing_is_refused(refused, shop):
    assert refused("search")[0].startswith("text: ")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ({"image_base64": b64encode(b"GIF").decode()}, "image_type"),
        ({"image_base64": b64encode(b"\xff\xd8\xff" + b"x" * 99).decode()}, "image_unreadable"),
        ({"image_id": "0" * 64}, "image_unknown"),
        ({"text": "x", "like": ["gone-1"]}, "product_unknown"),
        ({"query_id": "00000000-0000-4000-8000-000000000000"}, "answer_expired"),
    ],
)
def test_a_refusal_has_the_code_of_the_api(refused, shop, arguments, code):
    assert refused("search", **arguments)[1] == code


def test_an_index_that_is_missing_is_told_with_the_time_to_wait(ask, db, colour_encoder):
    refusal = ask("search", text="dress")
    assert refusal["isError"]
    assert refusal["_meta"]["tandem/refusal"]["retry_after"] > 0


def test_new_products_are_found_after_a_reindex(found, shop, colour_encoder):
    shop[0].title = "Purple kaftan"
    shop[0].save()
    reindex(colour_encoder)
    assert shop[0].product_id in ids(found("search", text="kaftan"))
