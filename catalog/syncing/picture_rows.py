"""The rows of a product's pictures as its shop lists them; what was fetched stays with its address."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from catalog.models import ProductImage
from catalog.syncing.changes import Change

# What belongs to a picture wherever it stands in the list.
STATE = (
    *("content_hash", "width", "height", "fetched_at", "problem", "failures", "retry_at", "etag", "modified"),
)
# That nobody has tried to fetch.
UNTRIED = Q(fetched_at=None, problem="")


def shown(source: str) -> QuerySet[ProductImage]:
    """The pictures of the source's products that shoppers may see."""
    return ProductImage.objects.filter(product__source=source, product__is_active=True)


def set_rows(change: Change, stored: Sequence[ProductImage]) -> None:
    """Fill in the change's picture rows, and whether they differ from those that are ``stored``; again, where
    others were stored meanwhile.
    """
    change.pictures = []
    by_address = {row.source_url: row for row in reversed(stored)}
    by_position = {row.position: row for row in stored}
    addresses = change.stated.images
    for position, address in enumerate(addresses):
        before = by_position.get(position)
        row = ProductImage(position=position, source_url=address)
        if known := by_address.get(address):
            for name in STATE:
                setattr(row, name, getattr(known, name))
        elif before is not None and before.source_url not in addresses:
            # Shown until the new one is fetched: shoppers need not see a gap.
            row.content_hash, row.width, row.height = before.content_hash, before.width, before.height
        if before is None or before.source_url != address:
            change.pictures_changed = True
        change.pictures.append(row)
    change.surplus = [row for row in stored if row.position >= len(addresses)]
