"""What is learned from events, nightly: popularity, and what is viewed and bought together."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.template.defaultfilters import pluralize

from analytics.events import pairs, popularity
from analytics.events.models import ProductPopularity
from catalog.locking import AlreadyRunning, only_one

logger = logging.getLogger(__name__)

# Where no task queue learns at night, what is older than this is learned anew.
DUE_AFTER = timedelta(hours=20)
IS_LEARNING = "Another process is learning from the events just now."


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


def learn(*, now: datetime) -> Learned | None:
    """Learn from all events anew; None where another process is learning from them."""
    try:
        # Two at once would both delete the rows that they found, and then insert the same ones.
        with only_one("learning from events", now=now):
            return Learned(popularity.learn(now=now), pairs.learn(now=now))
    except AlreadyRunning as error:
        logger.info("%s", error)
        return None


def learn_if_due(*, now: datetime) -> Learned | None:
    """Learn, unless it was done within DUE_AFTER or is being done; then None."""
    last = ProductPopularity.objects.aggregate(last=Max("learned_at"))["last"]
    return learn(now=now) if last is None or last < now - DUE_AFTER else None
