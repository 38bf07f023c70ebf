"""Tells other packages how prices and stock change, by whatever writes them, inside its transaction.

Catalogue imports none of them: ``settings.PRODUCT_CHANGE_LISTENERS`` names functions that take a list of
``OfferChange`` and ``now``. What they write is committed with the change or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True)
class OfferChange:
    """A product, by primary key, before and after; it can be bought if it is active and in stock."""

    key: int
    could_be_bought: bool
    can_be_bought: bool
    price_before: Decimal | None
    price: Decimal | None
    # Amounts in two currencies say nothing about each other.
    is_same_currency: bool = True

    @property
    def is_back(self) -> bool:
        return self.can_be_bought and not self.could_be_bought

    @property
    def is_cheaper(self) -> bool:
        """Whether it costs less in the same currency, or is back at whatever price in it."""
        if self.price is None or not self.can_be_bought or not self.is_same_currency:
            return False
        return self.is_back or self.price_before is None or self.price < self.price_before


def announce(changes: Sequence[OfferChange], *, now: datetime) -> None:
    """Call every listener with those of the changes that are good news; within a transaction."""
    news = [change for change in changes if change.is_back or change.is_cheaper]
    for path in settings.PRODUCT_CHANGE_LISTENERS if news else ():
        import_string(path)(news, now=now)


def announce_return(products: Iterable[tuple[int, Decimal | None]], *, now: datetime) -> None:
    """As ``announce``, for products (primary key and price) that come back as they were."""
    announce(
        [
            OfferChange(key, could_be_bought=False, can_be_bought=True, price_before=price, price=price)
            for key, price in products
        ],
        now=now,
    )
