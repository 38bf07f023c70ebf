"""What a batch of a shop's products changes in the database."""

from __future__ import annotations

from dataclasses import dataclass, field

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

    @property
    def is_due(self) -> bool:
        stored = self.stored
        if stored is None or self.pictures_changed or self.surplus:
            return True
        return stored.is_active == stored.withheld or stored.content_hash != self.content_hash


@dataclass
class Outcome:
    """What became of a batch; ``kept`` and ``failed`` count pictures."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    failed: int = 0
    rejected: list[Rejected] = field(default_factory=list)

    def count(self, change: Change) -> None:
        if change.stored is None:
            self.created += 1
        elif change.is_due:
            self.updated += 1
        else:
            self.unchanged += 1
