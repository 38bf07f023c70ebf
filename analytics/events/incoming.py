"""From what a client reports to rows: products looked up, keys derived, money completed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.conf import settings
from django.db import IntegrityError

from accounts.models import User
from analytics import recording
from analytics.events.models import Event
from analytics.models import ProductClick
from catalog.models import Product

_NAMESPACE = UUID("7d4f4a52-3c0e-4f0b-9c55-0c3b8d6b2f10")


@dataclass(frozen=True, kw_only=True)
class Reported:
    """One event as its sender reports it. ``event_id`` is the sender's own name for it, "" for none; money is
    that of the whole line, in the product's currency where none is given.
    """

    type: str
    product_id: str
    timestamp: datetime
    event_id: str = ""
    session: str = ""
    user_id: UUID | None = None
    query_id: UUID | None = None
    position: int | None = None
    source: str = Event.Source.OTHER
    value: Decimal | None = None
    currency: str = ""
    quantity: int = 1


@dataclass(frozen=True)
class Kept:
    """How many events are new and how many were known, and the ids that no product has."""

    new: int
    known: int
    unknown_products: tuple[str, ...] = ()


def keep(reported: Sequence[Reported], *, sender: str) -> Kept:
    """Write events at once, in one transaction: their sender may rely on it. Events of unknown products are
    left out. ``sender`` is what their ids are unique for.
    """
    currencies = _currencies(event.product_id for event in reported)
    found = [event for event in reported if event.product_id in currencies]
    rows = [to_row(event, sender=sender, currency=currencies[event.product_id]) for event in found]
    new = _write([*_clicks(rows), *rows])
    unknown = dict.fromkeys(event.product_id for event in reported if event.product_id not in currencies)
    return Kept(new, len(rows) - new, tuple(unknown))


def _write(rows: Sequence[recording.Row]) -> int:
    """How many events are new, also where the same request is answered twice at once, or a person of theirs
    deletes the account.
    """
    try:
        return recording.write(rows)
    except IntegrityError:
        # The other one has written them by now, or the account is gone.
        _forget_the_deleted(rows)
        return recording.write(rows)


def _forget_the_deleted(rows: Sequence[recording.Row]) -> None:
    events = [row for row in rows if isinstance(row, Event) and row.user_id is not None]
    known = set(User.objects.filter(pk__in={event.user_id for event in events}).values_list("pk", flat=True))
    for event in events:
        if event.user_id not in known:
            event.user_id = None


def to_row(event: Reported, *, sender: str, currency: str = "") -> Event:
    has_money = event.value is not None
    return Event(
        key=uuid5(_NAMESPACE, f"{sender}\0{event.event_id}") if event.event_id else uuid4(),
        type=event.type,
        product_id=event.product_id,
        session=event.session,
        user_id=event.user_id,
        search_id=event.query_id,
        position=event.position,
        source=event.source,
        value=event.value,
        # A product without a price states none.
        currency=(event.currency or currency or settings.DEFAULT_CURRENCY) if has_money else "",
        quantity=event.quantity,
        timestamp=event.timestamp,
    )


def _clicks(rows: Iterable[Event]) -> list[ProductClick]:
    """Clicks on the results of a search are the search log's as well."""
    return [
        ProductClick(
            search_id=row.search_id,
            user_id=row.user_id,
            product_id=row.product_id,
            position=row.position,
            timestamp=row.timestamp,
        )
        for row in rows
        if row.type == Event.Type.CLICK and row.search_id and row.position
    ]


def _currencies(product_ids: Iterable[str]) -> Mapping[str, Any]:
    """The currency of each product that the catalogue has, also of those that left the shop."""
    ids = {each for each in product_ids if "\0" not in each}
    return dict(Product.objects.filter(product_id__in=ids).values_list("product_id", "currency"))
