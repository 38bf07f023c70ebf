"""From Magento's products, attributes and option numbers to styles and variants (docs/shops.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from catalog.attributes import BRAND, COLOUR, GENDER, GTIN, MPN, SIZE, column_name
from catalog.sources.shops.listing import deepest, product_link
from catalog.sources.shops.magento_api import Record, Store
from catalog.sources.variants import Style, Variant, amount

# Of the same meaning as fields that are read anyway.
_READ = {"description", "short_description", "meta_description", "url_key", "image", "category_ids"}


def style_of(record: Record, store: Store, line: int, product_url: str) -> Style:
    """``product_url`` is the address of a product, with {slug}; "" where it is the shop's usual one."""
    stated = _attributes(record)
    linked = extension(record, "category_links")
    paths = [
        store.categories[each["category_id"]] for each in linked if each["category_id"] in store.categories
    ]
    pattern = product_url or f"{store.link_base}{{slug}}.html"
    return Style(
        external_id=str(record["id"]),
        title=record["name"],
        line=line,
        currency=store.currency,
        description=stated.get("description") or stated.get("short_description") or "",
        category_path=deepest(paths),
        url=product_link(pattern, slug=stated["url_key"]) if stated.get("url_key") else "",
        images=_images(record, store),
        attributes={
            _named(code, store): _values(code, value, store)
            for code, value in stated.items()
            if _is_shown(code, store)
        },
        gender_words=tuple(step for path in paths for step in path.split(" > ")),
    )


def extension(record: Record, name: str) -> Any:
    return (record.get("extension_attributes") or {}).get(name) or []


def _attributes(record: Record) -> dict[str, Any]:
    return {each["attribute_code"]: each["value"] for each in record.get("custom_attributes") or []}


def axes_of(record: Record, store: Store) -> list[str]:
    """The attributes in which a configurable product's children differ."""
    options = extension(record, "configurable_product_options")
    return [store.codes[str(each["attribute_id"])] for each in options]


def has_unknown_options(child: Record, parent: Record, store: Store) -> bool:
    """Whether the child has an option, of those that ``parent`` differs in, without a label in ``store``."""
    try:
        stated, axes = _attributes(child), axes_of(parent, store)
    except (KeyError, TypeError, AttributeError):
        return True
    return any(stated.get(code) and not _values(code, stated[code], store) for code in axes)


def variant_of(
    record: Record, axes: Sequence[str], store: Store, today: date, stock: tuple[bool, int | None]
) -> Variant:
    """A child of a configurable product, which differs in ``axes``, or a product that has none."""
    stated = _attributes(record)
    in_stock, quantity = stock
    regular = record.get("price")
    special = _special(stated, today)
    # 0 is the price of bundles and groups, which have those of their parts.
    priced = regular is not None and record["type_id"] not in ("bundle", "grouped")
    now = special if special is not None and priced and special < Decimal(str(regular)) else regular
    return Variant(
        options={
            _named(code, store): next(iter(_values(code, stated[code], store)), "")
            for code in axes
            if stated.get(code)
        },
        price=str(now) if priced else None,
        list_price=str(regular) if priced else None,
        in_stock=in_stock,
        quantity=quantity,
        images=_images(record, store) if axes else (),
        sku=record["sku"],
        gtin=_number(stated, GTIN),
        mpn=_number(stated, MPN),
    )


def _special(stated: dict[str, Any], today: date) -> Decimal | None:
    """The special price on this day of the store; its last day counts whole."""
    begins, ends = (_day(stated.get(name)) for name in ("special_from_date", "special_to_date"))
    if (begins and today < begins) or (ends and today > ends):
        return None
    return amount(stated.get("special_price"))


def _day(stamp: str | None) -> date | None:
    return date.fromisoformat(stamp[:10]) if stamp else None


def _number(stated: dict[str, Any], names: set[str]) -> str:
    return next((str(value) for code, value in stated.items() if code in names and value), "")


def _is_shown(code: str, store: Store) -> bool:
    """Whether an attribute is for shoppers: the shop shows it, or it is one that the catalogue reads."""
    if code in _READ | GTIN | MPN:
        return False
    return code in store.shown or column_name(_named(code, store)) in COLOUR | SIZE | BRAND | GENDER


def _named(code: str, store: Store) -> str:
    return store.names.get(code) or code


def _values(code: str, value: Any, store: Store) -> list[str]:
    """Labels of options (several are numbers with commas), or the text itself."""
    labels = store.labels.get(code)
    if not labels:
        return [str(value)] if value else []
    numbers = value if isinstance(value, list) else str(value).split(",")
    return [labels[str(number).strip()] for number in numbers if str(number).strip() in labels]


def _images(record: Record, store: Store) -> tuple[str, ...]:
    """Those shown, the base image first."""
    entries = [
        each
        for each in record.get("media_gallery_entries") or []
        if each.get("media_type") == "image" and not each.get("disabled")
    ]
    entries.sort(key=lambda each: ("image" not in (each.get("types") or []), each.get("position") or 0))
    return tuple(f"{store.media_base}{each['file']}" for each in entries)
