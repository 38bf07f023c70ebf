"""Events of shoppers, and what is learned from them: popularity, and products seen or bought together."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product


class EventQuerySet(models.QuerySet["Event"]):
    def before(self, moment: datetime) -> EventQuerySet:
        return self.filter(timestamp__lt=moment)

    def of_session(self, session: str, *, since: datetime) -> EventQuerySet:
        """What somebody who was not signed in did in a session, newest first."""
        return self.filter(session=session, user=None, timestamp__gte=since).order_by("-timestamp", "-pk")


class Event(models.Model):
    """One act of a shopper with one product; of a purchase, one line of the order.

    ``key`` is derived from the sender and the sender's ``event_id``: the same event sent again is known.
    """

    class Type(models.TextChoices):
        VIEW = "view", _("View")
        CLICK = "click", _("Click")
        BASKET = "basket", _("Basket")
        PURCHASE = "purchase", _("Purchase")

    class Source(models.TextChoices):
        """Where the shopper came upon the product."""

        SEARCH = "search", _("Search results")
        BROWSE = "browse", _("Categories")
        SIMILAR = "similar", _("Similar products")
        FOR_YOU = "for_you", _("Picked for you")
        LOOK = "look", _("Complete the look")
        TOGETHER = "together", _("Bought together")
        MAIL = "mail", _("Mails")
        OTHER = "other", _("Elsewhere")

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    type = models.CharField(_("type"), max_length=8, choices=Type)
    product_id = models.CharField(_("product id"), max_length=100)
    # analytics.sessions.keys: a keyed hash of what the client calls its session, or a random number later on.
    session = models.CharField(_("session"), max_length=32, blank=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="shop_events",
        verbose_name=_("user"),
    )
    # The search that led to it, its words as they are counted, and the product's position in it from 1.
    search_id = models.UUIDField(_("search"), null=True)
    query_key = models.CharField(_("counted as"), max_length=500, blank=True)
    position = models.PositiveIntegerField(_("position"), null=True)
    source = models.CharField(_("source"), max_length=8, choices=Source, default=Source.OTHER)
    # As ProductClick.team, and the experiment whose team it is: that of the search that was clicked, though
    # its visit may have gone on into another experiment.
    team = models.CharField(_("team"), max_length=1, blank=True, default="")
    experiment = models.ForeignKey(
        "analytics.Experiment",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_index=False,
        verbose_name=_("experiment"),
    )
    # The money of the whole line, in ``currency``.
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, null=True)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    timestamp = models.DateTimeField(_("time"))
    # Created by seed_demo, not by a visitor.
    is_demo = models.BooleanField(_("of the demo"), default=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        app_label = "analytics"
        db_table = "shop_events"
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(value=None) | (Q(value__gte=0) & ~Q(currency="")),
                name="shop_events_value_has_currency",
            )
        ]
        indexes = [
            models.Index(fields=["timestamp"], name="shop_events_timestamp"),
            models.Index(fields=["session", "-timestamp"], name="shop_events_session"),
            models.Index(fields=["user", "-timestamp"], name="shop_events_user"),
            models.Index(fields=["search_id"], name="shop_events_search"),
            models.Index(
                fields=["experiment"], condition=Q(experiment__isnull=False), name="shop_events_experiment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_type_display()}: {self.product_id}"


class ProductPopularity(models.Model):
    """How popular a product is within its category, in [0, 1); see analytics.events.popularity."""

    product = models.OneToOneField(
        Product, on_delete=models.CASCADE, primary_key=True, related_name="popularity"
    )
    score = models.FloatField()
    learned_at = models.DateTimeField()

    class Meta:
        app_label = "analytics"
        db_table = "product_popularity"
        constraints = [
            models.CheckConstraint(condition=Q(score__gte=0, score__lt=1), name="product_popularity_in_range")
        ]

    def __str__(self) -> str:
        return f"{self.product_id}: {self.score:.2f}"


class ProductPair(models.Model):
    """Two products that the same people viewed or bought; one row for each direction.

    ``score`` in (0, 1] is what analytics.events.pairs makes of ``count``, the number of sessions or buyers.
    """

    class Kind(models.TextChoices):
        VIEWED = "viewed"
        BOUGHT = "bought"

    kind = models.CharField(max_length=6, choices=Kind)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="pairs")
    other = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField()
    count = models.PositiveIntegerField()
    learned_at = models.DateTimeField()

    class Meta:
        app_label = "analytics"
        db_table = "product_pairs"
        constraints = [
            models.UniqueConstraint(fields=["kind", "product", "other"], name="product_pairs_once"),
            models.CheckConstraint(condition=~Q(product=F("other")), name="product_pairs_of_two"),
        ]
        indexes = [models.Index(fields=["product", "kind", "-score"], name="product_pairs_best")]

    def __str__(self) -> str:
        return f"{self.product_id} {self.kind} with {self.other_id}"
