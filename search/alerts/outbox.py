"""The outbox: mails that are due, written in the transaction of the change that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from catalog.syncing.listeners import OfferChange
from search.models import Alert, AlertMail

# From one mail of an alert to the next.
INTERVAL = timedelta(days=1)
# Keys looked up at once: databases limit the parameters of a query.
_BATCH = 500


def on_offer_changes(changes: Sequence[OfferChange], *, now: datetime) -> None:
    """Queue mails about these products; called inside the transaction of the change."""
    for start in range(0, len(changes), _BATCH):
        _queue_about(changes[start : start + _BATCH], now)


def _queue_about(changes: Sequence[OfferChange], now: datetime) -> None:
    by_key = {change.key: change for change in changes}
    # Locked, so that no alert is deleted before its mail is committed.
    waiting = Alert.objects.active(now).filter(product__in=by_key).select_for_update(of=("self",))
    waiting = waiting.select_related("product").order_by("pk")
    queue((alert for alert in waiting if _is_met(alert, by_key.get(alert.product_id or 0))), now=now)


def _is_met(alert: Alert, change: OfferChange | None) -> bool:
    if change is None:
        return False
    if alert.kind == Alert.Kind.BACK_IN_STOCK:
        return change.is_back
    if change.price is None or alert.price is None or alert.product is None:
        return False
    # The product is written already, in this transaction.
    comparable = alert.compares(alert.product.currency)
    return comparable and (change.is_cheaper or change.is_repriced) and change.price < alert.price


def queue(alerts: Iterable[Alert], *, now: datetime, products: Sequence[int] = ()) -> None:
    """One mail for each alert, a day after its last one at the earliest; an alert with a mail that is due has
    no second one.
    """
    AlertMail.objects.bulk_create(
        [
            AlertMail(
                alert=alert,
                products=list(products) or [alert.product_id],
                created_at=now,
                due_at=max(now, alert.last_sent_at + INTERVAL) if alert.last_sent_at else now,
            )
            for alert in alerts
        ],
        ignore_conflicts=True,
    )
