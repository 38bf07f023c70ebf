"""Between the address of a results page and a SearchQuery, both ways. The rules live in SearchQuery."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from search.pages.places import place_of
from search.query import (
    PAGE_SIZE,
    SWITCHES,
    VALUE_FILTERS,
    Crop,
    Filters,
    InvalidQuery,
    SearchQuery,
    Sort,
)

# What a checkbox or a hand-written address may send for yes.
YES = {"true", "on", "1", "yes"}
_PLAIN = SearchQuery()


def read_query(params: QueryDict) -> SearchQuery:
    """The query in an address or a form. Raises InvalidQuery for what cannot be read."""
    crop = params.get("crop", "").strip()
    return SearchQuery(
        # Other shops' addresses, and OpenSearch, call it q.
        text=params.get("text") or params.get("q", ""),
        image_id=params.get("image_id", "").strip(),
        crop=Crop.parse(crop) if crop else None,
        weight=_number(params, "weight", 0.5),
        top_k=int(_number(params, "top_k", PAGE_SIZE)),
        offset=int(_number(params, "offset", 0)),
        filters=_filters(params),
        sort=_sort(params.get("sort", "")),
        exclude=params.get("exclude", ""),
        ignore=tuple(filter(None, params.getlist("ignore"))),
        like=tuple(filter(None, params.getlist("like"))),
        diversity=_number(params, "diversity", 0.0),
    )


def write_query(query: SearchQuery) -> list[tuple[str, str]]:
    """The parameters of an address for this query, without defaults and what its place says."""
    return list(_parameters(query, query.offset))


def results_url(query: SearchQuery, **changes: Any) -> str:
    """The address of the query's results, after ``changes``; any but a change of page starts at the first."""
    if changes:
        query = replace(query, **{"offset": 0, **changes})
    return _url(query, write_query(query))


def cut(listed: str, words: str) -> str:
    """A list with commas without one of its things; as it is where it does not hold these words as such."""
    left = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", "", listed, count=1)
    return listed if left == listed else re.sub(r"\s*,[\s,]*", ", ", left).strip(" ,")


def page_url(query: SearchQuery, offset: int) -> str:
    """The address of another page of the same results."""
    return _url(query, list(_parameters(query, offset)))


def _url(query: SearchQuery, parameters: list[tuple[str, str]]) -> str:
    place = place_of(query)
    return (place.url if place else reverse("results")) + (f"?{urlencode(parameters)}" if parameters else "")


def _parameters(query: SearchQuery, offset: int) -> Iterator[tuple[str, str]]:
    filters, place = query.filters, place_of(query)
    usual = SearchQuery(sort=place.sort, filters=place.filters) if place else _PLAIN
    for name in ("text", "image_id", "crop"):
        if value := getattr(query, name):
            yield name, str(value)
    if query.has_picture and query.weight != usual.weight:
        yield "weight", f"{query.weight:g}"
    for name in VALUE_FILTERS:
        if getattr(filters, name) != getattr(usual.filters, name):
            yield from ((name, value) for value in getattr(filters, name))
    for name in ("price_min", "price_max"):
        if (price := getattr(filters, name)) is not None:
            yield name, f"{price:f}"
    yield from ((name, "true") for name in SWITCHES if getattr(filters, name) > getattr(usual.filters, name))
    for name in ("ignore", "like"):
        yield from ((name, value) for value in getattr(query, name))
    for name in ("exclude", "diversity", "sort"):
        if (value := getattr(query, name)) not in (None, getattr(usual, name)):
            yield name, str(value)
    if offset:
        yield "offset", str(offset)
    if query.top_k != PAGE_SIZE:
        yield "top_k", str(query.top_k)


def _filters(params: QueryDict) -> Filters:
    given: dict[str, Any] = {name: tuple(filter(None, params.getlist(name))) for name in VALUE_FILTERS}
    given |= {name: params.get(name, "").lower() in YES for name in SWITCHES}
    return Filters(**given, price_min=_price(params, "price_min"), price_max=_price(params, "price_max"))


def _number(params: QueryDict, name: str, default: float) -> float:
    raw = params.get(name, "").strip()
    try:
        # int() below must not meet an infinity; NaN fails every comparison, so that SearchQuery refuses it.
        value = float(raw) if raw else default
        return value if abs(value) < 1e9 or name in ("weight", "diversity") else 1e9
    except ValueError:
        raise InvalidQuery(name, _("Give a number.")) from None


def _price(params: QueryDict, name: str) -> Decimal | None:
    raw = params.get(name, "").strip().replace(",", ".")
    try:
        price = Decimal(raw) if raw else None
    except InvalidOperation:
        price = Decimal("NaN")
    return price


def _sort(raw: str) -> Sort | None:
    try:
        return Sort(raw) if raw else None
    except ValueError:
        raise InvalidQuery("sort", _("Sort by relevance, price, -price, newest or popular.")) from None
