"""What an experiment's variant would change: the searches of the last days on both rankings, side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from analytics.dashboard.access import dashboard_page
from analytics.experiments.models import Experiment
from analytics.experiments.running import Variant
from catalog.display.cards import Card
from search import admission
from search.evaluation.replay import asking
from search.evaluation.replay.overlap import Change, RankedProduct

PERIODS = (1, 7, 30)
# Of one request: enough to see what a variant does. manage.py evaluate --replay compares more.
QUERIES, SECONDS = 50, 3.0


@dataclass(frozen=True)
class Row:
    """One query whose first ten change, with the cards and places of both rankings."""

    change: Change
    before: Sequence[tuple[Card, RankedProduct]]
    after: Sequence[tuple[Card, RankedProduct]]

    @classmethod
    def of(cls, change: Change, cards: Mapping[str, Card]) -> Row:
        def with_cards(places: Sequence[RankedProduct]) -> list[tuple[Card, RankedProduct]]:
            return [(cards[place.product_id], place) for place in places]

        return cls(change, with_cards(change.places_before), with_cards(change.places_after))


@dashboard_page
def replay(request: HttpRequest, key: int) -> HttpResponse:
    """The most asked queries of one of PERIODS, by default a day, as far as the time reaches. Raises Busy
    while another one runs in this process.
    """
    shown = get_object_or_404(Experiment, pk=key)
    days = next((each for each in PERIODS if request.GET.get("days") == str(each)), PERIODS[0])
    with admission.replays.taken():
        found = asking.replay(Variant.of(shown), days=days, now=timezone.now(), most=QUERIES, seconds=SECONDS)
    context = {
        "experiment": shown,
        "days": days,
        "periods": PERIODS,
        "replay": found.replay,
        "compared": len(found.replay.queries),
        "asked": found.asked,
        "rows": [Row.of(change, found.cards) for change in found.replay.changed],
    }
    return render(request, "analytics/replay.html", context)
