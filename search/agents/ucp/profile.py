"""What this shop publishes at /.well-known/ucp, and the schema of what it adds to the protocol."""

from __future__ import annotations

from typing import Any

from search.agents.ucp.names import LOOKUP, SEARCH, SERVICE, SPEC, VERSION, extension
from search.query import MAX_CROP, MAX_IMAGE_ID

Document = dict[str, Any]
ENDPOINT, RPC_ENDPOINT = "/ucp", "/ucp/mcp"
# The schema says everything there is to specify.
EXTENSION_SCHEMA = EXTENSION_SPEC = "/ucp/schemas/visual_search.json"


def profile(site: str) -> Document:
    """The business profile of the shop at this address."""
    return {
        "ucp": {
            "version": VERSION,
            "services": {SERVICE: [_rest(site), _mcp(site)]},
            "capabilities": capabilities(site),
            # Buying happens on the shop's own pages.
            "payment_handlers": {},
        }
    }


def _rest(site: str) -> Document:
    return _service("rest", site + ENDPOINT, "rest.openapi.json")


def _mcp(site: str) -> Document:
    return _service("mcp", site + RPC_ENDPOINT, "mcp.openrpc.json")


def _service(transport: str, endpoint: str, schema: str) -> Document:
    return {
        "version": VERSION,
        "spec": f"{SPEC}/specification/overview",
        "transport": transport,
        "endpoint": endpoint,
        "schema": f"{SPEC}/services/shopping/{schema}",
    }


def capabilities(site: str) -> dict[str, list[Document]]:
    """By name, what the shop can do, each in one version."""
    stated = {
        SEARCH: _capability("catalog/search", "catalog_search.json"),
        LOOKUP: _capability("catalog/lookup", "catalog_lookup.json"),
    }
    if name := extension(site):
        stated[name] = {
            "version": VERSION,
            "spec": site + EXTENSION_SPEC,
            "schema": site + EXTENSION_SCHEMA,
            "extends": SEARCH,
        }
    return {name: [each] for name, each in stated.items()}


def _capability(spec: str, schema: str) -> Document:
    return {
        "version": VERSION,
        "spec": f"{SPEC}/specification/{spec}",
        "schema": f"{SPEC}/schemas/shopping/{schema}",
    }


def extension_schema(site: str) -> Document:
    """The search with a picture and a weight, as an extension of the catalogue's search."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": site + EXTENSION_SCHEMA,
        "name": extension(site),
        "version": VERSION,
        "title": "Search with a picture",
        "description": "Products by how they look: a picture beside the words, and a weight between the two.",
        "requires": {"protocol": {"min": VERSION}, "capabilities": {SEARCH: {"min": VERSION}}},
        "$defs": {
            "image": IMAGE,
            "weight": WEIGHT,
            "match": MATCH,
            SEARCH: {
                "title": "Catalogue search with a picture",
                "anyOf": [
                    _extended("search_request", {"image": _own("image"), "weight": _own("weight")}),
                    _extended(
                        "search_response",
                        {
                            "image_id": IMAGE_ID,
                            "searched_crop": SEARCHED_CROP,
                            "products": {"items": _own("match")},
                        },
                    ),
                ],
            },
        },
    }


def _own(name: str) -> Document:
    return {"$ref": f"#/$defs/{name}"}


def _extended(name: str, properties: Document) -> Document:
    base = f"{SPEC}/schemas/shopping/catalog_search.json#/$defs/{name}"
    return {"allOf": [{"$ref": base}, {"type": "object", "properties": properties}]}


IMAGE: Document = {
    "type": "object",
    "description": "The picture: by one of url, base64 and id.",
    "properties": {
        "url": {"type": "string", "description": "A public http or https address, fetched once."},
        "base64": {"type": "string", "description": "The picture itself, up to 7.5 MB."},
        "id": {
            "type": "string",
            "maxLength": MAX_IMAGE_ID,
            "description": "image_id of an earlier response, or product: and a product's id.",
        },
        "crop": {
            "type": "string",
            "maxLength": MAX_CROP,
            "description": "The part that counts: x,y,w,h as fractions of the picture. 0,0,1,1 is the whole; "
            "without a crop the search may choose a part (searched_crop).",
        },
    },
}
WEIGHT: Document = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "default": 0.5,
    "description": "Of the picture beside the words: 1 is picture only, 0 words only.",
}
IMAGE_ID: Document = {"type": "string", "description": "Of the picture, to search with again for a day."}
SEARCHED_CROP: Document = {
    "type": "string",
    "description": "The part of the picture that was compared, where the search chose one: x,y,w,h.",
}
_SCORE = {"type": ["number", "null"], "minimum": 0, "maximum": 1}
MATCH: Document = {
    "type": "object",
    "properties": {
        "metadata": {
            "type": "object",
            "properties": {
                "score": {**_SCORE, "description": "Orders the products."},
                "image_score": {**_SCORE, "description": "How alike it looks; null without a picture."},
                "text_score": {**_SCORE, "description": "How well the words fit; null without words."},
            },
        }
    },
}
