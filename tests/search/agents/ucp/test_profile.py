"""What the shop publishes about itself: its profile and the schema of its extension."""

import pytest

from search.agents.ucp.names import LOOKUP, SEARCH, extension
from tests.search.agents.ucp.platform import EXTENSION

pytestmark = pytest.mark.django_db


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
