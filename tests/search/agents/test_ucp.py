"""The catalogue of the Universal Commerce Protocol: over REST, and as tools for the official MCP client."""

import json
from base64 import b64encode
from decimal import Decimal

import pytest
import responses
from django.utils import timezone
from ucp_sdk.models.schemas.shopping.catalog_lookup import GetProductResponse, LookupResponse
from ucp_sdk.models.schemas.shopping.catalog_search import SearchResponse

from accounts import api_keys
from catalog.models import Product
from search.agents.ucp.names import LOOKUP, SEARCH, VERSION, extension
from tests.factories import ProductFactory
from tests.search.shop import picture

pytestmark = pytest.mark.django_db
PLATFORM = "https://platform.example/profile.json"
EXTENSION = "testserver.shopping.visual_search"


def platform_profile(version=VERSION, names=(SEARCH, LOOKUP, EXTENSION)):
    stated = {name: [{"version": version, "spec": "x", "schema": "x"}] for name in names}
    return {"ucp": {"version": version, "services": {}, "capabilities": stated, "payment_handlers": {}}}


@pytest.fixture(autouse=True)
def switched_on(settings):
    settings.UCP = True


@pytest.fixture
def web():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mocked:
        mocked.get(PLATFORM, json=platform_profile())
        yield mocked


@pytest.fixture
def ask(client, web):
    """The HTTP answer of one operation."""

    def ask(operation, payload, *, profile=PLATFORM, **headers):
        agent = {} if profile is None else {"UCP-Agent": f'profile="{profile}"'}
        body = payload if isinstance(payload, str) else json.dumps(payload)
        return client.post(
            f"/ucp/catalog/{operation}", body, content_type="application/json", headers=agent | headers
        )

    return ask


@pytest.fixture
def found(ask):
    def found(operation, **payload):
        answer = ask(operation, payload)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return found


def ids(answer):
    return [product["id"] for product in answer["products"]]


def codes(answer):
    return [message["code"] for message in answer.get("messages", [])]


# --- The profile -------------------------------------------------------------------------------
def test_the_profile_names_endpoints_and_capabilities(client, settings):
    settings.SITE_URL = "https://my-shop.example"
    answer = client.get("/.well-known/ucp")
    ucp = answer.json()["ucp"]
    endpoints = {each["transport"]: each["endpoint"] for each in ucp["services"]["dev.ucp.shopping"]}
    assert endpoints == {"rest": "https://my-shop.example/ucp", "mcp": "https://my-shop.example/ucp/mcp"}
    assert set(ucp["capabilities"]) == {SEARCH, LOOKUP, "example.my_shop.shopping.visual_search"}
    assert "public" in answer["Cache-Control"]
    assert "max-age=300" in answer["Cache-Control"]


def test_the_profile_is_one_by_the_protocols_models(client):
    from ucp_sdk.models.schemas.profile import BusinessSchema

    BusinessSchema.model_validate(client.get("/.well-known/ucp").json())


@pytest.mark.parametrize(
    ("site", "name"),
    [
        ("https://shop.example", "example.shop.shopping.visual_search"),
        ("https://www.my-shop.co.uk:8443", "uk.co.my_shop.www.shopping.visual_search"),
        ("http://127.0.0.1:8000", "localhost.shopping.visual_search"),
        ("http://[::1]:8000", "localhost.shopping.visual_search"),
        ("https://3shops.example", ""),
    ],
)
def test_the_extension_has_the_name_of_the_shops_domain(site, name):
    assert extension(site) == name


def test_the_extensions_schema_extends_what_it_says(client):
    from jsonschema import Draft202012Validator

    schema = client.get("/ucp/schemas/visual_search.json").json()
    Draft202012Validator.check_schema(schema)
    assert SEARCH in schema["$defs"]
    assert schema["name"] == EXTENSION


@pytest.mark.parametrize("path", ["/.well-known/ucp", "/ucp/schemas/visual_search.json"])
def test_off_nothing_is_published(client, settings, path):
    settings.UCP = False
    assert client.get(path).status_code == 404


def test_off_nothing_is_answered(ask, settings):
    settings.UCP = False
    assert ask("search", {"query": "dress"}).status_code == 404


# --- Who asks ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "profile", [None, "", "http://platform.example/x", "file:///etc/passwd", "x", "https://["]
)
def test_a_platform_needs_an_address_of_its_profile(ask, db, profile):
    answer = ask("search", {"query": "dress"}, profile=profile)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_profile_url")
    assert answer.json()["continue_url"] == "http://testserver/"


@pytest.mark.parametrize(
    ("theirs", "status", "code"),
    [
        ({"status": 404}, 424, "profile_unreachable"),
        ({"status": 302, "headers": {"Location": PLATFORM}}, 424, "profile_unreachable"),
        ({"body": "<html>"}, 422, "profile_malformed"),
        ({"json": []}, 422, "profile_malformed"),
        ({"json": {"ucp": {"version": VERSION, "capabilities": {SEARCH: [1]}}}}, 422, "profile_malformed"),
        ({"body": "[" * 100_000}, 422, "profile_malformed"),
        ({"json": platform_profile("2026-01-11")}, 422, "version_unsupported"),
    ],
)
def test_a_platform_that_cannot_be_dealt_with_is_told_why(ask, db, web, theirs, status, code):
    web.replace(responses.GET, PLATFORM, **theirs)
    answer = ask("search", {"query": "dress"})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize("address", ["https://127.0.0.1/p", "https://169.254.169.254/p", "https://[::1]/p"])
def test_profiles_on_private_addresses_are_not_fetched(ask, db, address):
    assert ask("search", {"query": "dress"}, profile=address).json()["code"] == "profile_unreachable"


def test_a_platform_without_the_capability_gets_an_outcome(ask, db, web):
    web.replace(responses.GET, PLATFORM, json=platform_profile(names=(LOOKUP,)))
    answer = ask("search", {"query": "dress"})
    assert answer.status_code == 200
    assert answer.json()["ucp"]["status"] == "error"
    assert codes(answer.json()) == ["capabilities_incompatible"]


def test_a_profile_is_fetched_once_and_kept(found, shop, web):
    for _turn in range(3):
        found("search", query="dress")
    assert len(web.calls) == 1


def test_a_profile_that_failed_is_left_alone_for_a_while(ask, db, web):
    web.replace(responses.GET, PLATFORM, status=500)
    for _turn in range(3):
        assert ask("search", {"query": "dress"}).status_code == 424
    assert len(web.calls) == 1


def test_fetches_of_profiles_are_counted(ask, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    assert ask("search", {"query": "dress"}).status_code == 200
    other = ask("search", {"query": "dress"}, profile="https://other.example/profile.json")
    assert other.status_code == 429
    assert other["Retry-After"]


def test_only_what_both_can_do_and_what_matters_is_declared(found, shop, web):
    assert set(found("search", query="dress")["ucp"]["capabilities"]) == {SEARCH, EXTENSION}
    assert set(found("lookup", ids=["x"])["ucp"]["capabilities"]) == {LOOKUP}


def test_an_extension_without_its_parent_is_not_shared(ask, db, web):
    web.replace(responses.GET, PLATFORM, json=platform_profile(names=(LOOKUP, EXTENSION)))
    answer = ask("lookup", {"ids": ["x"]}).json()
    assert set(answer["ucp"]["capabilities"]) == {LOOKUP}


def test_requests_count_with_those_of_the_api(ask, db, settings):
    settings.RATE_LIMIT = "1/m"
    ask("search", {"query": "dress"})
    refused = ask("search", {"query": "dress"})
    assert refused.status_code == 429
    assert refused.json()["content"]


def test_a_key_has_a_budget_of_its_own(ask, db):
    _key, text = api_keys.create(name="Platform")
    answer = ask("search", {"query": "dress"}, **{"X-API-Key": text})
    assert answer["RateLimit-Policy"].startswith('"api";q=600')


# --- Search ------------------------------------------------------------------------------------
def test_a_search_answers_in_the_protocols_form(found, shop):
    answer = found("search", query="red dress")
    SearchResponse.model_validate(answer)
    product = answer["products"][0]
    assert product["price_range"]["min"] == {"amount": 1000, "currency": "EUR"}
    assert product["categories"] == [{"value": "Apparel > Dress", "taxonomy": "merchant"}]
    assert product["media"][0]["url"].startswith("http://testserver/media/")
    assert product["variants"][0]["availability"] == {"available": True, "status": "in_stock"}


def test_ten_products_come_at_once_unless_said_otherwise(found, shop):
    assert len(found("search", filters={"categories": ["Dress"]})["products"]) == 10
    assert len(found("search", filters={"categories": ["Dress"]}, pagination={"limit": 3})["products"]) == 3
    assert len(found("search", filters={"in_stock": True}, pagination={"limit": 5000})["products"]) <= 100


def test_pages_hold_each_product_once(found, shop):
    asked = {"filters": {"categories": ["Dress"]}, "pagination": {"limit": 4}}
    answer = found("search", **asked)
    pages = ids(answer)
    while answer["pagination"]["has_next_page"]:
        cursor = answer["pagination"]["cursor"]
        answer = found("search", **asked | {"pagination": {"limit": 4, "cursor": cursor}})
        pages += ids(answer)
    assert "cursor" not in answer["pagination"]
    assert len(pages) == len(set(pages)) == answer["pagination"]["total_count"] == 15


def test_the_next_page_of_an_expired_answer_is_asked_again(found, shop):
    from django.core.cache import caches

    asked = {"filters": {"categories": ["Dress"]}, "pagination": {"limit": 4}}
    first = found("search", **asked)
    caches["answers"].clear()
    asked["pagination"]["cursor"] = first["pagination"]["cursor"]
    assert not set(ids(found("search", **asked))) & set(ids(first))


def test_categories_and_prices_filter(found, shop):
    answer = found(
        "search",
        query="dress",
        context={"currency": "EUR"},
        filters={"categories": ["Dress"], "price": {"min": 2000, "max": 3000}},
    )
    assert answer["products"]
    for product in answer["products"]:
        assert 2000 <= product["price_range"]["min"]["amount"] <= 3000


def test_a_price_in_another_currency_is_not_converted_and_that_is_said(found, shop):
    answer = found("search", query="dress", context={"currency": "USD"}, filters={"price": {"max": 1}})
    assert answer["products"]
    assert "price_filter_ignored" in codes(answer)


def test_a_filter_that_there_is_not_is_named(found, shop):
    assert codes(found("search", query="red dress", filters={"vegan": True})) == ["filter_ignored"]


def test_what_the_shop_does_not_use_is_no_fault(found, shop):
    answer = found(
        "search",
        query="red dress",
        context={"address_country": "DE", "intent": "a gift", "language": "de"},
        signals={"dev.ucp.buyer_ip": "203.0.113.1"},
        attribution={"campaign": "x"},
        anything=1,
    )
    assert answer["products"]


def test_a_picture_and_a_weight_are_the_extension(found, shop):
    photo = {"base64": b64encode(picture("blue")).decode()}
    answer = found("search", query="red dress", image=photo, weight=1.0)
    SearchResponse.model_validate(answer)
    assert {product["metadata"]["colour"] for product in answer["products"]} == {"Blue"}
    again = found("search", query="red dress", image={"id": answer["image_id"]}, weight=0.0)
    assert {product["metadata"]["colour"] for product in again["products"]} == {"Red"}


def test_a_picture_may_be_as_large_as_the_profile_says(ask, shop):
    answer = ask("search", {"image": {"base64": "A" * 3_000_000}})
    assert (answer.status_code, answer.json()["code"]) == (415, "image_type")


def test_a_refusal_names_the_field_in_its_text(ask, db):
    assert ask("search", {"query": "x", "weight": 2}).json()["content"].startswith("weight: ")


def test_scores_are_told_with_each_product(found, shop):
    metadata = found("search", query="red dress")["products"][0]["metadata"]
    assert 0 < metadata["score"] <= 1
    assert "image_score" not in metadata


def test_the_featured_variant_has_the_size_that_was_asked_for(found, shop):
    answer = found("search", filters={"size": ["L"]})
    assert {product["variants"][0]["title"] for product in answer["products"]} == {"L"}


def test_nothing_found_is_an_empty_list(found, shop):
    assert found("search", filters={"brand": ["Nobody"]})["products"] == []


def test_products_without_a_price_are_left_out(found, shop):
    Product.objects.filter(pk=shop[0].pk).update(price=None, updated_at=timezone.now())
    assert shop[0].product_id not in ids(found("search", query="red dress", pagination={"limit": 100}))


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"query": " "},
        {"image": {}},
        {"image": {"crop": "0,0,1,1"}},
        {"query": "x" * 501},
        {"query": ["x"]},
        {"filters": []},
        {"filters": {"price": {"max": -1}}},
        {"filters": {"price": {"max": "cheap"}}},
        {"filters": {"price": 5}},
        {"filters": {"categories": {"a": 1}}},
        {"query": "x", "pagination": {"limit": 0}},
        {"query": "x", "pagination": {"cursor": "mine"}},
        {"query": "x", "weight": 2},
        {"query": "x", "image": "blue"},
        {"image": {"base64": "###"}},
        {"query": "\ud800"},
        [],
        "{",
        "null",
    ],
)
def test_a_faulty_request_is_400_with_what_to_do(ask, db, payload):
    answer = ask("search", payload)
    assert answer.status_code == 400, answer.content
    assert answer.json()["content"]
    assert answer["Content-Type"].startswith("application/json")


def test_a_private_picture_is_not_fetched(ask, shop):
    answer = ask("search", {"image": {"url": "http://127.0.0.1/x.jpg"}})
    assert answer.status_code == 400


# --- Look-up -----------------------------------------------------------------------------------
def test_products_and_variants_are_found_by_their_identifiers(found, shop):
    ours, size = shop[3].product_id, f"{shop[2].product_id}/M"
    answer = found("lookup", ids=[ours, size, "gone-1", ours])
    LookupResponse.model_validate(answer)
    inputs = {each["id"]: each["variants"][0]["inputs"] for each in answer["products"]}
    assert inputs == {
        ours: [{"id": ours, "match": "featured"}],
        shop[2].product_id: [{"id": size, "match": "exact"}],
    }
    assert answer["messages"] == [{"type": "info", "code": "not_found", "content": "gone-1"}]


def test_a_product_and_its_variant_are_one_product(found, shop):
    ours = shop[2].product_id
    answer = found("lookup", ids=[ours, f"{ours}/S"])
    (product,) = answer["products"]
    assert [each["match"] for each in product["variants"][0]["inputs"]] == ["featured", "exact"]


def test_a_variant_that_there_is_not_is_not_found(found, shop):
    assert codes(found("lookup", ids=[f"{shop[0].product_id}/XXL"])) == ["not_found"]


def test_filters_narrow_a_look_up_as_they_do_a_search(found, shop):
    wanted = [each.product_id for each in shop]
    filters = {"categories": ["Apparel > Boots"], "price": {"max": 1000}}
    answer = found("lookup", ids=wanted[:50], filters=filters)
    assert all(each["title"].endswith("boots no. 0") for each in answer["products"])
    assert answer["products"]


def test_a_product_out_of_the_shop_is_not_found(found, shop):
    Product.objects.filter(pk=shop[0].pk).deactivate(timezone.now())
    assert found("lookup", ids=[shop[0].product_id])["products"] == []
    assert found("product", id=shop[0].product_id)["ucp"]["status"] == "error"


def test_too_many_identifiers_have_the_protocols_code(ask, db):
    answer = ask("lookup", {"ids": [f"x-{n}" for n in range(51)]})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_too_large")


# --- One product -------------------------------------------------------------------------------
def test_one_product_has_all_its_sizes(found, shop):
    answer = found("product", id=shop[3].product_id)
    GetProductResponse.model_validate(answer)
    product = answer["product"]
    assert [each["title"] for each in product["variants"]] == ["S", "M", "L"]
    assert product["selected"] == [{"name": "Size", "label": "S"}]
    assert product["list_price_range"]["min"]["amount"] == 9000


def test_a_chosen_size_narrows_the_variants(found, shop):
    answer = found("product", id=shop[3].product_id, selected=[{"name": "Size", "label": "M"}])
    assert [each["title"] for each in answer["product"]["variants"]] == ["M"]
    assert answer["product"]["selected"] == [{"name": "Size", "label": "M"}]


def test_a_size_that_there_is_not_is_let_go(found, shop):
    answer = found("product", id=shop[3].product_id, selected=[{"name": "Size", "label": "XXL"}])
    assert answer["product"]["selected"] == []
    assert len(answer["product"]["variants"]) == 3


def test_a_variants_own_size_wins(found, shop):
    answer = found("product", id=f"{shop[3].product_id}/L", selected=[{"name": "Size", "label": "S"}])
    assert [each["id"] for each in answer["product"]["variants"]] == [f"{shop[3].product_id}/L"]


def test_sold_out_sizes_are_told_apart(found, db):
    ProductFactory(product_id="shop-1", attributes={"sizes": ["S", "M"], "sold_out_sizes": ["S"]})
    product = found("product", id="shop-1")["product"]
    assert product["options"] == [
        {
            "name": "Size",
            "values": [
                {"label": "S", "available": False, "exists": True},
                {"label": "M", "available": True, "exists": True},
            ],
        }
    ]
    assert [each["title"] for each in product["variants"]] == ["M", "S"]


def test_a_product_without_sizes_is_its_own_variant(found, db):
    ProductFactory(product_id="shop-1", attributes={})
    product = found("product", id="shop-1")["product"]
    assert [each["id"] for each in product["variants"]] == ["shop-1"]
    assert "options" not in product


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [("39.00", "EUR", 3900), ("3900", "JPY", 3900), ("1.25", "KWD", 1250), ("1990.5", "HUF", 199050)],
)
def test_amounts_are_in_the_minor_units_of_the_currency(found, db, price, currency, amount):
    ProductFactory(product_id="shop-1", price=Decimal(price), currency=currency)
    product = found("product", id="shop-1")["product"]
    assert product["price_range"]["max"] == {"amount": amount, "currency": currency}


def test_an_unknown_product_is_an_outcome(found, db):
    answer = found("product", id="gone-1")
    assert (answer["ucp"]["status"], codes(answer)) == ("error", ["not_found"])
    assert "product" not in answer


# --- As tools of the Model Context Protocol ------------------------------------------------------
@pytest.fixture
def tool(call, web):
    def tool(name, catalog, *, profile=PLATFORM, **options):
        meta = {"ucp-agent": {"profile": profile}}
        return call(name, {"meta": meta, "catalog": catalog}, path="/ucp/mcp", **options)

    return tool


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_the_official_client_calls_every_operation(tool, shop, mode):
    searched = tool("search_catalog", {"query": "red dress"}, mode=mode).structured_content
    product_id = searched["products"][0]["id"]
    looked_up = tool("lookup_catalog", {"ids": [product_id]}, mode=mode).structured_content
    detail = tool("get_product", {"id": product_id}, mode=mode).structured_content
    assert looked_up["products"][0]["id"] == detail["product"]["id"] == product_id


def test_the_text_of_a_tool_is_its_answer_as_json(tool, shop):
    answer = tool("search_catalog", {"query": "red dress"})
    assert json.loads(answer.content[0].text) == answer.structured_content


@pytest.mark.parametrize(
    ("name", "catalog", "profile", "code"),
    [
        ("search_catalog", {"query": "x"}, "", -32001),
        ("search_catalog", {}, PLATFORM, -32602),
        ("lookup_catalog", {"ids": [f"x-{n}" for n in range(51)]}, PLATFORM, -32602),
        ("lookup_catalog", {"ids": 5}, PLATFORM, -32602),
        ("buy", {}, PLATFORM, -32602),
    ],
)
def test_what_the_transport_refuses_is_an_error_of_json_rpc(tool, db, name, catalog, profile, code):
    from mcp.shared.exceptions import MCPError

    with pytest.raises(ExceptionGroup) as refused:
        tool(name, catalog, profile=profile)
    (error,) = _leaves(refused.value)
    assert isinstance(error, MCPError)
    assert error.code == code


def _leaves(group):
    for each in group.exceptions:
        if isinstance(each, ExceptionGroup):
            yield from _leaves(each)
        else:
            yield each


def test_a_used_up_budget_keeps_its_status_and_its_time(post, shop, web, settings):
    settings.RATE_LIMIT_PICTURES = "1/m"
    photo = {"base64": b64encode(picture("blue")).decode()}
    arguments = {"meta": {"ucp-agent": {"profile": PLATFORM}}, "catalog": {"image": photo}}
    message = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "tools/call",
        "params": {"name": "search_catalog", "arguments": arguments},
    }
    answer = post(message, path="/ucp/mcp")
    assert answer.status_code == 429
    assert answer.json()["error"]["code"] == -32000
    assert int(answer["Retry-After"]) == answer.json()["error"]["data"]["retry_after"]
