"""Variants nested in a record, as shops' interfaces give them: each becomes a record like its product's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_LISTS = ("variants", "variations", "skus")
_IDS = ("id", "variant_id", "variantId", "sku", "SKU")
# What a variant says of itself that is not the product's: "S / Red".
_OWN_NAMES = {"title", "name", "variants", "variations", "options", "product_id", "productId"}

_NUMBERED = re.compile(r"option\d")


def expanded(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The record itself, or one for each of its variants: with the product's fields where it has none of its
    own, under an id of its own, and with the product's id as that of the style.
    """
    name = next((name for name in _LISTS if _is_list_of_variants(record.get(name))), None)
    if name is None:
        yield record
        return
    shared = {field: value for field, value in record.items() if field not in (name, "options")}
    variants = record[name]
    style = next((str(record[each]) for each in _IDS if record.get(each)), "")
    for number, variant in enumerate(variants, start=1):
        own = {
            field: value
            for field, value in {**_options(record, variant), **variant}.items()
            if value is not None and field not in _OWN_NAMES and not _NUMBERED.fullmatch(field)
        }
        if len(variants) == 1:
            yield {**shared, **own, "id": record.get("id", own.get("id"))}
            continue
        key = next((str(variant[each]) for each in _IDS if variant.get(each)), f"{style}-{number}")
        yield {**shared, **own, "id": key, "item_group_id": record.get("item_group_id") or style}


def _is_list_of_variants(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _options(record: dict[str, Any], variant: dict[str, Any]) -> dict[str, Any]:
    """What a variant chooses, by the option's name: from [{"name": "Size", "value": "S"}], or from
    {"option1": "S"} and the product's list of options.
    """
    chosen = variant.get("options") or variant.get("selectedOptions") or variant.get("attributes") or ()
    if isinstance(chosen, dict):
        return chosen
    named = {
        str(each["name"]): each["value"]
        for each in chosen
        if isinstance(each, dict) and each.get("name") and isinstance(each.get("value"), str)
    }
    options = record.get("options")
    for number, option in enumerate(options if isinstance(options, list) else (), start=1):
        name = option.get("name") if isinstance(option, dict) else option
        if name and (value := variant.get(f"option{number}")):
            named[str(name)] = value
    return named
