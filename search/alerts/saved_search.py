"""A search as it is kept for an alert: its words and filters, without page, order and taste."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.templatetags.shop import money
from search.images import PRODUCT_PREFIX
from search.language.numerals import prices
from search.query import SWITCHES, Crop, Filters, InvalidQuery, SearchQuery, Sort
from search.relaxation import shown_value

_TEXTS = ("text", "exclude", "image_id")


def to_dict(query: SearchQuery) -> dict[str, Any]:
    """What a JSON column keeps. Raises InvalidQuery for a search that cannot be kept or is none."""
    if query.picture is not None or (query.image_id and not query.image_id.startswith(PRODUCT_PREFIX)):
        raise InvalidQuery(
            "image_id", _("Your picture is kept for a day only. Save a search with words or filters.")
        )
    kept: dict[str, Any] = {name: getattr(query, name) for name in _TEXTS if getattr(query, name)}
    kept |= {"ignore": list(query.ignore)} if query.ignore else {}
    if query.image_id and query.weight != SearchQuery().weight:
        kept["weight"] = query.weight
    if query.image_id and query.crop is not None and not query.crop.is_whole:
        kept["crop"] = str(query.crop)
    kept |= query.filters.in_use()
    if not kept:
        raise InvalidQuery("text", _("Say what you look for, in words or with filters."))
    return kept


def from_dict(kept: Mapping[str, Any], **parameters: Any) -> SearchQuery:
    """The search again, newest first. Raises InvalidQuery for one that an older release kept."""
    named = {each.name for each in fields(Filters)}
    filters = {name: _filter_value(name, value) for name, value in kept.items() if name in named}
    others = {name: value for name, value in kept.items() if name in (*_TEXTS, "weight")}
    return SearchQuery(
        **others,
        crop=Crop.parse(kept["crop"]) if "crop" in kept else None,
        ignore=tuple(kept.get("ignore", ())),
        filters=Filters(**filters),
        sort=Sort.NEWEST,
        browse=True,
        **parameters,
    )


def key(kept: Mapping[str, Any]) -> str:
    """Equal for equal searches."""
    return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()


def fields_of(kept: Mapping[str, Any]) -> list[tuple[str, str]]:
    """As the parameters of a results page."""
    return [
        (name, "true" if name in SWITCHES else str(each))
        for name, value in kept.items()
        for each in (value if isinstance(value, list) else [value])
    ]


def path(kept: Mapping[str, Any]) -> str:
    """The address of its results, newest first."""
    return f"{reverse('results')}?{urlencode([*fields_of(kept), ('sort', Sort.NEWEST.value)])}"


def limits_prices(kept: Mapping[str, Any]) -> bool:
    """Whether a filter or the words, as in "under 50", name an amount."""
    return bool({"price_min", "price_max"} & kept.keys()) or any(prices(str(kept.get("text", ""))))


def label(kept: Mapping[str, Any], currency: str) -> str:
    """ "red dress · Women · up to €50.00", for people; ``currency`` is that of the amounts.

    It names whatever tells two searches of one person apart but a picture and its part.
    """
    parts = [_words(kept)] if "text" in kept else []
    for name, value in kept.items():
        if isinstance(value, list) and name != "ignore":
            parts += [shown_value(name, each) for each in value]
    if "price_min" in kept:
        parts.append(_("from %(price)s") % {"price": money(kept["price_min"], currency)})
    if "price_max" in kept:
        parts.append(_("up to %(price)s") % {"price": money(kept["price_max"], currency)})
    parts += [_("in stock")] if kept.get("in_stock") else []
    parts += [_("on sale")] if kept.get("on_sale") else []
    if "exclude" in kept:
        parts.append(_("without %(what)s") % {"what": kept["exclude"]})
    return " · ".join(parts) or _("your search")


def _words(kept: Mapping[str, Any]) -> str:
    text = str(kept["text"])
    return _("“%(text)s” with a picture") % {"text": text} if "image_id" in kept else text


def _filter_value(name: str, value: Any) -> Any:
    if name.startswith("price_"):
        return Decimal(value)
    return tuple(value) if isinstance(value, list) else value
