"""Orders that Shopify and WooCommerce report, as purchases: one for each line.

Names, addresses and mails that an order holds are not looked at. A shop that puts the visitor's session into
the order, as an attribute named SESSION_ATTRIBUTE, lets the purchase be traced to the search that led to it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from analytics.events.incoming import Reported
from analytics.events.models import Event
from analytics.sessions import keys
from catalog.models import Product

SESSION_ATTRIBUTE = "tandem_session"
# WooCommerce's states of an order that is paid; money that is refunded later stays counted.
_PAID = frozenset({"processing", "completed"})
_LARGEST, _LARGEST_VALUE = Decimal(10) ** 10, Decimal(10) ** 12
_CURRENCY = re.compile("[A-Za-z]{3}")

Order = Mapping[str, Any]


class UnreadableOrder(ValueError):
    """The message is no order; ``str()`` says what is missing."""


@dataclass(frozen=True)
class Line:
    """One line of an order: the shop's id of the style, what the variant is called, and money in all, from 0
    and in whole hundredths.
    """

    line_id: str
    style_id: str
    variant: str
    quantity: int
    value: Decimal


@dataclass(frozen=True)
class PaidOrder:
    """An order that was paid. ``session`` is the visitor's as the shop knows it, or ""."""

    order_id: str
    currency: str
    session: str
    lines: tuple[Line, ...]


def of_shopify(order: Order) -> PaidOrder | None:
    """The order of an ``orders/paid`` message; None for a test. Raises UnreadableOrder."""
    if order.get("test"):
        return None
    lines = [
        Line(
            str(line.get("id", "")),
            str(line.get("product_id") or ""),
            str(line.get("variant_title") or ""),
            _count(line.get("quantity")),
            _kept(_money(line.get("price")) * _count(line.get("quantity")) - _discount(line)),
        )
        for line in _objects(order.get("line_items"))
    ]
    return _paid(order, lines, _attribute(order.get("note_attributes"), "name"))


def of_woocommerce(order: Order) -> PaidOrder | None:
    """The order of an ``order.*`` message; None while it is not paid. Raises UnreadableOrder."""
    if order.get("status") not in _PAID:
        return None
    lines = [
        Line(
            str(line.get("id", "")),
            str(line.get("product_id") or ""),
            " ".join(str(each.get("display_value") or "") for each in _objects(line.get("meta_data"))),
            _count(line.get("quantity")),
            _kept(_money(line.get("total")) + _money(line.get("total_tax"))),
        )
        for line in _objects(order.get("line_items"))
    ]
    return _paid(order, lines, _attribute(order.get("meta_data"), "key"))


def purchases(order: PaidOrder, *, shop: str, now: datetime) -> list[Reported]:
    """An event for each line whose product the catalogue has."""
    styles: dict[str, list[Product]] = defaultdict(list)
    # A line without a product, such as a gift wrap, has no id.
    for style_id in {line.style_id for line in order.lines} - {""}:
        styles[style_id] = list(Product.objects.of_style(shop, style_id).order_by("pk"))
    session = keys.key_of("client", order.session) if settings.SESSION_MINUTES else ""
    return [
        Reported(
            type=Event.Type.PURCHASE,
            product_id=_variant(styles[line.style_id], line.variant).product_id,
            event_id=f"{order.order_id}/{line.line_id}",
            session=session,
            value=line.value,
            currency=order.currency,
            quantity=line.quantity,
            timestamp=now,
        )
        for line in order.lines
        if styles[line.style_id]
    ]


def _variant(products: list[Product], variant: str) -> Product:
    """Of a style's colours the one that the variant's title names, or else the first."""
    words = variant.casefold()
    named = (each for each in products if each.colour and each.colour.casefold() in words)
    return next(named, products[0])


def _paid(order: Order, lines: list[Line], session: str) -> PaidOrder:
    order_id, currency = str(order.get("id") or ""), str(order.get("currency") or "")
    if not order_id or not _CURRENCY.fullmatch(currency):
        raise UnreadableOrder("The message has no order with an id and a currency.")
    sold = tuple(line for line in lines if line.quantity > 0)
    if any(line.value >= _LARGEST_VALUE for line in sold):
        raise UnreadableOrder("A line of the order is worth more than can be kept.")
    return PaidOrder(order_id[:40], currency.upper(), session[: keys.MAX_NAME], sold)


def _objects(value: Any) -> Iterator[Order]:
    return (each for each in value if isinstance(each, dict)) if isinstance(value, list) else iter(())


def _attribute(value: Any, named: str) -> str:
    found: Iterable[Order] = _objects(value)
    return next((str(each.get("value") or "") for each in found if each.get(named) == SESSION_ATTRIBUTE), "")


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100_000 else 0


def _money(value: Any) -> Decimal:
    try:
        money = Decimal(str(value if value is not None else "0"))
    except InvalidOperation:
        raise UnreadableOrder("A price of the order is no number.") from None
    if not money.is_finite() or abs(money) >= _LARGEST:
        raise UnreadableOrder("A price of the order is no number.")
    return money


def _kept(value: Decimal) -> Decimal:
    """The money of a line as the database keeps it."""
    return max(value, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _discount(line: Order) -> Decimal:
    parts = _objects(line.get("discount_allocations"))
    return sum((_money(each.get("amount")) for each in parts), Decimal(0))
