"""The signed links of alerts' mails: to confirm an alert, and to end one."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.core import signing
from django.utils.translation import gettext as _

from search.models import Alert

_SALT = "search.alerts"


class UnknownAlert(Exception):
    """The link is forged, or its alert is gone; ``str()`` is for the person."""

    def __init__(self) -> None:
        super().__init__(_("This link no longer works. Ask for the alert again."))


def confirm_token(alert: Alert) -> str:
    """Confirms the alert with its price, for a day."""
    price, currency = alert.amount
    wish = [str(alert.pk), None if price is None else str(price), currency]
    return signing.dumps(wish, salt=f"{_SALT}.confirm")


def read_confirm(token: str) -> tuple[UUID, Decimal | None, str]:
    """The alert's key, price and currency.

    Raises UnknownAlert for a token that we did not make, or that is older than a day.
    """
    try:
        key, price, currency = signing.loads(token, salt=f"{_SALT}.confirm", max_age=Alert.UNCONFIRMED)
        return UUID(key), None if price is None else Decimal(price), currency
    except (signing.BadSignature, ValueError, TypeError, InvalidOperation):
        raise UnknownAlert from None


def stop_token(alert: Alert) -> str:
    """Ends the alert, without signing in and without a limit in time."""
    return signing.Signer(salt=f"{_SALT}.stop").sign(alert.pk.hex)


def read_stop(token: str) -> UUID:
    """Raises UnknownAlert for a token that we did not make."""
    try:
        return UUID(signing.Signer(salt=f"{_SALT}.stop").unsign(token))
    except (signing.BadSignature, ValueError):
        raise UnknownAlert from None
