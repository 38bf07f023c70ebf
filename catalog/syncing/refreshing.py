"""One product of a shop brought up to date, between crawls."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db.models import Q

from catalog.models import Product
from catalog.sources.base import Rejected, ShopSource, SourceProduct
from catalog.syncing.upsert import Outcome, upsert

PICTURE_THREADS = 4


def due_key(task: str, shop: str, number: str) -> str:
    """The cache's key for "this task is already asked for"."""
    return f"due:{task}:{shop}:{number}"


def refresh(source: ShopSource, number: str, *, now: datetime) -> Outcome:
    """Write what the shop says now of its product ``number``, in every colour, and deactivate the rest of it.

    Safe to repeat and to run beside a crawl: what a crawl read just before stands until the next one.
    Raises SourceError.
    """
    rows = list(source.one(number))
    said = [row for row in rows if isinstance(row, SourceProduct)]
    with ThreadPoolExecutor(PICTURE_THREADS, thread_name_prefix="pictures") as pool:
        outcome = upsert(source, said, pool=pool, now=now)
    refused = [row for row in rows if isinstance(row, Rejected)]
    outcome.rejected += refused
    if not refused:  # else it is not sure which colours there are
        _deactivate_others(source.name, number, {row.external_id for row in said}, now)
    return outcome


def _deactivate_others(source: str, number: str, stated: Collection[str], now: datetime) -> None:
    """The colours of this product that the shop no longer has; all of them, once it is gone."""
    own = Q(external_id=number) | Q(external_id__startswith=f"{number}-")
    Product.objects.filter(own, source=source).exclude(external_id__in=stated).deactivate(now)
