"""Sends the mails that are due: each once, whatever dies in between.

1. A worker claims a mail for the time of a lease. If it dies, the next one claims it when the lease has
   ended.
2. It connects to the mail server. What fails until then is tried again, ever later.
3. It commits that the mail is being handed over, hands it over, and in one transaction deletes the mail and
   notes it as sent.

A worker that dies within step 3 leaves a mail of which nobody knows whether the server took it. It is not
sent again: a mail may be lost in that moment, but none comes twice. That is logged, and the alert stays in
force for the next change.
"""

from __future__ import annotations

import logging
import smtplib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage
from django.db import transaction

from search.alerts import mails
from search.models import Alert, AlertMail
from search.models.alerts import AlertMailQuerySet

logger = logging.getLogger(__name__)

# Mails of one run.
MAX_MAILS = 500
# After these pauses a mail is given up: a day and a half in all.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (5, 15, 60, 240, 480, 720, 720))


@dataclass(frozen=True)
class Report:
    """What became of the mails that were due."""

    sent: int = 0
    outdated: int = 0
    postponed: int = 0
    given_up: int = 0
    unknown: int = 0

    def __str__(self) -> str:
        return (
            f"{self.sent} sent, {self.outdated} out of date, {self.postponed} to be tried again, "
            f"{self.given_up} given up, {self.unknown} of which nobody knows whether they were sent"
        )


class _ServerAway(Exception):
    """The mail server takes no connection; ``outcome`` is what became of the mail."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


def deliver(clock: Callable[[], datetime]) -> Report:
    """Send what is due; several workers may do so at once."""
    outcomes: Counter[str] = Counter(unknown=_close_unknown(clock()))
    keys = AlertMail.objects.claimable(clock()).values_list("pk", flat=True)
    for key in list(keys[:MAX_MAILS]):
        claimed = _claim(key, clock())
        if claimed is None:
            continue
        try:
            outcomes[_deliver(claimed, clock())] += 1
        except _ServerAway as error:
            outcomes[error.outcome] += 1
            # The others wait for the next run: to a server that hangs, each would take a time-out.
            break
    return Report(**outcomes)


def _close_unknown(now: datetime) -> int:
    """Take mails out that were being handed over when their worker died; returns how many."""
    lost = list(AlertMail.objects.unknown(now).values_list("pk", "alert_id", "handed_over_at"))
    for key, alert, moment in lost:
        logger.error("alert_mail_unknown", extra={"mail": key})
        with transaction.atomic():
            # As if it was sent, for the interval between two mails.
            Alert.objects.filter(pk=alert).update(last_sent_at=moment)
            AlertMail.objects.filter(pk=key).delete()
    return len(lost)


def _claim(key: int, now: datetime) -> AlertMail | None:
    """The mail, for this worker alone until the lease ends; None where another one was faster."""
    claim = uuid4()
    taken = AlertMail.objects.claimable(now).filter(pk=key)
    if not taken.update(claim=claim, leased_until=now + AlertMail.LEASE):
        return None
    return _held(key, claim).select_related("alert__user", "alert__product").first()


def _held(key: int, claim: UUID | None) -> AlertMailQuerySet:
    return AlertMail.objects.filter(pk=key, claim=claim)


def _deliver(mail: AlertMail, now: datetime) -> str:
    """Raises _ServerAway."""
    message = mails.about(mail, now=now)
    if message is None:
        # Sold out again, dearer again, or the alert has expired: no news any more.
        _held(mail.pk, mail.claim).delete()
        return "outdated"
    connection = get_connection()
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        raise _ServerAway(_postpone(mail, now, error)) from error
    try:
        return _hand_over(mail, message, connection, now)
    finally:
        connection.close()


def _hand_over(mail: AlertMail, message: EmailMessage, connection: BaseEmailBackend, now: datetime) -> str:
    # Committed before the server can take it, and only while the claim is still ours.
    if not _held(mail.pk, mail.claim).update(handed_over_at=now):
        return "outdated"
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        return _refused(mail, now, error, for_good=all(code >= 500 for code in codes))
    except smtplib.SMTPResponseException as error:
        return _refused(mail, now, error, for_good=error.smtp_code >= 500)
    except (OSError, smtplib.SMTPException) as error:
        # The connection broke, perhaps after the server took the mail: it stays handed over.
        logger.warning("alert_mail_broken_off", extra={"mail": mail.pk, "reason": type(error).__name__})
        return "unknown"
    _note_sent(mail, now)
    return "sent"


@transaction.atomic
def _note_sent(mail: AlertMail, now: datetime) -> None:
    """An alert for a product has served its purpose; a saved search goes on, and so does a wish that was
    changed while its mail was handed over.
    """
    # The alert before its mail, as by whoever queues one.
    stored = Alert.objects.select_for_update().filter(pk=mail.alert_id).first()
    _held(mail.pk, mail.claim).delete()
    if stored is None:
        return
    if stored.product_id is not None and stored.amount == mail.alert.amount:
        stored.delete()
    else:
        Alert.objects.filter(pk=stored.pk).update(last_sent_at=now)


def _refused(mail: AlertMail, now: datetime, error: Exception, *, for_good: bool) -> str:
    """The server said that it does not take the mail, so it may be sent again."""
    _held(mail.pk, mail.claim).update(handed_over_at=None)
    return _give_up(mail, error) if for_good else _postpone(mail, now, error)


def _postpone(mail: AlertMail, now: datetime, error: Exception) -> str:
    if mail.attempts >= len(PAUSES):
        return _give_up(mail, error)
    logger.warning("alert_mail_postponed", extra={"mail": mail.pk, "reason": type(error).__name__})
    _held(mail.pk, mail.claim).update(
        attempts=mail.attempts + 1, due_at=now + PAUSES[mail.attempts], claim=None, leased_until=None
    )
    return "postponed"


def _give_up(mail: AlertMail, error: Exception) -> str:
    # Without the message: a server may repeat the address in it.
    logger.error("alert_mail_given_up", extra={"mail": mail.pk, "reason": type(error).__name__})
    _held(mail.pk, mail.claim).delete()
    return "given_up"
