"""From Saleor's products to styles and variants (docs/shops.md)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from catalog.attributes import GTIN, MPN, column_name
from catalog.sources.shops.graphql import Node
from catalog.sources.shops.listing import product_link
from catalog.sources.variants import Style, Variant


def style_of(node: Node, line: int, product_url: str) -> Style:
    path = _path(node["category"])
    collections = [each["name"] for each in node["collections"] or []]
    # An attribute of the shop's own with one of these names replaces them.
    attributes = {"type": [node["productType"]["name"]], "collection": collections}
    stated = _stated(node["attributes"])
    attributes |= {name: values for name, values in stated.items() if column_name(name) not in GTIN | MPN}
    return Style(
        external_id=node["id"],
        title=node["name"],
        line=line,
        currency=next(iter(_currencies(node["variants"])), ""),
        description=text_of(node["description"]),
        category_path=" > ".join(path),
        url=product_link(product_url, slug=node["slug"]),
        images=_images(node),
        attributes=attributes,
        gender_words=(*path, *collections),
        sku=node["externalReference"] or "",
    )


def variants_of(node: Node) -> list[Variant]:
    # Whether a shopper of the channel sees prices with tax.
    kind = "gross" if (node["pricing"] or {}).get("displayGrossPrices", True) else "net"
    shared = _stated(node["attributes"])
    return [
        _variant(each, kind, shared, can_be_bought=bool(node["isAvailableForPurchase"]))
        for each in node["variants"] or []
    ]


def _variant(node: Node, kind: str, shared: Mapping[str, list[str]], *, can_be_bought: bool) -> Variant:
    pricing = node["pricing"] or {}
    stated = _stated(node["attributes"])
    # Saleor states its limit for one checkout as the quantity of what is not counted.
    counted = node["quantityAvailable"] if node["trackInventory"] else None
    quantity = counted if can_be_bought else 0
    return Variant(
        options={
            name: " / ".join(values) for name, values in stated.items() if column_name(name) not in GTIN | MPN
        },
        price=_amount(pricing.get("price"), kind),
        list_price=_amount(pricing.get("priceUndiscounted"), kind),
        in_stock=quantity is None or quantity > 0,
        quantity=quantity,
        images=_images(node),
        sku=node["sku"] or node["externalReference"] or "",
        gtin=_number(stated, GTIN) or _number(shared, GTIN),
        mpn=_number(stated, MPN) or _number(shared, MPN),
    )


def text_of(description: str | None) -> str:
    """The text of a document of EditorJS, a paragraph for each block; it may hold inline markup."""
    try:
        document = json.loads(description or "{}")
        return "\n\n".join(text for text in _texts(document.get("blocks")) if text.strip())
    except (ValueError, AttributeError, RecursionError):
        return ""


def _texts(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        # A block holds its data; a paragraph "text", a list "items", whose items may hold "content" again.
        for name in ("data", "text", "content", "items"):
            yield from _texts(part.get(name))


def _path(category: Node | None) -> list[str]:
    """The names from the root to the category."""
    if category is None:
        return []
    ancestors = [edge["node"] for edge in category["ancestors"]["edges"]]
    ancestors.sort(key=lambda each: int(each["level"]))
    return [*(each["name"] for each in ancestors), category["name"]]


def _stated(selected: Sequence[Node]) -> dict[str, list[str]]:
    """The values by the attributes' names; without files, and without attributes that have none."""
    found: dict[str, list[str]] = {}
    for each in selected:
        attribute = each["attribute"]
        if attribute["inputType"] == "FILE":
            continue
        values = [text for value in each["values"] if (text := _value(value, attribute))]
        if values:
            found.setdefault(attribute["name"], []).extend(values)
    return found


def _value(value: Node, attribute: Node) -> str:
    if attribute["inputType"] == "BOOLEAN":
        # Its name repeats the attribute's.
        return {True: "Yes", False: "No"}.get(value["boolean"], "")
    if attribute["inputType"] == "PLAIN_TEXT":
        return value["plainText"] or ""
    unit = (attribute["unit"] or "").lower().replace("_", " ")
    name = value["name"] or ""
    return f"{name} {unit}" if name and unit else name


def _number(stated: Mapping[str, list[str]], names: set[str]) -> str:
    return next((values[0] for name, values in stated.items() if column_name(name) in names), "")


def _currencies(variants: Sequence[Node] | None) -> Iterator[str]:
    for variant in variants or []:
        price = (variant["pricing"] or {}).get("price")
        if price:
            yield price["currency"]


def _amount(price: Node | None, kind: str) -> str | None:
    return None if price is None else str(price[kind]["amount"])


def _images(node: Node) -> tuple[str, ...]:
    return tuple(each["url"] for each in node["media"] or [] if each["type"] == "IMAGE")
