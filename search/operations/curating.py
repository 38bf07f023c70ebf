"""What staff do to the results of one search on its page: pin, bury, and take either back.

The rows are those of the admin, so whatever is done here is seen, dated and undone there as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.locking import take_turn
from catalog.models import Product
from search.language.tokens import query_key
from search.models import CuratedPlacement
from search.models.curation import END_AFTER_START, LAST_PLACE, PLACE_IN_RANGE
from search.query import InvalidQuery

if TYPE_CHECKING:
    from accounts.models import User

PIN, BURY, RELEASE = "pin", "bury", "release"
ACTIONS = (PIN, BURY, RELEASE)


# From when and until when a placement holds; None: without an end on that side.
Period = tuple[datetime | None, datetime | None]
Places = Mapping[int, int]


@dataclass(frozen=True)
class Change:
    """What was done to a product in one search, and what ``curate`` takes to undo it."""

    product: Product
    done: str
    undo: str
    # The place of a pin.
    position: int = 1
    undo_position: int = 1
    # Where other pins were that moved for it: the primary keys of their rows, and their places.
    undo_moved: Places = field(default_factory=dict)
    # The days that a placement held for, which undoing its release gives back.
    undo_period: Period = (None, None)
    # When it begins to hold, where that is still to come.
    begins_at: datetime | None = None


def may_curate(user: User | None) -> bool:
    """Whether the person may change what a search shows first and last, here as in the admin."""
    needed = [f"search.{verb}_curatedplacement" for verb in ("add", "change", "delete")]
    return user is not None and user.is_staff and user.has_perms(needed)


def curate(
    text: str,
    product_id: str,
    action: str,
    *,
    position: int = 1,
    period: Period = (None, None),
    moved: Places | None = None,
    user: User | None,
    now: datetime,
) -> Change:
    """Pin a product to the place ``position`` (from 1), bury it, or release it, for the search ``text``. A
    pin that has this place moves to the next, and so on; ``moved`` puts those back that did so.

    ``period`` is that of a new placement, and of one that has ended; another that is changed keeps its own.
    Raises PermissionDenied, and InvalidQuery for what cannot be done.
    """
    if user is None or not may_curate(user):
        raise PermissionDenied(_("Only staff who may change curated placements can do this."))
    product = Product.objects.by_public_id(product_id)
    if action not in ACTIONS or product is None or not query_key(text):
        raise InvalidQuery("product_id", _("Name a search, one of its products, and pin, bury or release."))
    if not all(1 <= place <= LAST_PLACE for place in (position, *(moved or {}).values())):
        raise InvalidQuery("position", str(PLACE_IN_RANGE))
    try:
        return _curate(text, product, action, position, period, moved or {}, user, now)
    except IntegrityError:
        # Another click placed the product first. Its row is there now, and can be locked.
        return _curate(text, product, action, position, period, moved or {}, user, now)


@transaction.atomic
def _curate(
    text: str,
    product: Product,
    action: str,
    position: int,
    period: Period,
    moved: Places,
    user: User,
    now: datetime,
) -> Change:
    # Nobody else sees the row of a new pin until it is written, and would give its place away.
    take_turn(f"placements {query_key(text)}")
    rows = CuratedPlacement.objects.select_for_update().filter(key=query_key(text))
    # All at once and in one order: two people who arrange a search would wait for each other's rows.
    locked = list(rows.order_by("pk"))
    before = next((row for row in locked if row.product_id == product.pk), None)
    change = _change(product, action, before)
    if action == RELEASE:
        _release(before, user)
    else:
        row = before or CuratedPlacement(query=text[:200], product=product)
        if before is None or _has_ended(before, now):
            row.starts_at, row.ends_at = _possible(period)
            change = Change(product, action, RELEASE)
        _place(row, action, position, user)
        change = replace(change, position=position, begins_at=row.begins_at(now))
    others = [row for row in locked if row.kind == PIN and row is not before]
    put_back = _move(others, moved)
    # What has ended takes no place any more.
    held = sorted((row for row in others if not _has_ended(row, now)), key=lambda row: (row.position, row.pk))
    moved_on = _move(held, _moved_on(held, position) if action == PIN else {})
    return replace(change, undo_moved={**moved_on, **put_back})


def _change(product: Product, action: str, before: CuratedPlacement | None) -> Change:
    if before is None:
        return Change(product, action, RELEASE)
    return Change(
        product,
        action,
        before.kind,
        undo_position=before.position,
        undo_period=(before.starts_at, before.ends_at),
    )


def _has_ended(row: CuratedPlacement, now: datetime) -> bool:
    return row.ends_at is not None and row.ends_at <= now


def _possible(period: Period) -> Period:
    """The same period. Raises InvalidQuery where it ends before it starts."""
    starts_at, ends_at = period
    if starts_at is not None and ends_at is not None and starts_at >= ends_at:
        raise InvalidQuery("ends_at", str(END_AFTER_START))
    return period


def placed(text: str, now: datetime) -> dict[int, CuratedPlacement]:
    """Primary key of a product -> its placement for the search ``text``, in force or still to come."""
    rows = CuratedPlacement.objects.filter(Q(ends_at=None) | Q(ends_at__gt=now), key=query_key(text))
    return {row.product_id: row for row in rows}


def _release(row: CuratedPlacement | None, user: User) -> None:
    if row is not None:
        _log(row, user, DELETION)
        row.delete()


def _place(row: CuratedPlacement, kind: str, position: int, user: User) -> None:
    is_new = row.pk is None
    row.kind, row.position = kind, position
    row.save()
    _log(row, user, ADDITION if is_new else CHANGE)


def _moved_on(others: list[CuratedPlacement], place: int) -> Places:
    """The new places of other pins, which are in order, that stand in the way or behind one that does."""
    found, last = {}, 0
    for row in others:
        # Of two with one place, the second stands behind the first.
        last = max(row.position, last + 1)
        last += last == place
        if row.position < last and last > place:
            found[row.pk] = min(last, LAST_PLACE)
    return found


def _move(rows: list[CuratedPlacement], places: Places) -> Places:
    """Give those of the rows that ``places`` names their new ones; the places that they had."""
    before = {}
    for row in rows:
        if row.pk in places:
            before[row.pk], row.position = row.position, places[row.pk]
            row.save()
    return before


def _log(row: CuratedPlacement, user: User, flag: int) -> None:
    LogEntry.objects.log_actions(user.pk, [row], flag, single_object=True)
