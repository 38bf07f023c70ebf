"""The search log, the clicks and the daily counts; they hold no network addresses and no pictures."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable


def normalized(text: str) -> str:
    """The key under which a query is counted: case-folded, spaces collapsed, at most 500 characters."""
    return " ".join(text.casefold().split())[:500]


class SearchLogQuerySet(models.QuerySet["SearchLog"]):
    def for_query(self, text: str) -> SearchLogQuerySet:
        """The searches for this query, newest first."""
        return self.filter(query_key=normalized(text)).order_by("-timestamp")

    def before(self, moment: datetime) -> SearchLogQuerySet:
        return self.filter(timestamp__lt=moment)


class SearchLog(models.Model):
    """One search. Its id is the ``query_id`` of the response, by which a click refers to it."""

    class QueryType(models.TextChoices):
        TEXT = "text"
        IMAGE = "image"
        HYBRID = "hybrid"
        BROWSE = "browse"
        # Products like one product: shown beside it, searched by nobody, so no figure counts it.
        SIMILAR = "similar"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="search_logs"
    )
    query_type = models.CharField(max_length=10, choices=QueryType)
    query_text = models.CharField(max_length=500, blank=True)
    # normalized(query_text): what queries are counted and looked up by.
    query_key = models.CharField(max_length=500, blank=True)
    # For anonymous searches, what analytics.visitors.visitor makes of the client; it names nobody.
    visitor = models.CharField(max_length=3, blank=True)
    # The opaque id of the uploaded picture, which can be viewed for 24 hours; never the picture itself.
    image_url = models.CharField(max_length=500, blank=True)
    fusion_weight = models.FloatField(null=True)
    timestamp = models.DateTimeField()
    results_count = models.PositiveIntegerField()
    top_result_id = models.CharField(max_length=100, blank=True)
    top_score = models.FloatField(null=True)
    # There were results, but the best was barely above the cut-off.
    low_confidence = models.BooleanField(default=False)
    took_ms = models.FloatField()
    # Milliseconds by stage: {"encode": 21.0, "search": 0.6, "rank": 1.2}.
    stages = models.JSONField(default=dict)
    cache_hit = models.BooleanField(default=False)
    index_version = models.CharField(max_length=60, blank=True)
    filters = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    # Created by seed_demo, not by a visitor.
    is_demo = models.BooleanField(default=False)

    objects = SearchLogQuerySet.as_manager()

    class Meta:
        db_table = "search_logs"
        permissions = [("view_dashboard", "Can see the analytics dashboard")]
        constraints = [
            models.CheckConstraint(
                condition=Q(fusion_weight=None) | Q(fusion_weight__gte=0, fusion_weight__lte=1),
                name="search_logs_weight_in_range",
            )
        ]
        indexes = [
            models.Index(fields=["timestamp"], name="search_logs_timestamp"),
            models.Index(fields=["user", "timestamp"], name="search_logs_user"),
            models.Index(fields=["query_key", "-timestamp"], name="search_logs_query"),
        ]

    def __str__(self) -> str:
        return f"{self.query_type} {self.query_text!r}"

    @property
    def results_query(self) -> str:
        """The query string of the results page for the same search (an uploaded picture expires in 24 h)."""
        parts = {"text": self.query_text, "image_id": self.image_url, "weight": self.fusion_weight}
        present = {name: value for name, value in parts.items() if value not in ("", None)}
        return urlencode({**present, **self.filters}, doseq=True)


class ProductClick(models.Model):
    """A shopper opened a product from the results of a search, at a position counted from 1.

    One row per product and search: opening the same card twice counts once.
    """

    search = models.ForeignKey(SearchLog, on_delete=models.CASCADE, related_name="clicks")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="product_clicks"
    )
    product_id = models.CharField(max_length=100)
    position = models.PositiveIntegerField()
    timestamp = models.DateTimeField()

    class Meta:
        db_table = "product_clicks"
        constraints = [
            models.UniqueConstraint(fields=["search", "product_id"], name="product_clicks_once_per_answer")
        ]
        indexes = [
            models.Index(fields=["timestamp"], name="product_clicks_timestamp"),
            models.Index(fields=["user", "-timestamp"], name="product_clicks_user"),
            models.Index(fields=["product_id"], name="product_clicks_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} at {self.position}"


class DailyCountQuerySet(models.QuerySet["DailyCount"]):
    def between(self, first: date, last: date) -> DailyCountQuerySet:
        """Counts of the days from ``first`` to ``last``, both included."""
        return self.filter(day__gte=first, day__lte=last)

    def totals(self, measures: Iterable[str]) -> dict[str, dict[str, int]]:
        """{measure: {key: count}} over all selected days, in one query."""
        selected = list(measures)
        rows = self.filter(measure__in=selected).values_list("measure", "key").annotate(total=Sum("count"))
        totals: dict[str, dict[str, int]] = {measure: {} for measure in selected}
        for measure, key, total in rows:
            totals[measure][key] = total
        return totals

    def top(self, measure: str, limit: int) -> list[tuple[str, int]]:
        """The ``limit`` most frequent keys and their counts, most frequent first."""
        rows = self.filter(measure=measure).values_list("key").annotate(total=Sum("count"))
        # Subtracting what an account or the demo added can leave a sum of 0.
        return list(rows.filter(total__gt=0).order_by("-total", "key")[:limit])

    def clicked_products(self, first: date, last: date, *, limit: int) -> dict[str, int]:
        """Public ids of the products clicked most from ``first`` to ``last``, with their clicks."""
        return dict(self.between(first, last).top(DailyCount.Measure.PRODUCT, limit))

    def popular_queries(self, *, at_least: int, limit: int) -> list[tuple[str, int]]:
        """Queries with ``at_least`` searches, none without results, and their counts, most frequent first."""
        searches = Sum("count", filter=Q(measure=DailyCount.Measure.QUERY), default=0)
        empty = Sum("count", filter=Q(measure=DailyCount.Measure.QUERY_ZERO), default=0)
        found = self.filter(measure__in=[DailyCount.Measure.QUERY, DailyCount.Measure.QUERY_ZERO])
        counted = found.values("key").annotate(searches=searches, empty=empty)
        popular = counted.filter(searches__gte=at_least, empty=0).order_by("-searches", "key")
        return list(popular.values_list("key", "searches")[:limit])


class DailyCount(models.Model):
    """How often a (measure, key) occurred on one UTC day; the dashboard reads these sums only.

    The transaction that writes the log also writes the counts. So a dashboard over a million searches reads
    a few thousand rows, and its figures remain when the log is pruned.
    """

    class Measure(models.TextChoices):
        TYPE = "type"  # key: a query type
        CACHE = "cache"  # hit, miss
        CONFIDENCE = "confidence"  # none (no result), low, high
        RESULTS = "results"  # number of results, at most RESULTS_SHOWN
        WEIGHT = "weight"  # fusion weight of hybrid searches, to one decimal
        STAGE = "stage"  # "<stage>:<bucket of its milliseconds>"
        FILTER = "filter"  # name of a filter that was used
        PERSON = "person"  # id of a signed-in user
        QUERY = "query"  # normalized words
        QUERY_ZERO = "query-zero"  # ... of searches without a result
        QUERY_LOW = "query-low"  # ... of searches with low confidence
        QUERY_CLICKED = "query-clicked"  # ... of searches that led to a click
        CLICK = "click"  # position of a click
        FIRST_CLICK = "first-click"  # position of the first click of a search
        PRODUCT = "product"  # public id of a clicked product

    # Their keys name a person or contain what people typed, so pruning deletes them.
    PERSONAL = (
        Measure.PERSON,
        Measure.QUERY,
        Measure.QUERY_ZERO,
        Measure.QUERY_LOW,
        Measure.QUERY_CLICKED,
    )

    day = models.DateField()
    measure = models.CharField(max_length=16, choices=Measure)
    key = models.CharField(max_length=500)
    count = models.BigIntegerField()

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        db_table = "daily_counts"
        constraints = [
            models.UniqueConstraint(fields=["measure", "day", "key"], name="daily_counts_one_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.measure} {self.key}: {self.count}"


class BlockedSuggestion(models.Model):
    """Words that are never suggested, whoever searched for them and wherever they stand in a phrase."""

    phrase = models.CharField(
        max_length=100,
        unique=True,
        help_text=_("One or more words. No suggestion that contains them is shown."),
    )

    class Meta:
        db_table = "blocked_suggestions"
        ordering = ["phrase"]

    def __str__(self) -> str:
        return self.phrase
