"""A replay as text, for ``manage.py evaluate --replay``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings

from analytics.experiments.models import Experiment
from analytics.experiments.running import Variant
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.replay.asking import replay
from search.evaluation.replay.overlap import FIRST, Change, RankedProduct, Replay


def report(name: str, *, days: int, now: datetime, as_json: bool) -> str:
    """The replay of an experiment, given by its name or its number. Raises NothingToMeasure without such an
    experiment, without queries, or for days that the log does not hold.
    """
    if not 1 <= days <= settings.SEARCH_LOG_DAYS:
        raise NothingToMeasure(f"Give 1 to {settings.SEARCH_LOG_DAYS} days: the log is kept as long.")
    variant = Variant.of(_experiment(name))
    found = replay(variant, days=days, now=now).replay
    if not found.queries:
        raise NothingToMeasure(f"No query was asked by several people in {days} days. Give more --days.")
    return json.dumps(_as_dict(found), indent=2, ensure_ascii=False) if as_json else _printed(found)


def _experiment(name: str) -> Experiment:
    # Longer numbers are no keys, and the database would refuse them.
    is_number = name.isascii() and name.isdecimal() and len(name) < 10
    found = Experiment.objects.filter(name=name).first()
    if found is None and is_number:
        found = Experiment.objects.filter(pk=int(name)).first()
    if found is None:
        raise NothingToMeasure(f"There is no experiment {name!r}.")
    return found


def _as_dict(found: Replay) -> dict[str, Any]:
    queries = [
        {
            "query": each.text,
            "searches": each.searches,
            "overlap": each.overlap,
            "rbo": round(each.rbo, 4),
            "gained": [asdict(place) for place in each.gained],
            "lost": [asdict(place) for place in each.lost],
        }
        for each in found.queries
    ]
    return {
        "searches": found.searches,
        "changed_share": found.changed_share,
        "mean_rbo": found.mean_rbo,
        "queries": queries,
    }


def _printed(found: Replay) -> str:
    if not found.changed:
        return _summary(found)
    columns = f"{'query':<32} {'searches':>8} {'overlap':>8} {'rbo':>6}"
    heading = f"{columns}  gained (+) and lost (-) @place(other place)"
    return "\n".join([heading, *map(_line, found.changed), _summary(found)])


def _line(each: Change) -> str:
    moves = [*_marked("+", each.gained), *_marked("-", each.lost)]
    overlap = f"{each.overlap} of {FIRST}"
    columns = f"{each.text[:32]:<32} {each.searches:>8} {overlap:>8} {each.rbo:>6.3f}"
    return f"{columns}  {' '.join(moves)}".rstrip()


def _marked(sign: str, places: Iterable[RankedProduct]) -> list[str]:
    return [f"{sign}{place.product_id}@{place.at}({place.other or '-'})" for place in places]


def _summary(found: Replay) -> str:
    compared = f"{len(found.queries):,} queries of {found.searches:,} searches compared"
    if not found.changed:
        return f"Nothing changes: {compared}, each with the same first {FIRST} in the same order."
    return (
        f"{compared}: the first {FIRST} change in {found.changed_share:.1%} of the searches, "
        f"mean rank-biased overlap {found.mean_rbo:.3f}."
    )
