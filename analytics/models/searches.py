"""The search log and the clicks; they hold no network addresses and no pictures."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

# Words are shown to others only when this many people searched for them: nobody's private words are.
MIN_PEOPLE = 3
# Counted in a group of searches for the same words; anonymous people are told apart by ``visitor``.
PEOPLE = Count("user", distinct=True) + Count("visitor", distinct=True, filter=~Q(visitor=""))


def normalized(text: str) -> str:
    """The key under which a query is counted: case-folded, spaces collapsed, at most 500 characters."""
    return " ".join(text.casefold().split())[:500]


class SearchLogQuerySet(models.QuerySet["SearchLog"]):
    def for_query(self, text: str) -> SearchLogQuerySet:
        """The searches for this query, newest first."""
        return self.filter(query_key=normalized(text)).order_by("-timestamp")

    def visits(self) -> int:
        """How many visits they belong to: what the dashboard counts as searches."""
        counted: int = self.aggregate(visits=Count(Coalesce("visit", "id"), distinct=True))["visits"]
        return counted

    def before(self, moment: datetime) -> SearchLogQuerySet:
        return self.filter(timestamp__lt=moment)


class SearchLog(models.Model):
    """One search. Its id is the ``query_id`` of the response, by which a click refers to it."""

    class QueryType(models.TextChoices):
        TEXT = "text", _("Words")
        IMAGE = "image", _("Picture")
        HYBRID = "hybrid", _("Picture and words")
        BROWSE = "browse", _("Browsing")
        # Products like one product: shown beside it, searched by nobody (is_counted).
        SIMILAR = "similar", _("Similar products")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="search_logs",
        verbose_name=_("user"),
    )
    query_type = models.CharField(_("kind"), max_length=10, choices=QueryType)
    query_text = models.CharField(_("query"), max_length=500, blank=True)
    # normalized(query_text): what queries are counted and looked up by.
    query_key = models.CharField(_("counted as"), max_length=500, blank=True)
    # For anonymous searches, what analytics.visitors.visitor makes of the client; it names nobody.
    visitor = models.CharField(_("visitor"), max_length=3, blank=True)
    # As Event.session.
    session = models.CharField(_("session"), max_length=32, blank=True, default="")
    # The first search of the visit that this one belongs to (analytics.visits): itself, or one that asked the
    # same before. A row from before visits were told apart has none, and counts for itself.
    visit = models.UUIDField(_("visit"), null=True)
    # The opaque id of the uploaded picture, which can be viewed for 24 hours; never the picture itself.
    image_url = models.CharField(_("picture"), max_length=500, blank=True)
    fusion_weight = models.FloatField(_("fusion weight"), null=True)
    timestamp = models.DateTimeField(_("time"))
    results_count = models.PositiveIntegerField(_("number of results"))
    top_result_id = models.CharField(_("best product"), max_length=100, blank=True)
    top_score = models.FloatField(_("best score"), null=True)
    # There were results, but the best was barely above the cut-off.
    low_confidence = models.BooleanField(_("low confidence"), default=False)
    took_ms = models.FloatField(_("milliseconds"))
    # Milliseconds by stage: {"encode": 21.0, "search": 0.6, "rank": 1.2}.
    stages = models.JSONField(_("milliseconds by stage"), default=dict)
    cache_hit = models.BooleanField(_("from the cache"), default=False)
    index_version = models.CharField(_("version of the index"), max_length=60, blank=True)
    filters = models.JSONField(_("filters"), default=dict, encoder=DjangoJSONEncoder)
    # The experiment that drew this answer, and the products of its teams by primary key: {"A": [...], "B":
    # [...]}; {} where both rankings order alike. None where nothing was drawn to be compared.
    experiment = models.ForeignKey(
        "analytics.Experiment",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("experiment"),
    )
    teams = models.JSONField(_("teams"), null=True)
    # Created by seed_demo, not by a visitor.
    is_demo = models.BooleanField(_("of the demo"), default=False)

    objects = SearchLogQuerySet.as_manager()

    class Meta:
        db_table = "search_logs"
        verbose_name = _("logged search")
        verbose_name_plural = _("logged searches")
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
            models.Index(fields=["session", "-timestamp"], name="search_logs_session"),
            models.Index(fields=["visit"], name="search_logs_visit"),
            models.Index(
                fields=["experiment"],
                condition=Q(experiment__isnull=False),
                name="search_logs_experiment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_query_type_display()}: {self.query_text}"

    @property
    def is_counted(self) -> bool:
        """Whether figures count it; similar products stand beside a product, and nobody asked for them."""
        return self.query_type != self.QueryType.SIMILAR

    @property
    def first_id(self) -> uuid.UUID:
        """The first search of its visit."""
        return self.visit or self.pk

    @property
    def is_first(self) -> bool:
        """Whether it began its visit, and did not refine, sort or repeat what was asked before."""
        return self.first_id == self.pk

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

    search = models.ForeignKey(
        SearchLog, on_delete=models.CASCADE, related_name="clicks", verbose_name=_("search")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="product_clicks",
        verbose_name=_("user"),
    )
    product_id = models.CharField(_("product id"), max_length=100)
    position = models.PositiveIntegerField(_("position"))
    # The team of an experiment that placed the product (analytics.experiments.credit).
    team = models.CharField(_("team"), max_length=1, blank=True, default="")
    timestamp = models.DateTimeField(_("time"))

    class Meta:
        db_table = "product_clicks"
        verbose_name = _("product click")
        verbose_name_plural = _("product clicks")
        constraints = [
            models.UniqueConstraint(fields=["search", "product_id"], name="product_clicks_once_per_answer")
        ]
        indexes = [
            models.Index(fields=["timestamp"], name="product_clicks_timestamp"),
            models.Index(fields=["user", "-timestamp"], name="product_clicks_user"),
            models.Index(fields=["product_id"], name="product_clicks_product"),
        ]

    def __str__(self) -> str:
        return f"{self.product_id} · {self.position}"
