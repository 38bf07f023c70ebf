"""How an experiment stands: whose products were opened in each visit, and whose were put into baskets and
bought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import Coalesce

from analytics.events.models import Event
from analytics.experiments import running
from analytics.experiments.credit import OURS, THEIRS
from analytics.experiments.models import Experiment
from analytics.experiments.sign_test import SignTest
from analytics.models.searches import ProductClick, SearchLog

_TEAMS = (OURS, THEIRS)
_VISIT = Coalesce("search__visit", "search_id")


@dataclass(frozen=True)
class Outcome:
    """``visits`` saw an answer of the experiment, ``alike`` of them one that both rankings order alike."""

    visits: int
    alike: int
    opened: SignTest
    bought: SignTest

    def to_dict(self) -> dict[str, Any]:
        """For JSON."""
        tests = {"opened": self.opened, "bought": self.bought}
        return {
            "visits": self.visits,
            "alike": self.alike,
            **{name: [test.ours, test.theirs, test.ties] for name, test in tests.items()},
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Outcome:
        """What ``to_dict`` made."""
        tests = {name: SignTest(*stored[name]) for name in ("opened", "bought")}
        return cls(stored["visits"], stored["alike"], **tests)


def outcome(experiment: Experiment) -> Outcome:
    """As counted when it ended, or as it stands."""
    return _count(experiment) if experiment.counted is None else Outcome.from_dict(experiment.counted)


def stop(experiment: Experiment, now: datetime) -> None:
    """End a running experiment, and keep how it went: what it is counted from expires with the log."""
    counted = _count(experiment).to_dict()
    Experiment.objects.running().filter(pk=experiment.pk).update(
        state=Experiment.State.ENDED, ended_at=now, counted=counted
    )
    running.forget()
    experiment.refresh_from_db()


def stop_before_pruning(moment: datetime, now: datetime) -> None:
    """End what has run since before ``moment``, whose first searches are about to be deleted."""
    for experiment in Experiment.objects.running().filter(started_at__lt=moment):
        stop(experiment, now)


def _count(experiment: Experiment) -> Outcome:
    searches = SearchLog.objects.filter(experiment=experiment)
    visits = searches.annotate(of=Coalesce("visit", "id")).values("of")
    counted = visits.aggregate(
        all=Count("of", distinct=True), differing=Count("of", distinct=True, filter=~Q(teams={}))
    )
    clicks = ProductClick.objects.filter(search__experiment=experiment, team__in=_TEAMS)
    sold = Event.objects.filter(
        type__in=[Event.Type.BASKET, Event.Type.PURCHASE], search_id__in=visits, team__in=_TEAMS
    )
    return Outcome(
        visits=counted["all"],
        alike=counted["all"] - counted["differing"],
        opened=_compared(clicks.annotate(of=_VISIT).values_list("of", "product_id", "team").distinct()),
        # What was put into a basket and then bought counts once.
        bought=_compared(sold.values_list("search_id", "product_id", "team").distinct()),
    )


def _compared(acts: Iterable[tuple[UUID | None, str, str]]) -> SignTest:
    """The visits, by whose products were chosen more."""
    lead: Counter[UUID | None] = Counter()
    for visit, _product_id, team in acts:
        lead[visit] += 1 if team == THEIRS else -1
    leads = list(lead.values())
    return SignTest(
        ours=sum(each < 0 for each in leads),
        theirs=sum(each > 0 for each in leads),
        ties=sum(each == 0 for each in leads),
    )
