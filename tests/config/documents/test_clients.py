"""The clients have the version of the API, whose document they are generated from."""

import json
import tomllib
from pathlib import Path

import pytest

from config.settings.api import document_settings

CLIENTS = Path(__file__).resolve().parents[3] / "clients"


def version_of(path):
    if path.suffix == ".toml":
        return tomllib.loads(path.read_text())["project"]["version"]
    return json.loads(path.read_text())["version"]


@pytest.mark.parametrize(
    "path", ["typescript/package.json", "python/pyproject.toml", "web-component/package.json"]
)
def test_a_client_has_the_version_of_the_api(path):
    assert version_of(CLIENTS / path) == document_settings("")["VERSION"]


def test_the_document_of_the_clients_has_it_too():
    document = json.loads((CLIENTS / "openapi.json").read_text())
    assert document["info"]["version"] == document_settings("")["VERSION"]


@pytest.mark.parametrize(
    "schema", ["HybridQueryRequest", "ImageQueryRequest", "TextQueryRequest", "Answer", "Hit"]
)
def test_the_document_says_what_each_field_of_a_search_means(schema):
    document = json.loads((CLIENTS / "openapi.json").read_text())
    fields = document["components"]["schemas"][schema]["properties"]
    named = {"$ref", "items"}  # what describes itself, such as a product
    unsaid = [
        name for name, field in fields.items() if not field.get("description") and not named & field.keys()
    ]
    assert unsaid == []
