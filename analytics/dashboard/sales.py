"""What searches and recommendations sell: conversion and revenue by query, position and source.

Money of one currency is never added to that of another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from analytics.dashboard.aggregates import ratio
from analytics.events.counting import HUNDREDTHS
from analytics.models import DailyCount, DailyCountQuerySet

Measure = DailyCount.Measure
Figures = dict[str, Any]
Totals = Mapping[str, Mapping[str, int]]

# With few keys: read at once. Those by query are read for the listed queries alone.
MEASURES = (
    Measure.VIEWED_SOURCE,
    Measure.CLICKED_SOURCE,
    Measure.BASKET_SOURCE,
    Measure.BOUGHT_SOURCE,
    Measure.REVENUE_SOURCE,
    Measure.BASKET_POSITION,
    Measure.BOUGHT_POSITION,
    Measure.REVENUE_POSITION,
    Measure.CONVERTED_TYPE,
)
_BY_QUERY = (Measure.QUERY, Measure.BASKET_QUERY, Measure.BOUGHT_QUERY, Measure.CONVERTED)


def summary(totals: Totals, searches: int) -> Figures:
    """Every event of a period, and the share of its searches that led to a purchase."""
    converted = sum(totals[Measure.CONVERTED_TYPE].values())
    return {
        "views": sum(totals[Measure.VIEWED_SOURCE].values()),
        "baskets": sum(totals[Measure.BASKET_SOURCE].values()),
        "purchases": sum(totals[Measure.BOUGHT_SOURCE].values()),
        "converted": converted,
        "conversion": ratio(converted, searches),
        "revenue": _all_money(totals[Measure.REVENUE_SOURCE]),
    }


def sales(counts: DailyCountQuerySet, totals: Totals, *, positions: int, listed: int) -> Figures:
    """By source, by position from 1 to ``positions``, and the ``listed`` queries that sold most."""
    return {
        "by_source": _by_source(totals),
        "by_position": _by_position(totals, positions),
        "by_query": _by_query(counts, listed),
    }


def _by_source(totals: Totals) -> list[Figures]:
    money = _money(totals[Measure.REVENUE_SOURCE])
    parts = {
        "views": totals[Measure.VIEWED_SOURCE],
        "clicks": totals[Measure.CLICKED_SOURCE],
        "baskets": totals[Measure.BASKET_SOURCE],
        "purchases": totals[Measure.BOUGHT_SOURCE],
    }
    sources = sorted({source for counted in parts.values() for source, count in counted.items() if count})
    rows = [
        {
            "source": source,
            **{name: counted.get(source, 0) for name, counted in parts.items()},
            "revenue": money.get(source, {}),
        }
        for source in sources
    ]
    return sorted(rows, key=lambda row: (-row["purchases"], -row["views"], row["source"]))


def _by_position(totals: Totals, positions: int) -> list[Figures]:
    money, clicks = _money(totals[Measure.REVENUE_POSITION]), totals[Measure.CLICK]
    rows = []
    for position in range(1, positions + 1):
        key = str(position)
        bought = totals[Measure.BOUGHT_POSITION].get(key, 0)
        rows.append(
            {
                "position": position,
                "clicks": clicks.get(key, 0),
                "baskets": totals[Measure.BASKET_POSITION].get(key, 0),
                "purchases": bought,
                "revenue": money.get(key, {}),
            }
        )
    return rows


def _by_query(counts: DailyCountQuerySet, listed: int) -> list[Figures]:
    best = [text for text, _count in counts.top(Measure.BOUGHT_QUERY, listed)]
    known = counts.filter(key__in=best).totals(_BY_QUERY)
    money = _money_of_queries(counts, best)
    return [
        {
            "text": text,
            "searches": known[Measure.QUERY].get(text, 0),
            "baskets": known[Measure.BASKET_QUERY].get(text, 0),
            "purchases": known[Measure.BOUGHT_QUERY].get(text, 0),
            "conversion": ratio(known[Measure.CONVERTED].get(text, 0), known[Measure.QUERY].get(text, 0)),
            "revenue": money.get(text, {}),
        }
        for text in best
    ]


def _money_of_queries(counts: DailyCountQuerySet, texts: Iterable[str]) -> dict[str, dict[str, str]]:
    wanted = set(texts)
    # A key begins with its currency, so that the database cannot look for the words alone.
    currencies = {key.partition(":")[0] for key in _source_keys(counts)}
    keys = [f"{currency}:{text}" for currency in sorted(currencies) for text in wanted]
    return _money(counts.filter(key__in=keys).totals([Measure.REVENUE_QUERY])[Measure.REVENUE_QUERY])


def _source_keys(counts: DailyCountQuerySet) -> list[str]:
    """Every purchase with money has a source, and there are few."""
    return list(counts.filter(measure=Measure.REVENUE_SOURCE).values_list("key", flat=True).distinct())


def _money(counted: Mapping[str, int]) -> dict[str, dict[str, str]]:
    """{key: {currency: amount}} from hundredths by "currency:key"."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for key, hundredths in sorted(counted.items()):
        currency, _colon, name = key.partition(":")
        if hundredths:
            found[name][currency] = _amount(hundredths)
    return dict(found)


def _all_money(counted: Mapping[str, int]) -> dict[str, str]:
    """{currency: amount} from hundredths by "currency:key"."""
    total: dict[str, int] = defaultdict(int)
    for key, hundredths in counted.items():
        total[key.partition(":")[0]] += hundredths
    return {currency: _amount(hundredths) for currency, hundredths in sorted(total.items()) if hundredths}


def _amount(hundredths: int) -> str:
    return f"{Decimal(hundredths) / HUNDREDTHS:.2f}"
