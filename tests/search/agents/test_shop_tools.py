"""What search, lookup and similar find for agents, and what they say to what they cannot answer."""

from base64 import b64encode
from decimal import Decimal

import pytest
import responses
from django.utils import timezone

from analytics import recording
from analytics.models import SearchLog
from catalog.models import Product
from tests.search.shop import picture, reindex

pytestmark = pytest.mark.django_db
PHOTO = "https://photos.example/coat.jpg"


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.MCP = True


@pytest.fixture
def ask(post):
    """The result of a tool, asked without the client, which is quicker."""

    def ask(name, **arguments):
        params = {"name": name, "arguments": arguments}
        answer = post({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
        assert answer.status_code == 200, answer.content
        return answer.json()["result"]

    return ask


@pytest.fixture
def found(ask):
    """The structured answer of a tool that does not refuse."""

    def found(name, **arguments):
        result = ask(name, **arguments)
        assert "isError" not in result or not result["isError"], result
        return result["structuredContent"]

    return found


@pytest.fixture
def refused(ask):
    """The text and the code of a refusal."""

    def refused(name, **arguments):
        result = ask(name, **arguments)
        assert result["isError"], result
        return result["content"][0]["text"], result["_meta"]["tandem/refusal"]["code"]

    return refused


@pytest.fixture
def web():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        yield mocked


def encoded(colour):
    return b64encode(picture(colour)).decode()


def colours(answer):
    return {hit["product"]["colour"] for hit in answer["results"]}


def ids(answer):
    return [hit["product"]["id"] for hit in answer["results"]]


# --- search ------------------------------------------------------------------------------------
def test_words_find_the_same_as_the_api(found, client, shop):
    theirs = client.post(
        "/api/v1/text-search", {"text": "red dress", "top_k": 5}, content_type="application/json"
    ).json()
    ours = found("search", text="red dress", top_k=5)
    assert ids(ours) == ids(theirs)
    assert [hit["score"] for hit in ours["results"]] == [hit["score"] for hit in theirs["results"]]


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
    assert {"field": "price_max", "value": "30", "words": "under 30"} in answer["understood"]


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


# --- Pictures by their address -----------------------------------------------------------------
def test_a_picture_is_fetched_from_its_address(found, shop, web):
    web.get(PHOTO, body=picture("blue"), content_type="image/jpeg")
    answer = found("search", image_url=PHOTO)
    assert colours(answer) == {"Blue"}
    assert found("search", image_id=answer["image_id"])["results"] == answer["results"]


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/coat.jpg",
        "http://localhost:8000/coat.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/coat.jpg",
        "http://10.0.0.1/coat.jpg",
        "http://0x7f000001/coat.jpg",
    ],
)
def test_private_addresses_are_not_fetched(refused, shop, address):
    text, code = refused("search", image_url=address)
    assert code == "invalid"
    assert text.startswith("image_url: ")


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 302, "headers": {"Location": "http://127.0.0.1/"}}, {"body": OSError()}],
)
def test_a_picture_that_does_not_come_is_refused(refused, shop, web, answer):
    web.get(PHOTO, **answer)
    assert refused("search", image_url=PHOTO)[1] == "invalid"


def test_a_picture_that_is_too_large_is_not_read_to_its_end(refused, shop, web, settings):
    settings.MAX_UPLOAD_BYTES = 1000
    web.get(PHOTO, body=b"x" * 5000)
    assert refused("search", image_url=PHOTO)[0].startswith("image_url: ")


def test_what_is_fetched_must_be_a_picture(refused, shop, web):
    web.get(PHOTO, body="<html>")
    assert refused("search", image_url=PHOTO)[1] == "image_type"


def test_a_fetched_picture_counts_once(found, refused, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "2/m"
    web.get(PHOTO, body=picture("blue"))
    found("search", image_url=PHOTO)
    found("search", image_url=PHOTO)
    assert refused("search", image_url=PHOTO)[1] == "too_many_requests"


def test_fetches_that_fail_count_as_well(refused, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    web.get(PHOTO, status=404)
    assert refused("search", image_url=PHOTO)[1] == "invalid"
    assert refused("search", image_url=PHOTO)[1] == "too_many_requests"


# --- lookup and similar ------------------------------------------------------------------------
def test_lookup_tells_everything_and_what_there_is_not(found, shop):
    answer = found("lookup", ids=[shop[3].product_id, "gone-1", shop[3].product_id])
    (product,) = answer["products"]
    assert answer["missing"] == ["gone-1"]
    assert product["sizes"] == ["S", "M", "L"]
    assert (product["price"], product["list_price"], product["currency"]) == ("40.00", "90.00", "EUR")
    assert product["images"][0].startswith("http://testserver/media/")
    assert product["description"]


@pytest.mark.parametrize("ids", [[], ["x"] * 21, "x" * 300, [["x"]], None])
def test_lookup_says_how_many_ids_it_takes(refused, db, ids):
    assert refused("lookup", ids=ids)[0].startswith("ids: ")


@pytest.mark.parametrize("odd", ["../..", "é" * 50, "'; --"])
def test_an_odd_id_is_an_unknown_one(found, db, odd):
    assert found("lookup", ids=[odd])["missing"] == [odd]


def test_similar_products_never_hold_the_product_itself(found, shop):
    answer = found("similar", id=shop[0].product_id, top_k=100)
    assert answer["results"]
    assert shop[0].product_id not in ids(answer)


def test_similar_products_come_in_pages(found, shop):
    first = found("similar", id=shop[0].product_id, top_k=3)
    second = found(
        "similar", id=shop[0].product_id, top_k=3, query_id=first["query_id"], offset=first["next_offset"]
    )
    assert not set(ids(first)) & set(ids(second))


def test_products_like_an_unknown_one_are_refused(refused, db):
    assert refused("similar", id="gone-1")[1] == "product_unknown"


# --- The official client checks answers against the schemas -------------------------------------
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("search", {"text": "red dress", "facets": True}),
        ("search", {"text": "zzz qqq", "top_k": 2}),
        ("search", {"in_stock": True}),
        ("similar", {}),
        ("lookup", {}),
    ],
)
def test_answers_have_the_form_that_the_tools_promise(call, shop, name, arguments):
    known = {"similar": {"id": shop[0].product_id}, "lookup": {"ids": [shop[0].product_id, "gone-1"]}}
    assert not call(name, known.get(name, arguments)).is_error


# --- Privacy -----------------------------------------------------------------------------------
def test_a_search_is_recorded_without_a_person(found, shop):
    answer = found("search", text="red dress")
    recording.flush()
    logged = SearchLog.objects.get(pk=answer["query_id"])
    assert (logged.query_text, logged.user) == ("red dress", None)


def test_words_are_not_recorded_against_the_wish(post, shop):
    params = {"name": "search", "arguments": {"text": "red dress"}}
    post({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, DNT="1")
    recording.flush()
    assert SearchLog.objects.get().query_text == ""


def test_an_index_that_is_missing_is_told_with_the_time_to_wait(ask, db, colour_encoder):
    refusal = ask("search", text="dress")
    assert refusal["isError"]
    assert refusal["_meta"]["tandem/refusal"]["retry_after"] > 0


def test_new_products_are_found_after_a_reindex(found, shop, colour_encoder):
    shop[0].title = "Purple kaftan"
    shop[0].save()
    reindex(colour_encoder)
    assert shop[0].product_id in ids(found("search", text="kaftan"))
