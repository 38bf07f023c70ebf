"""One product of a shop brought up to date, between crawls."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime

from catalog.models import Product, ProductImage
from catalog.sources.base import Rejected, SourceProduct, SourceRow
from catalog.sources.protocols import ShopSource
from catalog.syncing.changes import Outcome
from catalog.syncing.following import follow
from catalog.syncing.upsert import upsert


def due_key(task: str, shop: str, reference: str) -> str:
    """The cache key that is set while this task is enqueued for this id."""
    return f"due:{task}:{shop}:{reference}"


def refresh(source: ShopSource, style_id: str, *, now: datetime) -> Outcome:
    """Write what the shop states now of this style, in every colour, and deactivate its other colours.

    Safe to repeat and to run beside a crawl: what the crawl has read just before stays until the next one.
    Raises SourceError.
    """
    rows = list(source.one(style_id))
    products = [row for row in rows if isinstance(row, SourceProduct)]
    outcome = upsert(source.name, products, now=now)
    stated = Product.objects.filter(
        source=source.name, external_id__in=[product.external_id for product in products]
    )
    follow(source, ProductImage.objects.filter(product__in=stated), now=now)
    refused = [row for row in rows if isinstance(row, Rejected)]
    outcome.rejected += refused
    if not refused:  # else it is not sure which colours there are
        _deactivate_others(source.name, style_id, {product.external_id for product in products}, now)
    return outcome


def whole_styles(
    source: str,
    rows: Iterator[SourceRow],
    *,
    clock: Callable[[], datetime],
    deactivated: Callable[[int], None],
) -> Iterator[SourceRow]:
    """``rows`` of what changed in a shop; at their end, the colours that their styles lost are deactivated.

    A shop states a changed style in all its colours, so one that it does not state was renamed or taken out.
    ``deactivated`` is called with the number of such products.
    """
    styles: dict[str, set[str]] = {}
    refused: set[str] = set()
    for row in rows:
        if isinstance(row, Rejected):
            refused.add(row.external_id)
        elif isinstance(row, SourceProduct):
            styles.setdefault(row.item_group_id or row.external_id, set()).add(row.external_id)
        yield row
    for style_id, stated in styles.items():
        if not any(row == style_id or row.startswith(f"{style_id}-") for row in refused):
            deactivated(_deactivate_others(source, style_id, stated, clock()))


def _deactivate_others(source: str, style_id: str, stated: Collection[str], now: datetime) -> int:
    """The colours of this style that the shop no longer has; all of them, once it is gone."""
    others = Product.objects.of_style(source, style_id).active().exclude(external_id__in=stated)
    # Most styles lose none, and each deactivation is a transaction.
    return others.deactivate(now) if others.exists() else 0
