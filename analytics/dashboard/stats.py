"""The dashboard's figures: searches, results, latency, clicks, and the state of the catalogue.

Page and API call ``dashboard``. It sums the counts of ``analytics.daily_counts``, so a period costs the
same few queries however many searches it contains.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Max
from django.utils.module_loading import import_string

from accounts.models import Favorite
from analytics.dashboard import inventory, sales
from analytics.dashboard.aggregates import latency_percentiles, mean_reciprocal_rank, ratio
from analytics.models import DailyCount, DailyCountQuerySet, Event, ProductClick, SearchLog
from catalog.models import Product, SyncRun

Figures = dict[str, Any]
Measure = DailyCount.Measure

MAX_DAYS = 730
LISTED = 20
# The first page of results: further positions are seen too rarely to compare.
POSITIONS = 24
# Seconds after which changes show that ``generation`` does not cover, such as a removed favourite.
_CACHE_S = 60

# Measures with few distinct keys, so that one query can load them all.
_MEASURES = (
    Measure.TYPE,
    Measure.CACHE,
    Measure.CONFIDENCE,
    Measure.RESULTS,
    Measure.WEIGHT,
    Measure.STAGE,
    Measure.FILTER,
    Measure.CLICK,
    Measure.FIRST_CLICK,
    Measure.CLICKED_POSITION,
    *sales.MEASURES,
)


@dataclass(frozen=True)
class Period:
    """Whole UTC days from ``first`` to ``last``, both included."""

    first: date
    last: date

    @classmethod
    def ending(cls, last: date, days: int) -> Period:
        """The ``days`` days up to and including ``last``. Raises ValueError outside 1 to MAX_DAYS."""
        if not 1 <= days <= MAX_DAYS:
            raise ValueError(f"Ask for 1 to {MAX_DAYS} days.")
        return cls(last - timedelta(days=days - 1), last)

    @property
    def starts(self) -> datetime:
        return datetime.combine(self.first, time.min, UTC)

    @property
    def ends(self) -> datetime:
        return datetime.combine(self.last + timedelta(days=1), time.min, UTC)

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> Period:
        """The equally long period that ended the day before."""
        length = timedelta(days=len(self.days))
        return Period(self.first - length, self.last - length)

    @property
    def counts(self) -> DailyCountQuerySet:
        return DailyCount.objects.between(self.first, self.last)


def dashboard(days: int, now: datetime, *, until: date | None = None) -> Figures:
    """All figures of the ``days`` days (1 to MAX_DAYS) up to and including ``until``, else today.

    Catalogue and index are always as of ``now``. Rates lie in [0, 1] and are None where nothing was
    counted; times are in milliseconds. Cached per ``generation``. Raises ValueError for ``days`` outside
    the range.
    """
    period = Period.ending(until or now.astimezone(UTC).date(), days)
    key = f"dashboard:{period.first}:{period.last}:{generation()}"
    figures = cache.get(key)
    if not isinstance(figures, dict):
        figures = {
            "generated_at": now,
            **_counted(period),
            **inventory.figures(period.starts, period.ends, now),
        }
        cache.set(key, figures, _CACHE_S)
    # The setting names functions of packages that analytics does not import, such as the index.
    live = {name: import_string(path)(now) for name, path in settings.DASHBOARD_SECTIONS.items()}
    return {**figures, **live}


def generation() -> str:
    """A cache key that changes with a new search, click, event, favourite, product or sync; six look-ups."""
    moments = [
        SearchLog.objects.aggregate(latest=Max("timestamp"))["latest"],
        Favorite.objects.aggregate(latest=Max("added_at"))["latest"],
        Product.objects.generation(),
        SyncRun.objects.aggregate(latest=Max("finished_at"))["latest"],
    ]
    click = ProductClick.objects.aggregate(latest=Max("pk"))["latest"]
    event = Event.objects.aggregate(latest=Max("pk"))["latest"]
    stamps = "".join(f"{moment.timestamp() if moment else 0}-" for moment in moments)
    return f"{stamps}{click or 0}-{event or 0}"


def _counted(period: Period) -> Figures:
    totals = period.counts.totals(_MEASURES)
    return {
        "from": period.first,
        "to": period.last,
        "days": len(period.days),
        "summary": {**summary(totals), "people": _people(period)},
        "before": summary(period.before.counts.totals(_MEASURES)),
        "searches": {"by_day": by_day(period), "by_type": totals[Measure.TYPE]},
        "latency_ms": latency_percentiles(totals[Measure.STAGE]),
        "cache": cache_use(totals[Measure.CACHE]),
        "queries": queries(period),
        "clicks": {**clicks(totals), "products": clicked_products(period)},
        "fusion_weights": weights(totals[Measure.WEIGHT]),
        "filters": _ranked(totals[Measure.FILTER], "filter"),
        "sales": sales.sales(period.counts, totals, positions=POSITIONS, listed=LISTED),
    }


def summary(totals: dict[str, dict[str, int]]) -> Figures:
    searches = sum(totals[Measure.TYPE].values())
    confidence = totals[Measure.CONFIDENCE]
    first_clicks = totals[Measure.FIRST_CLICK]
    return {
        "searches": searches,
        "zero_results": confidence.get("none", 0),
        "zero_result_rate": ratio(confidence.get("none", 0), searches),
        "low_confidence": confidence.get("low", 0),
        "low_confidence_rate": ratio(confidence.get("low", 0), searches),
        "clicks": sum(totals[Measure.CLICK].values()),
        "click_through": ratio(sum(first_clicks.values()), searches),
        "mean_reciprocal_rank": mean_reciprocal_rank(first_clicks),
        **sales.summary(totals, searches),
        "p95_ms": latency_percentiles(totals[Measure.STAGE]).get("total", {}).get("p95"),
    }


def cache_use(counts: dict[str, int]) -> Figures:
    hits, misses = counts.get("hit", 0), counts.get("miss", 0)
    return {"hits": hits, "misses": misses, "hit_rate": ratio(hits, hits + misses)}


def by_day(period: Period) -> list[Figures]:
    """Searches by type, and signed-in people, of every day of the period, also of those without any."""
    empty = {"text": 0, "image": 0, "hybrid": 0, "browse": 0, "total": 0, "people": 0}
    rows: dict[date, Figures] = {day: {"day": day, **empty} for day in period.days}
    types = period.counts.filter(measure=Measure.TYPE).values_list("day", "key", "count")
    for day, query_type, count in types:
        rows[day][query_type] = count
        rows[day]["total"] += count
    people = period.counts.filter(measure=Measure.PERSON, count__gt=0).values_list("day")
    for day, count in people.annotate(people=Count("pk")):
        rows[day]["people"] = count
    return list(rows.values())


def _people(period: Period) -> int:
    people = period.counts.filter(measure=Measure.PERSON, count__gt=0)
    total: int = people.aggregate(people=Count("key", distinct=True))["people"]
    return total


def queries(period: Period) -> Figures:
    """The most frequent queries: of all searches, of those without results, of those with low confidence."""
    lists = {
        "top": period.counts.top(Measure.QUERY, LISTED),
        "zero_results": period.counts.top(Measure.QUERY_ZERO, LISTED),
        "low_confidence": period.counts.top(Measure.QUERY_LOW, LISTED),
    }
    texts = {text for rows in lists.values() for text, _count in rows}
    by_text = period.counts.filter(key__in=texts)
    known = by_text.totals([Measure.QUERY, Measure.QUERY_ZERO, Measure.QUERY_LOW, Measure.QUERY_CLICKED])
    return {name: [_query(text, known) for text, _count in rows] for name, rows in lists.items()}


def _query(text: str, known: dict[str, dict[str, int]]) -> Figures:
    searches = known[Measure.QUERY].get(text, 0)
    return {
        "text": text,
        "searches": searches,
        "zero_results": known[Measure.QUERY_ZERO].get(text, 0),
        "low_confidence": known[Measure.QUERY_LOW].get(text, 0),
        "click_through": ratio(known[Measure.QUERY_CLICKED].get(text, 0), searches),
    }


def clicks(totals: dict[str, dict[str, int]]) -> Figures:
    """Clicks by position, the searches with enough results to show it, and the share of them that was clicked
    there.
    """
    clicks, sizes = totals[Measure.CLICK], totals[Measure.RESULTS]
    rows = []
    for position in range(1, POSITIONS + 1):
        shown = sum(count for size, count in sizes.items() if int(size) >= position)
        clicked = totals[Measure.CLICKED_POSITION].get(str(position), 0)
        rows.append(
            {
                "position": position,
                "clicks": clicks.get(str(position), 0),
                "shown": shown,
                "click_through": ratio(clicked, shown),
            }
        )
    return {"by_position": rows}


def clicked_products(period: Period) -> list[Figures]:
    """The most clicked products; the title is "" once the catalogue has lost the product."""
    rows = period.counts.top(Measure.PRODUCT, LISTED)
    titles = inventory.titles(product_id for product_id, _count in rows)
    return [
        {"product_id": product_id, "title": titles.get(product_id, ""), "clicks": count}
        for product_id, count in rows
    ]


def weights(counts: dict[str, int]) -> list[Figures]:
    """Hybrid searches by fusion weight in steps of 0.1, from 0.0 (text only) to 1.0 (image only)."""
    return [{"weight": step / 10, "searches": counts.get(f"{step / 10:.1f}", 0)} for step in range(11)]


def _ranked(counts: dict[str, int], name: str) -> list[Figures]:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [{name: key, "searches": count} for key, count in ranked]
