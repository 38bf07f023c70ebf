"""What became of each row of a call."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _


class RowStatus(StrEnum):
    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    DELETED = "deleted"
    # Asked to be deleted, and not in the shop.
    ABSENT = "absent"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Refused:
    """Why a row was rejected: a code that never changes, and for a field at fault its own list."""

    code: str
    detail: str
    errors: Mapping[str, Sequence[Mapping[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True)
class Row:
    """One row of a call: its place from 0, its id where one could be read, and what it states or why it
    cannot be read.
    """

    index: int
    external_id: str
    stated: Mapping[str, Any] | Refused


@dataclass(frozen=True)
class RowResult:
    """What became of one row; ``product_id`` is the public id, "" where there is no such product."""

    index: int
    external_id: str
    status: RowStatus
    product_id: str = ""
    refused: Refused | None = None

    def to_dict(self) -> dict[str, Any]:
        """As JSON, without what does not apply."""
        row: dict[str, Any] = {"index": self.index, "id": self.external_id, "status": str(self.status)}
        if self.product_id:
            row["product_id"] = self.product_id
        if self.refused is not None:
            row |= {"code": self.refused.code, "detail": self.refused.detail}
            if self.refused.errors:
                row["errors"] = dict(self.refused.errors)
        return row


def rejected(row: Row, refused: Refused) -> RowResult:
    return RowResult(row.index, row.external_id, RowStatus.REJECTED, refused=refused)


def without_repeats(rows: Sequence[Row]) -> tuple[list[Row], list[RowResult]]:
    """The rows that can be carried out, each id once, and a rejection for every other one."""
    first: dict[str, int] = {}
    good, bad = [], []
    for row in rows:
        if isinstance(row.stated, Refused):
            bad.append(rejected(row, row.stated))
        elif first.setdefault(row.external_id, row.index) != row.index:
            sentence = _("This id stands in row %(index)d already. Send each product once in a call.")
            repeated = Refused("id_repeated", sentence % {"index": first[row.external_id]})
            bad.append(rejected(row, repeated))
        else:
            good.append(row)
    return good, bad


def answer(source: str, results: Sequence[RowResult]) -> dict[str, Any]:
    """The answer to a call: how many rows had each end, and each row in the order it was sent."""
    counts = Counter(result.status for result in results)
    return {
        "source": source,
        **{str(status): counts[status] for status in RowStatus},
        "results": [result.to_dict() for result in sorted(results, key=lambda result: result.index)],
    }
