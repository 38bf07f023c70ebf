"""Answers as agents read them: products with complete addresses, scores and reasons, as data and as lines."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from catalog.api.serializers import described
from catalog.display.cards import Card
from catalog.models import Product
from search.agents.addresses import absolute
from search.agents.schemas import (
    FLAG,
    NUMBER,
    TEXT,
    TEXTS,
    WHOLE,
    Schema,
    list_of,
    nullable,
    object_of,
)
from search.api.answer_serializers import ChipSerializer, FacetsSerializer
from search.hits import reasons
from search.query import Sort
from search.result import Hit, SearchResult

# Of each facet: enough to choose by, and not the whole answer of a model.
FACET_VALUES = 12

CARD: Schema = object_of(
    {
        "id": {"type": "string", "description": "For lookup and similar"},
        "title": TEXT,
        "brand": TEXT,
        "category": TEXT,
        "colour": TEXT,
        "gender": TEXT,
        "price": {"type": ["string", "null"], "description": "In units of the currency, such as 39.00"},
        "list_price": {"type": ["string", "null"], "description": "Before a reduction"},
        "currency": {"type": "string", "description": "ISO 4217, or empty without a price"},
        "in_stock": FLAG,
        "quantity": {"type": ["integer", "null"], "description": "null where the shop does not state it"},
        "image_url": nullable("string"),
        "thumbnail_url": nullable("string"),
        "url": {"type": "string", "description": "The product's page, for people"},
        "shop_url": {"type": "string", "description": "Its page in the shop that it comes from, or empty"},
    }
)
_SCORE: Schema = {"type": ["number", "null"], "description": "In [0, 1]; null where that side was not asked"}
HIT: Schema = object_of(
    {
        "rank": WHOLE,
        "score": {**NUMBER, "description": "In [0, 1]; orders the results by relevance"},
        "similarity": NUMBER,
        "image_score": _SCORE,
        "text_score": _SCORE,
        "why": {**TEXTS, "description": "What besides similarity brought it up"},
        "variants": {**TEXTS, "description": "Ids of the style's other colours"},
        "product": CARD,
    }
)
_LABEL: Schema = {**TEXT, "description": "What people read"}
_FACET = list_of(object_of({"value": TEXT, "label": _LABEL, "count": WHOLE}))
FACETS: Schema = object_of(
    {
        **dict.fromkeys(("category", "colour", "brand", "gender", "size", "material", "pattern"), _FACET),
        "attributes": list_of(object_of({"name": TEXT, "label": _LABEL, "values": _FACET})),
        "price": object_of({"min": nullable("string"), "max": nullable("string")}),
        "in_stock": WHOLE,
        "on_sale": WHOLE,
    }
)
ANSWER: Schema = object_of(
    {
        "query_id": {"type": "string", "description": "Of this answer, to page through it"},
        "query_type": {"type": "string", "enum": ["text", "image", "hybrid", "browse"]},
        "total": WHOLE,
        "total_is_capped": {"type": "boolean", "description": "There are more than total"},
        "next_offset": {"type": ["integer", "null"], "description": "Of the next page; null on the last"},
        "image_id": {"type": ["string", "null"], "description": "Of the picture, for a day"},
        "searched_crop": {
            "type": ["string", "null"],
            "description": "The part x,y,w,h that was compared, where the search chose one; crop 0,0,1,1 "
            "compares the whole",
        },
        "weight": NUMBER,
        "understood": {
            **list_of(object_of({"field": TEXT, "value": TEXT, "label": _LABEL, "words": TEXT})),
            "description": "What words were read as: filters, or an order (sort); ignore takes field:value",
        },
        "sort": {"type": "string", "enum": [each.value for each in Sort], "description": "Of the results"},
        "text_corrected": {"type": ["string", "null"], "description": "The words that were answered instead"},
        "did_you_mean": TEXT,
        "unknown_words": TEXTS,
        "not_sold": {**TEXT, "description": "What the words name and the shop has none of; empty for none"},
        "relaxed": {"type": ["string", "null"], "description": "What was let go, so that something is left"},
        "results": list_of(HIT),
        "close": {**list_of(HIT), "description": "Looser matches, where results do not fill the page"},
        "facets": {"anyOf": [FACETS, {"type": "null"}], "description": "The choices of each filter"},
    }
)


def card(product: Product | Card, request: HttpRequest) -> dict[str, Any]:
    shown = product if isinstance(product, Card) else Card.of(product)
    return addressed(dict(*described([shown])), request)


def addressed(product: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """The product as the API describes it, with complete addresses."""
    for name in ("url", "image_url", "thumbnail_url"):
        if product.get(name):
            product[name] = absolute(request, product[name])
    return product


def answer(result: SearchResult, request: HttpRequest, *, facets: bool) -> dict[str, Any]:
    """As ANSWER says; ``facets`` is long, so it is there only when asked for."""
    return {
        "query_id": str(result.query_id),
        "query_type": result.query_type,
        "total": result.total,
        "total_is_capped": result.total_is_capped,
        "next_offset": result.next_offset,
        "image_id": result.image_id,
        "searched_crop": None if result.searched is None else str(result.searched),
        "weight": result.query.weight,
        "understood": [dict(ChipSerializer(chip).data) for chip in result.chips],
        "sort": result.order.value,
        "text_corrected": result.text_corrected,
        "did_you_mean": result.did_you_mean,
        "unknown_words": list(result.unknown_words),
        "not_sold": result.not_sold,
        "relaxed": result.relaxed.text if result.relaxed else None,
        "results": [_hit(hit, request) for hit in result.hits],
        "close": [_hit(hit, request) for hit in result.close[: result.query.top_k - len(result.hits)]],
        "facets": _facets(result) if facets else None,
    }


def _hit(hit: Hit, request: HttpRequest) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "score": hit.score,
        "similarity": hit.similarity,
        "image_score": hit.image_score,
        "text_score": hit.text_score,
        "why": list(reasons(hit)),
        "variants": [variant.product_id for variant in hit.variants],
        "product": card(hit.product, request),
    }


def _facets(result: SearchResult) -> dict[str, Any]:
    stated: dict[str, Any] = dict(FacetsSerializer(result.facets).data)
    del stated["category_tree"]
    attributes = [{**each, "values": each["values"][:FACET_VALUES]} for each in stated.pop("attributes")]
    short = {
        name: value[:FACET_VALUES] if isinstance(value, list) else value for name, value in stated.items()
    }
    return short | {"attributes": attributes}


def lines(found: dict[str, Any]) -> str:
    """An answer as text, one line for each product, for models whose hosts show them nothing else."""
    more = f"; the next page: query_id {found['query_id']}, offset {found['next_offset']}"
    shown = f"{len(found['results'])} of {found['total']}{'+' if found['total_is_capped'] else ''} products"
    parts = [f"{shown}{more if found['next_offset'] is not None else ''}."]
    if found["image_id"]:
        parts.append(f"The picture is image_id {found['image_id']} for a day.")
    if found["searched_crop"]:
        parts.append(f"Compared its part {found['searched_crop']}; crop 0,0,1,1 compares the whole.")
    if found["understood"]:
        read = ", ".join(
            f"{chip['words'] or 'the picture'} as {chip['field']} {chip['value']}"
            for chip in found["understood"]
        )
        parts.append(f"Read {read}.")
    if found["text_corrected"]:
        parts.append(f"Answered for: {found['text_corrected']}.")
    if found["did_you_mean"]:
        parts.append(f"Did you mean: {found['did_you_mean']}?")
    if found["unknown_words"]:
        parts.append(f"Unknown words: {', '.join(found['unknown_words'])}.")
    if found["not_sold"]:
        parts.append(f"Nothing here is called {found['not_sold']}.")
    if found["relaxed"]:
        parts.append(f"Let go: {found['relaxed']}.")
    listed = [_line(hit) for hit in found["results"]]
    if found["close"]:
        listed += ["Looser matches:", *map(_line, found["close"])]
    return "\n".join([" ".join(parts), *listed])


def _line(hit: dict[str, Any]) -> str:
    scores = [f"score {hit['score']:.2f}"]
    scores += [
        f"{side} {hit[f'{key}_score']:.2f}"
        for side, key in (("picture", "image"), ("words", "text"))
        if hit[f"{key}_score"] is not None
    ]
    why = f" {' '.join(hit['why'])}" if hit["why"] else ""
    return f"{hit['rank']}. {product_line(hit['product'])} ({', '.join(scores)}){why}"


def product_line(product: dict[str, Any]) -> str:
    """ "Linen dress, Fern, blue, EUR 39.00 (was 49.00), in stock, id shop-1, https://…"."""
    price = f"{product['currency']} {product['price']}".strip() if product["price"] else "no price"
    reduced = f" (was {product['list_price']})" if product["list_price"] else ""
    named = [product["title"], product["brand"], product["colour"]]
    parts = [*filter(None, named), price + reduced, "in stock" if product["in_stock"] else "sold out"]
    return ", ".join([*parts, f"id {product['id']}", product["url"]])
