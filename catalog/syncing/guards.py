"""What makes a crawl look wrong: too much of it gone, the ids of another source, new ids for old products."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Max

from catalog.models import Product, ProductQuerySet

# A feed that lost more than this share of the catalogue is more likely broken than right; a small shop may
# take out two products all the same, as long as half of it stays.
MAX_VANISHED, VANISHED_FLOOR, MAX_OF_FEW = 0.2, 2, 0.5
# A few equal numbers may be chance: shops count from 1.
SHARED_IDS = 0.2
_CHUNK = 500


@dataclass(frozen=True)
class Vanished:
    """The keys of active products that the source no longer has, out of ``total`` active ones."""

    keys: Sequence[int]
    total: int

    @property
    def is_too_much(self) -> bool:
        few = min(VANISHED_FLOOR, MAX_OF_FEW * self.total)
        return len(self.keys) > max(MAX_VANISHED * self.total, few)


def vanished(source: str, seen: Collection[str], refused: Collection[str], since: datetime) -> Vanished:
    """The active products that the source no longer has; it has those whose rows were refused, and those that
    a webhook brought while it was read: seen later than ``since``, which was the latest before.
    """
    total, keys = 0, []
    active = Product.objects.active().filter(source=source)
    fields = ("pk", "external_id", "item_group_id", "seen_at")
    for key, external_id, group, seen_at in active.values_list(*fields).iterator():
        total += 1
        # A style that is refused as a whole ("7") is stored as one product for each colour ("7-navy").
        is_there = external_id in seen or external_id in refused or group in refused
        if not is_there and not (seen_at and seen_at > since):
            keys.append(key)
    return Vanished(keys, total)


def last_touched(source: str, now: datetime) -> datetime:
    """When a product of the source was seen or taken out last; now, where it has none."""
    times = Product.objects.filter(source=source).aggregate(Max("seen_at"), Max("deactivated_at")).values()
    return max(filter(None, times), default=now)


def not_seen(keys: Sequence[int], since: datetime) -> Iterator[ProductQuerySet]:
    """These products, some hundred at a time, but those that a webhook has brought since they were listed:
    seen later than ``since`` by the time of the query.
    """
    for start in range(0, len(keys), _CHUNK):
        yield Product.objects.filter(pk__in=keys[start : start + _CHUNK]).exclude(seen_at__gt=since)


def hold_back(keys: Sequence[int], since: datetime, now: datetime) -> None:
    """Mark products that stay in the shop although their source lacks them."""
    for missing in not_seen(keys, since):
        with transaction.atomic():
            # Others lock the same rows in another order.
            Product.objects.next_generation(now)
            missing.filter(missing_since=None).update(missing_since=now)


def suspicions(source: str, gone: Vanished, created_since: datetime) -> Iterator[str]:
    """Sentences about ids, after a complete crawl."""
    yield from _same_ids(source)
    renamed = _renamed(source, gone.keys, created_since)
    if renamed >= 2 and renamed * 2 >= len(gone.keys):
        yield (
            f"{renamed:,} products that are gone have the titles of new ones: the source seems to have "
            "changed its ids. Favourites and links of the old ids are lost once they are deactivated."
        )


def _same_ids(source: str) -> Iterator[str]:
    own = Product.objects.active().filter(source=source)
    total = own.count()
    shared = (
        Product.objects.active()
        .exclude(source=source)
        .filter(external_id__in=own.values("external_id"))
        .values_list("source")
        .annotate(count=Count("pk"))
        .order_by("source")
    )
    for other, count in shared if total else ():
        if count >= SHARED_IDS * total:
            twice = "is it the same shop under two names?"
            yield f"{count:,} of {total:,} ids are also those of {other}: {twice}"


def _renamed(source: str, gone: Sequence[int], created_since: datetime) -> int:
    """How many of the products that are gone have the title of one that is new."""
    new = Product.objects.filter(source=source, created_at__gte=created_since).values("title")
    return sum(
        Product.objects.filter(pk__in=gone[start : start + _CHUNK], title__in=new).count()
        for start in range(0, len(gone), _CHUNK)
    )
