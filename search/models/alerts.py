"""What people want to be told by mail, and the mails that are due for it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from rest.prices import PriceColumn


class AlertQuerySet(models.QuerySet["Alert"]):
    def active(self, now: datetime) -> AlertQuerySet:
        """Confirmed ones that have not expired, of active accounts or of guests."""
        people = Q(user=None) | Q(user__is_active=True)
        return self.filter(people, confirmed_at__isnull=False, expires_at__gt=now)

    def overdue(self, now: datetime) -> AlertQuerySet:
        """Expired ones: not confirmed within a day, or as old as alerts become."""
        return self.filter(expires_at__lte=now)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete them, with their mails that are due."""
        with transaction.atomic():
            # Locked before their mails are deleted: whoever queues a mail locks the alert first as well, so
            # none comes in between, and neither waits for the other.
            list(self.order_by("pk").select_for_update(of=("self",)).values_list("pk"))
            return super().delete()

    # As of Django's own: no method of the manager, and none that templates may call.
    delete.queryset_only = delete.alters_data = True  # type: ignore[attr-defined]


class Alert(models.Model):
    """One wish of a signed-in person, or of a guest who confirmed an address."""

    class Kind(models.TextChoices):
        BACK_IN_STOCK = "back_in_stock", _("back in stock")
        PRICE_BELOW = "price_below", _("price below")
        NEW_FINDS = "new_finds", _("new finds")

    # An address that nobody confirmed is kept this long.
    UNCONFIRMED = timedelta(days=1)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        related_name="alerts",
        verbose_name=_("user"),
    )
    # Of a guest, in lower case; "" for a signed-in person, whose account has the address.
    email = models.EmailField(_("e-mail address"), max_length=254, blank=True)
    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, null=True, related_name="alerts", verbose_name=_("product")
    )
    price = PriceColumn(_("price below"), null=True, validators=[MinValueValidator(0)])
    # Of the price, or of what limits the prices of a saved search; "" without such, and where none is stated.
    currency = models.CharField(_("currency"), max_length=3, blank=True, default="")
    # A saved search (search.alerts.saved_search), and a digest of it.
    query = models.JSONField(_("query"), default=dict, blank=True)
    query_key = models.CharField(_("counted as"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=10)
    created_at = models.DateTimeField(_("created"))
    confirmed_at = models.DateTimeField(_("confirmed"), null=True)
    expires_at = models.DateTimeField(_("expires"), db_index=True)
    last_sent_at = models.DateTimeField(_("last sent"), null=True)
    # Products that came into the shop until then are no news.
    seen_until = models.DateTimeField(_("seen until"), null=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        db_table = "alerts"
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, email__gt="") | Q(user__isnull=False, email=""),
                name="alerts_of_an_account_or_an_address",
            ),
            models.CheckConstraint(
                condition=Q(kind="new_finds", product=None, query_key__gt="")
                | Q(~Q(kind="new_finds"), product__isnull=False, query_key=""),
                name="alerts_of_a_product_or_a_search",
            ),
            models.CheckConstraint(
                condition=Q(kind="price_below", price__isnull=False) | Q(~Q(kind="price_below"), price=None),
                name="alerts_with_a_price",
            ),
            models.UniqueConstraint(
                fields=["user", "kind", "product"],
                condition=Q(user__isnull=False, product__isnull=False),
                name="alerts_once_per_user_and_product",
            ),
            models.UniqueConstraint(
                fields=["email", "kind", "product"],
                condition=Q(user=None, product__isnull=False),
                name="alerts_once_per_address_and_product",
            ),
            models.UniqueConstraint(
                fields=["user", "query_key"],
                condition=Q(user__isnull=False, product=None),
                name="alerts_once_per_user_and_search",
            ),
            models.UniqueConstraint(
                fields=["email", "query_key"],
                condition=Q(user=None, product=None),
                name="alerts_once_per_address_and_search",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.product_id or self.query_key[:8]}"

    @property
    def amount(self) -> tuple[Decimal | None, str]:
        """The price that was asked for and the currency of it."""
        return self.price, self.currency

    def is_met_by(self, product: Product) -> bool:
        """Whether what was asked for is so now."""
        if not product.is_active or not product.in_stock or not self.compares(product.currency):
            return False
        return self.price is None or (product.price is not None and product.price < self.price)

    def compares(self, currency: str) -> bool:
        """Whether a price in this currency can be compared with what was asked for."""
        names_no_amount = self.price is None and not self.currency
        return names_no_amount or currency == self.currency

    @property
    def address(self) -> str:
        """Where its mails go."""
        return self.user.email if self.user is not None else self.email


class AlertMailQuerySet(models.QuerySet["AlertMail"]):
    def claimable(self, now: datetime) -> AlertMailQuerySet:
        """Due ones that nobody holds any more; never one that was being handed over."""
        free = Q(leased_until=None) | Q(leased_until__lte=now)
        return self.filter(free, handed_over_at=None, due_at__lte=now)

    def unknown(self, now: datetime) -> AlertMailQuerySet:
        """Ones that were being handed to the mail server when their worker died: they are not sent again."""
        return self.filter(handed_over_at__isnull=False, leased_until__lte=now)


class AlertMail(models.Model):
    """The outbox: one mail that is due, written in the transaction of the change that it is about.

    It is claimed for the time of a lease, marked before it is handed to the mail server, and deleted in the
    transaction that notes it as sent.
    """

    # Longer than connecting to a mail server and talking to it may take (settings.EMAIL_TIMEOUT).
    LEASE = timedelta(minutes=5)

    # One mail at a time: further changes before it is sent are the same news.
    alert = models.OneToOneField(
        Alert, on_delete=models.CASCADE, related_name="mail", verbose_name=_("alert")
    )
    # Primary keys of the products it is about.
    products = models.JSONField(_("products"), default=list)
    created_at = models.DateTimeField(_("created"))
    due_at = models.DateTimeField(_("due"), db_index=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    # Names the mail to mail servers, for good: attempts of one mail have one id.
    message_id = models.UUIDField(_("message id"), default=uuid.uuid4)
    claim = models.UUIDField(_("claim"), null=True)
    leased_until = models.DateTimeField(_("claimed until"), null=True)
    handed_over_at = models.DateTimeField(_("handed over"), null=True)

    objects = AlertMailQuerySet.as_manager()

    class Meta:
        db_table = "alert_mails"
        verbose_name = _("mail that is due")
        verbose_name_plural = _("mails that are due")
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(handed_over_at=None) | Q(leased_until__isnull=False),
                name="alert_mails_handed_over_under_a_lease",
            ),
            models.CheckConstraint(condition=Q(due_at__gte=F("created_at")), name="alert_mails_due_later"),
        ]

    def __str__(self) -> str:
        return f"{self.alert_id} · {self.due_at:%Y-%m-%d %H:%M}"
