"""What staff do to the results of one search on its page: pin, bury, and take either back.

The rows are those of the admin, so whatever is done here is seen, dated and undone there as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Product
from search.language.tokens import query_key
from search.models import CuratedPlacement
from search.models.curation import END_AFTER_START
from search.query import InvalidQuery

if TYPE_CHECKING:
    from accounts.models import User

PIN, BURY, RELEASE = "pin", "bury", "release"
ACTIONS = (PIN, BURY, RELEASE)
LAST_POSITION = 100


# From when and until when a placement holds; None: without an end on that side.
Period = tuple[datetime | None, datetime | None]


@dataclass(frozen=True)
class Change:
    """What was done to a product in one search, and what ``curate`` takes to undo it."""

    product: Product
    done: str
    undo: str
    undo_position: int = 1
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
    user: User | None,
    now: datetime,
) -> Change:
    """Pin a product at ``position`` among those pinned, bury it, or release it, for the search ``text``.

    ``period`` is that of a new placement, and of one that has ended; another that is changed keeps its own.
    Raises PermissionDenied, and InvalidQuery for what cannot be done.
    """
    if user is None or not may_curate(user):
        raise PermissionDenied(_("Only staff who may change curated placements can do this."))
    product = Product.objects.by_public_id(product_id)
    if action not in ACTIONS or product is None or not query_key(text):
        raise InvalidQuery("product_id", _("Name a search, one of its products, and pin, bury or release."))
    try:
        return _curate(text, product, action, position, period, user, now)
    except IntegrityError:
        # Another click placed the product first. Its row is there now, and can be locked.
        return _curate(text, product, action, position, period, user, now)


@transaction.atomic
def _curate(
    text: str, product: Product, action: str, position: int, period: Period, user: User, now: datetime
) -> Change:
    rows = CuratedPlacement.objects.select_for_update().filter(key=query_key(text))
    before = rows.filter(product=product).first()
    change = _change(product, action, before)
    if action == RELEASE:
        _release(before, user)
    else:
        row = before or CuratedPlacement(query=text[:200], product=product)
        if before is None or _has_ended(before, now):
            row.starts_at, row.ends_at = _possible(period)
            change = Change(product, action, RELEASE)
        _place(row, action, position, user)
        change = replace(change, begins_at=row.begins_at(now))
    # What has ended takes no place among the pins any more.
    others = rows.filter(kind=PIN).exclude(product=product).exclude(ends_at__lte=now)
    _number(list(others), action, position)
    return change


def _change(product: Product, action: str, before: CuratedPlacement | None) -> Change:
    if before is None:
        return Change(product, action, RELEASE)
    period = (before.starts_at, before.ends_at)
    return Change(product, action, before.kind, before.position, period)


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
    row.kind, row.position = kind, min(max(position, 1), LAST_POSITION)
    row.save()
    _log(row, user, ADDITION if is_new else CHANGE)


def _number(others: list[CuratedPlacement], action: str, position: int) -> None:
    """The other pins in their order, around the one that was placed."""
    for number, row in enumerate(others, start=1):
        wanted = number + 1 if action == PIN and number >= position else number
        if row.position != wanted:
            row.position = wanted
            row.save()


def _log(row: CuratedPlacement, user: User, flag: int) -> None:
    LogEntry.objects.log_actions(user.pk, [row], flag, single_object=True)
