"""Which team of an experiment a click, a basket or a purchase counts for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from analytics.events.models import Event
from analytics.models.searches import ProductClick, SearchLog
from catalog.models import Product

# The shop's ranking and the variant.
OURS, THEIRS = "A", "B"
# Of a search that led to it and that no team placed the product in.
NOBODY = "-"

Teams = Mapping[str, Sequence[int]]


def credit_clicks(clicks: Sequence[ProductClick], logs: Mapping[UUID, SearchLog]) -> None:
    """Set the team of clicks; ``logs`` are their searches by id. One query where an answer was drawn."""
    _credit([(click, logs.get(click.search_id)) for click in clicks])


def credit_events(events: Iterable[Event], logs: Mapping[UUID, SearchLog]) -> None:
    """Set the team of events that name their search and were not attributed with a team yet."""
    open_events = [event for event in events if event.search_id and not event.team]
    _credit([(event, logs.get(event.search_id)) for event in open_events if event.search_id])


def _credit(acts: Sequence[tuple[ProductClick | Event, SearchLog | None]]) -> None:
    drawn = [(act, log.teams) for act, log in acts if log is not None and log.teams]
    if not drawn:
        return
    ids = {act.product_id for act, _teams in drawn}
    keys = dict(Product.objects.filter(product_id__in=ids).values_list("product_id", "pk"))
    for act, teams in drawn:
        act.team = _team(teams, keys.get(act.product_id))


def _team(teams: Teams, key: int | None) -> str:
    return next((team for team in (OURS, THEIRS) if key in teams.get(team, ())), NOBODY)
