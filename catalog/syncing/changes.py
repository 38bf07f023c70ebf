"""What a batch of a shop's products changes in the database."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from catalog.models import Product, ProductImage
from catalog.sources.base import Rejected, SourceProduct


@dataclass
class Change:
    """A product that may have to be written: as the shop states it, as it is stored, and its picture rows."""

    stated: SourceProduct
    content_hash: str
    stored: Product | None
    pictures: list[ProductImage] = field(default_factory=list)
    surplus: list[ProductImage] = field(default_factory=list)
    pictures_changed: bool = False
    # The latest that a product of the source was seen or taken out before the crawl that states this one.
    touched_before: datetime | None = None

    @property
    def currency_change(self) -> tuple[str, str] | None:
        """The currency that was stored and the one stated now, where they differ."""
        stored = self.stored
        if stored is None or not stored.currency or not self.stated.currency:
            return None
        same = stored.currency == self.stated.currency
        return None if same else (stored.currency, self.stated.currency)

    @property
    def is_overtaken(self) -> bool:
        """Whether others have written something newer since the crawl began: a webhook, an offer, staff."""
        if self.stored is None or self.touched_before is None:
            return False
        times = filter(None, (self.stored.seen_at, self.stored.deactivated_at))
        return any(time > self.touched_before for time in times)

    @property
    def is_due(self) -> bool:
        stored = self.stored
        if self.is_overtaken:
            return False
        if stored is None or self.pictures_changed or self.surplus:
            return True
        if stored.missing_since is not None:
            return True
        return stored.is_active == stored.withheld or stored.content_hash != self.content_hash


class Written(StrEnum):
    """What became of one product."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass
class Outcome:
    """What became of a batch; ``currencies`` counts products whose currency is another now, ``states`` has
    each product that was not rejected by its id.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    currencies: Counter[tuple[str, str]] = field(default_factory=Counter)
    rejected: list[Rejected] = field(default_factory=list)
    states: dict[str, Written] = field(default_factory=dict)

    def count(self, change: Change) -> None:
        if change.currency_change:
            self.currencies[change.currency_change] += 1
        if change.stored is None:
            self.created += 1
            state = Written.CREATED
        elif change.is_due:
            self.updated += 1
            state = Written.UPDATED
        else:
            self.unchanged += 1
            state = Written.UNCHANGED
        self.states[change.stated.external_id] = state
