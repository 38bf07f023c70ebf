"""Staff's rules: products of one kind that move up or down in the order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from search.index.columns import Columns
from search.models import RankingRule
from search.query import Filters
from search.ranking.timing import is_in_force
from search.vectors import Keys, Mask, Rows

# What a rule adds to a score in [0, 1]: enough to lead near equals, to pass most, to pass nearly all.
RULE_STEPS: dict[int, float] = {
    RankingRule.Strength.SLIGHT: 0.05,
    RankingRule.Strength.CLEAR: 0.15,
    RankingRule.Strength.STRONG: 0.4,
}


@dataclass(frozen=True)
class Rule:
    """``bonus`` is added to the score of every product that passes ``filters`` and came into the shop between
    ``created_from`` and ``created_until`` (seconds since the epoch).
    """

    name: str
    bonus: float
    filters: Filters = field(default_factory=Filters)
    created_from: float | None = None
    created_until: float | None = None

    def holds(self, columns: Columns, rows: Rows) -> Mask:
        """Which of the index rows (c,) the rule moves."""
        moved = np.ones(len(rows), dtype=bool)
        for _name, mask in columns.filter_masks(self.filters):
            moved &= mask[rows]
        if self.created_from is not None:
            moved &= columns.created[rows] >= self.created_from
        if self.created_until is not None:
            moved &= columns.created[rows] < self.created_until
        return moved

    @property
    def note(self) -> str:
        sentence = _("Boosted by staff: %(name)s") if self.bonus > 0 else _("Set back by staff: %(name)s")
        return sentence % {"name": self.name}


@dataclass(frozen=True)
class TimedRule:
    """A rule that moves products between two moments; ``query`` is the search it is for, "" for all."""

    name: str
    bonus: float
    filters: Mapping[str, Any]
    query: str = ""
    # Days in the shop: fewer than, more than.
    newer: int | None = None
    older: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    # The search as staff wrote it.
    words: str = ""

    def at(self, now: datetime) -> Rule:
        # From midnight on, so that the result sets of one day share their rules and with them their keys.
        today = datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)
        return Rule(
            self.name,
            self.bonus,
            Filters(**{name: _immutable(value) for name, value in self.filters.items()}),
            created_from=None if self.newer is None else (today - timedelta(days=self.newer)).timestamp(),
            created_until=None if self.older is None else (today - timedelta(days=self.older)).timestamp(),
        )


def load() -> tuple[TimedRule, ...]:
    return tuple(timed(row) for row in RankingRule.objects.filter(is_enabled=True))


def timed(row: RankingRule) -> TimedRule:
    return TimedRule(
        row.name,
        (1 if row.kind == RankingRule.Kind.BOOST else -1) * RULE_STEPS[row.strength],
        row.filters().in_use(),
        row.key,
        row.days if row.field == RankingRule.Field.NEWER else None,
        row.days if row.field == RankingRule.Field.OLDER else None,
        row.starts_at,
        row.ends_at,
        row.query,
    )


def holding(loaded: Iterable[TimedRule], key: str, now: datetime) -> tuple[Rule, ...]:
    """The rules in force for the query with these stems, and those for every query, in their order."""
    return tuple(each.at(now) for each in loaded if each.query in ("", key) and is_in_force(each, now))


def _immutable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def bonuses(rules: Iterable[Rule], columns: Columns, rows: Rows) -> NDArray[np.float32] | None:
    """The additions to the scores of index rows (c,), those of several rules added up; None without rules."""
    added: NDArray[np.float32] | None = None
    for rule in rules:
        added = np.zeros(len(rows), np.float32) if added is None else added
        added[rule.holds(columns, rows)] += np.float32(rule.bonus)
    return added


def notes(rules: Iterable[Rule], columns: Columns, keys: Keys) -> dict[int, tuple[str, ...]]:
    """What the rules did to these products, by primary key."""
    noted: dict[int, tuple[str, ...]] = defaultdict(tuple)
    rows = columns.rows_of([int(key) for key in keys])
    for key, note in _moved(rules, columns, rows):
        noted[key] = (*noted[key], note)
    return dict(noted)


def _moved(rules: Iterable[Rule], columns: Columns, rows: Rows) -> Iterator[tuple[int, str]]:
    for rule in rules:
        for key in columns.keys[rows[rule.holds(columns, rows)]]:
            yield int(key), rule.note
