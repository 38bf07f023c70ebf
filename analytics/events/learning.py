"""What is learned from events, nightly: popularity, and what is viewed and bought together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.template.defaultfilters import pluralize

from analytics.events import pairs, popularity
from analytics.events.models import ProductPopularity

# Where no task queue learns at night, what is older than this is learned anew.
DUE_AFTER = timedelta(hours=20)


@dataclass(frozen=True)
class Learned:
    """How many products are popular, and how many pairs there are."""

    popular: int
    pairs: int

    def __str__(self) -> str:
        return (
            f"{self.popular:,} product{pluralize(self.popular)} with a popularity and "
            f"{self.pairs:,} pair{pluralize(self.pairs)} learned."
        )


def learn(*, now: datetime) -> Learned:
    return Learned(popularity.learn(now=now), pairs.learn(now=now))


def learn_if_due(*, now: datetime) -> Learned | None:
    """Learn, unless it was done within DUE_AFTER; then None."""
    last = ProductPopularity.objects.aggregate(last=Max("learned_at"))["last"]
    return learn(now=now) if last is None or last < now - DUE_AFTER else None
