"""From a product as a client sends it to one as a source yields it, by the rules of feeds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings

from catalog.attributes import column_name
from catalog.sources.base import SourceProduct
from catalog.sources.feeds.mapping import read_product
from catalog.sources.feeds.reading import Reading
from catalog.sources.feeds.rows import Row, grouped

# The column of a feed that means the same, where the name differs.
_COLUMNS = {
    "category": "product_type",
    "sale_starts": "sale_price_start_date",
    "sale_ends": "sale_price_end_date",
    "url": "link",
}
# Lists and names that a feed would have to spell in one cell; they are taken as they are sent.
_AS_SENT = ("attributes", "images", "sizes")
# In the place of the id while the cells are read.
_ANY_ID = "id"


def product_of(stated: Mapping[str, Any], *, index: int, now: datetime) -> SourceProduct:
    """The product that a validated row states. ``now`` decides whether a sale is on.

    Raises InvalidProduct.
    """
    cells = (
        (_COLUMNS.get(name, name), text)
        for name, value in {**stated, "id": _ANY_ID}.items()
        if name not in _AS_SENT
        for text in _texts(value)
    )
    reading = Reading(now=now, currency=settings.DEFAULT_CURRENCY, decimal=".")
    product = read_product(Row(index, grouped(cells)), reading)
    return replace(
        product,
        # As it was sent, however a spreadsheet would read it: "'555" and "555" are two.
        external_id=str(stated["id"]),
        images=tuple(stated.get("images", ())),
        attributes={**product.attributes, **_attributes(stated)},
    )


def _texts(value: Any) -> Iterator[str]:
    if value is None:
        return
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, datetime):
        yield value.isoformat(sep=" ", timespec="seconds")
    elif isinstance(value, list):
        yield from value
    else:
        yield str(value)


def _attributes(stated: Mapping[str, Any]) -> dict[str, str | list[str]]:
    sent: Mapping[str, str | list[str]] = stated.get("attributes", {})
    attributes = {name: value for sent_name, value in sent.items() if (name := column_name(sent_name))}
    sizes: Iterable[str] = stated.get("sizes", ())
    if sizes:
        attributes["sizes"] = list(sizes)
    return attributes
