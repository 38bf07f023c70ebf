"""One product of a shop brought up to date, between crawls."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db.models import Max

from catalog.locking import AlreadyRunning, only_one_within
from catalog.models import Product, ProductImage, RunState, SyncRun
from catalog.sources.base import Rejected, SourceError, SourceProduct, SourceRow
from catalog.sources.protocols import ShopSource
from catalog.syncing.changes import Outcome
from catalog.syncing.following import follow
from catalog.syncing.upsert import upsert

# How long one look at a style waits for another; a shop answers within seconds.
WAIT_SECONDS = 30.0
# Locks of a source, which its styles share: beside SQLite each is a file that stays.
_LOCKS = 64


def due_key(task: str, shop: str, reference: str) -> str:
    """The cache key that is set while this task is enqueued for this id."""
    return f"due:{task}:{shop}:{reference}"


def refresh(source: ShopSource, style_id: str, *, clock: Callable[[], datetime]) -> Outcome:
    """Write what the shop states now of this style, in every colour, and deactivate its other colours.

    Safe to repeat and to run beside a crawl, which leaves alone what was written here since it began.
    Of several at once, each asks the shop after the one before has written, so the latest answer stays.
    Raises SourceError, also where another refresh of the style takes too long, and where a crawl may be about
    to write a style that is gone.
    """
    with _alone(source.name, style_id, clock()):
        began = clock()
        known = Product.objects.of_style(source.name, style_id)
        # By what is stored, not by the clock of this machine, which may be behind another's.
        since = known.aggregate(at=Max("seen_at"))["at"] or began
        rows = list(source.one(style_id))
        if not (rows or known.exists()) and _is_crawled(source.name):
            # Nothing is stored yet that could tell the crawl so, and it may have read the style before.
            message = f"The style {style_id} is gone, and is looked for again once the sync is over."
            raise SourceError(message, permanent=False)
        products = [row for row in rows if isinstance(row, SourceProduct)]
        outcome = upsert(source.name, products, now=began)
        refused = [row for row in rows if isinstance(row, Rejected)]
        outcome.rejected += refused
        if not refused:  # else it is not sure which colours there are
            stated_ids = {product.external_id for product in products}
            _deactivate_others(source.name, style_id, stated_ids, since=since, now=began)
    # Outside the lock: pictures take minutes, and no price waits for them.
    stated = Product.objects.filter(
        source=source.name, external_id__in=[product.external_id for product in products]
    )
    follow(source, ProductImage.objects.filter(product__in=stated), now=began)
    return outcome


def _is_crawled(source: str) -> bool:
    return SyncRun.objects.filter(source=source, state=RunState.RUNNING).exists()


@contextmanager
def _alone(source: str, style_id: str, now: datetime) -> Iterator[None]:
    """Without another refresh of this style. Raises SourceError where one takes too long."""
    number = int.from_bytes(hashlib.sha256(style_id.encode()).digest()[:4]) % _LOCKS
    try:
        with only_one_within(WAIT_SECONDS, f"refresh of {source} {number}", now=now):
            yield
    except AlreadyRunning as error:
        raise SourceError(str(error), permanent=False) from None


def whole_styles(
    source: str,
    rows: Iterator[SourceRow],
    *,
    seen_before: datetime,
    clock: Callable[[], datetime],
    deactivated: Callable[[int], None],
) -> Iterator[SourceRow]:
    """``rows`` of what changed in a shop; at their end, the colours that their styles lost are deactivated.

    A shop states a changed style in all its colours, so one that it does not state was renamed or taken out,
    unless a webhook has brought it meanwhile: seen later than ``seen_before``, the latest before ``rows``.
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
            deactivated(_deactivate_others(source, style_id, stated, since=seen_before, now=clock()))


def _deactivate_others(
    source: str, style_id: str, stated: Collection[str], *, since: datetime, now: datetime
) -> int:
    """The colours of this style that the shop no longer has; all of them, once it is gone. Those that
    another look at the shop has found since then are there.
    """
    others = Product.objects.of_style(source, style_id).active().exclude(external_id__in=stated)
    others = others.exclude(seen_at__gt=since)
    # Most styles lose none, and each deactivation is a transaction.
    return others.deactivate(now) if others.exists() else 0
