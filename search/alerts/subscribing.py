"""Asking to be told, confirming it, and taking it back.

A signed-in person's alert holds at once. A guest's holds once its address is confirmed by the link in a mail,
and whoever asks gets the same answer whatever is known of the address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts import mail_worker
from catalog.display.currency import shop_currency
from catalog.models import Product
from catalog.sources.money import rounded
from rest.prices import DIGITS
from search.alerts import mails, outbox, saved_search
from search.alerts.tokens import UnknownAlert, confirm_token, read_confirm, read_stop
from search.models import Alert
from search.query import InvalidQuery, SearchQuery

if TYPE_CHECKING:
    from accounts.models import User

_SALT = "search.alerts"
MAX_EMAIL = 254
# Alerts of one account or address; a guest's further ones are dropped in silence.
MAX_ALERTS = 100
# Mails with a link to confirm that one address gets in a day, however many alerts are asked for.
CONFIRMATIONS, _DAY = 5, 24 * 3600


class TooManyAlerts(Exception):
    """The account has as many alerts as there may be; ``str()`` is for the person."""

    def __init__(self) -> None:
        super().__init__(_("You have as many alerts as we keep. Delete one first."))


@dataclass(frozen=True)
class Wish:
    """What somebody wants to be told about."""

    kind: str
    product: Product | None = None
    price: Decimal | None = None
    query: dict[str, Any] = field(default_factory=dict)
    # Of the price, or of what limits the prices of the query.
    currency: str = ""

    @property
    def amount(self) -> tuple[Decimal | None, str]:
        return self.price, self.currency

    @property
    def identity(self) -> dict[str, Any]:
        """What two alerts of one person may not share."""
        if self.product is not None:
            return {"kind": self.kind, "product": self.product}
        return {"kind": self.kind, "product": None, "query_key": saved_search.key(self.query)}


def search_wish(query: SearchQuery) -> Wish:
    """New finds of a search. Raises InvalidQuery for one that cannot be kept."""
    kept = saved_search.to_dict(query)
    currency = shop_currency() if saved_search.limits_prices(kept) else ""
    return Wish(Alert.Kind.NEW_FINDS, query=kept, currency=currency)


def product_wish(kind: str, product: Product, price: Decimal | None) -> Wish:
    """Raises InvalidQuery for what is so already, and for a price that is none."""
    if kind == Alert.Kind.BACK_IN_STOCK:
        if product.in_stock:
            raise InvalidQuery("kind", _("It can be bought right now."))
        return Wish(kind, product)
    limit = _rounded(price, product.currency)
    if limit is None:
        raise InvalidQuery("price", _("Give a price above 0."))
    if product.in_stock and product.price is not None and product.price < limit:
        raise InvalidQuery("price", _("It costs less than that already."))
    return Wish(kind, product, price=limit, currency=product.currency)


def _rounded(price: Decimal | None, currency: str) -> Decimal | None:
    """A price above 0 as its column keeps it; None for any other, and for one that it does not hold."""
    if price is None or not price.is_finite() or price.adjusted() >= DIGITS:
        return None
    # 9,999,999,999.9999 has a digit more once it is rounded.
    limit = rounded(price, currency)
    return limit if 0 < limit < 10**DIGITS else None


def subscribe(user: User, wish: Wish, *, now: datetime) -> Alert:
    """The person's alert, from now on for the full time. Raises TooManyAlerts."""
    known = Alert.objects.filter(user=user, **wish.identity)
    if not known.exists() and Alert.objects.filter(user=user).count() >= MAX_ALERTS:
        raise TooManyAlerts
    alert, _created = Alert.objects.update_or_create(
        **wish.identity,
        user=user,
        defaults={
            "price": wish.price,
            "currency": wish.currency,
            "language": _language(),
            "expires_at": _expiry(now),
            "confirmed_at": now,
        },
        create_defaults={**_new(wish, now), "expires_at": _expiry(now), "confirmed_at": now},
    )
    return alert


def subscribe_guest(email: str, wish: Wish, *, now: datetime) -> None:
    """Keep the wish for a day and mail a link that confirms it; later, so that the answer takes as long for
    every address.
    """
    job = partial(_subscribe_guest, email.strip().lower(), wish, now=now, language=_language())
    mail_worker.enqueue(job)


def _subscribe_guest(email: str, wish: Wish, *, now: datetime, language: str) -> None:
    if Alert.objects.filter(email=email).count() >= MAX_ALERTS or not _may_mail(email):
        return
    with translation.override(language):
        alert, created = Alert.objects.get_or_create(
            **wish.identity,
            user=None,
            email=email,
            defaults={**_new(wish, now), "expires_at": now + Alert.UNCONFIRMED},
        )
        if not created and alert.confirmed_at is not None and alert.amount == wish.amount:
            return
        # As a new wish: what was confirmed was another price.
        alert.price, alert.currency = wish.amount
        if not created:
            Alert.objects.filter(pk=alert.pk, confirmed_at=None).update(
                price=alert.price, currency=alert.currency, expires_at=now + Alert.UNCONFIRMED
            )
        mails.confirmation(alert, confirm_token(alert)).send()


def confirm(token: str, *, now: datetime) -> Alert:
    """Confirm a guest's alert by the token of its mail; again is no failure. Raises UnknownAlert."""
    key, price, currency = read_confirm(token)
    with transaction.atomic():
        # One statement, which locks the row: the alert may be stopped at the same moment.
        confirmed = _of_guests(key, now).update(
            confirmed_at=Coalesce("confirmed_at", now),
            price=price,
            currency=currency,
            expires_at=_expiry(now),
        )
        if not confirmed:
            raise UnknownAlert
        alert = Alert.objects.select_related("product").get(pk=key)
        # It may have come true since it was asked for.
        if alert.product is not None and alert.is_met_by(alert.product):
            outbox.queue([alert], now=now)
    return alert


def read_confirmation(token: str, *, now: datetime) -> Alert:
    """The alert as the token confirms it, which may be with another price. Raises UnknownAlert."""
    key, price, currency = read_confirm(token)
    alert = _of_guests(key, now).select_related("product").first()
    if alert is None:
        raise UnknownAlert
    alert.price, alert.currency = price, currency
    return alert


def _of_guests(key: UUID, now: datetime) -> QuerySet[Alert]:
    return Alert.objects.filter(pk=key, user=None, expires_at__gt=now)


def stop(token: str) -> None:
    """Delete the alert of a token, with its mail that is due; one that is gone already is no failure.

    Raises UnknownAlert for a token that we did not make.
    """
    Alert.objects.filter(pk=read_stop(token)).delete()


def _new(wish: Wish, now: datetime) -> dict[str, Any]:
    return {
        "price": wish.price,
        "currency": wish.currency,
        "query": wish.query,
        "language": _language(),
        "created_at": now,
        "seen_until": now,
    }


def _expiry(now: datetime) -> datetime:
    return now + timedelta(days=settings.ALERT_DAYS)


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


def _may_mail(email: str) -> bool:
    """Counts a mail to this address, and says whether it is one of the CONFIRMATIONS of a day."""
    key = f"alert-mails:{salted_hmac(_SALT, email, algorithm='sha256').hexdigest()[:32]}"
    counts = caches["ratelimit"]
    counts.add(key, 0, timeout=_DAY)
    try:
        return bool(counts.incr(key) <= CONFIRMATIONS)
    except ValueError:  # the day ended in between
        return True
