"""The daily counts: what the dashboard reads."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Iterable


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


class DailyCount(models.Model):
    """How often a (measure, key) occurred on one UTC day; the dashboard reads these sums only.

    The transaction that writes the log also writes the counts. So a dashboard over a million searches reads
    a few thousand rows, and its figures remain when the log is pruned.
    """

    class Measure(models.TextChoices):
        TYPE = "type", _("kind of search")  # key: a query type
        CACHE = "cache", _("from the cache or not")  # hit, miss
        CONFIDENCE = "confidence", _("how sure the answer is")  # none (no result), low, high
        RESULTS = "results", _("number of results")  # number of results, at most RESULTS_SHOWN
        WEIGHT = "weight", _("fusion weight")  # fusion weight of hybrid searches, to one decimal
        STAGE = "stage", _("time by stage")  # "<stage>:<bucket of its milliseconds>"
        FILTER = "filter", _("filter")  # name of a filter that was used
        PERSON = "person", _("person")  # id of a signed-in user
        QUERY = "query", _("query")  # normalized words
        QUERY_ZERO = "query-zero", _("query that found nothing")  # ... of searches without a result
        QUERY_LOW = "query-low", _("query that barely found anything")  # ... of searches with low confidence
        # ... of searches that led to a click. What searches led to counts on their day, all else on its own.
        QUERY_CLICKED = "query-clicked", _("query that was clicked")
        CLICK = "click", _("clicks by position")  # position of a click
        FIRST_CLICK = "first-click", _("first clicks by position")  # position of the first click of a search
        # Position that a search was clicked at, once.
        CLICKED_POSITION = "clicked-position", _("searches clicked at a position")
        PRODUCT = "product", _("clicked product")  # public id of a clicked product
        # Of events (analytics.events.counting). Money is counted in hundredths, under "<currency>:<key>".
        VIEWED_PRODUCT = "viewed-product", _("viewed product")  # public id of a viewed product
        BASKET_PRODUCT = "basket-product", _("product put into a basket")
        BOUGHT_PRODUCT = "bought-product", _("bought product")
        VIEWED_SOURCE = "viewed-source", _("views by source")  # Event.Source
        CLICKED_SOURCE = "clicked-source", _("clicks by source")
        BASKET_SOURCE = "basket-source", _("baskets by source")
        BOUGHT_SOURCE = "bought-source", _("purchases by source")
        REVENUE_SOURCE = "revenue-source", _("revenue by source")
        BASKET_POSITION = "basket-position", _("baskets by position")  # position in the search that led to it
        BOUGHT_POSITION = "bought-position", _("purchases by position")
        REVENUE_POSITION = "revenue-position", _("revenue by position")
        BASKET_QUERY = "basket-query", _("baskets by query")  # normalized words of the search that led to it
        BOUGHT_QUERY = "bought-query", _("purchases by query")
        REVENUE_QUERY = "revenue-query", _("revenue by query")
        CONVERTED = "converted-query", _("query that led to a purchase")  # ... of searches that led to one
        CONVERTED_TYPE = "converted-type", _("kind of search that led to a purchase")  # key: a query type

    # Their keys name a person or contain what people typed, so pruning deletes them.
    PERSONAL = (
        Measure.PERSON,
        Measure.QUERY,
        Measure.QUERY_ZERO,
        Measure.QUERY_LOW,
        Measure.QUERY_CLICKED,
        Measure.BASKET_QUERY,
        Measure.BOUGHT_QUERY,
        Measure.REVENUE_QUERY,
        Measure.CONVERTED,
    )

    day = models.DateField(_("day"))
    measure = models.CharField(_("measure"), max_length=16, choices=Measure)
    # 500 characters of a query, behind a currency and a colon.
    key = models.CharField(_("key"), max_length=504)
    count = models.BigIntegerField(_("count"))

    objects = DailyCountQuerySet.as_manager()

    class Meta:
        db_table = "daily_counts"
        verbose_name = _("daily count")
        verbose_name_plural = _("daily counts")
        constraints = [
            models.UniqueConstraint(fields=["measure", "day", "key"], name="daily_counts_one_per_key")
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.get_measure_display()} {self.key}: {self.count}"
