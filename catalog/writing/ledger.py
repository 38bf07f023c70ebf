"""Calls with an idempotency key and their answers: one that is sent again is answered and not carried out."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from catalog.locking import AlreadyRunning, only_one_within

# As long as a client may repeat a call.
KEPT = timedelta(hours=24)
# Until the same call, or another one for the same source, is done.
WAIT_SECONDS = 5.0


class KeyConflict(Exception):
    """The idempotency key belongs to another call; ``str()`` is the message for the client."""

    def __init__(self) -> None:
        super().__init__(
            _("This idempotency key was used for another request. Make a new key for each new request.")
        )


class SourceBusy(Exception):
    """Another call writes the same source; worth sending again after ``retry_after`` seconds."""

    retry_after = 2

    def __init__(self) -> None:
        super().__init__(
            _("Another request writes this source just now. Send it again in a moment, with the same key.")
        )


class BulkCall(models.Model):
    """One call that a client may repeat; ``answer`` is the JSON that it got, "" until it is done."""

    client = models.CharField(max_length=40)
    key = models.CharField(max_length=255)
    # sha256 (hex) over everything that was asked.
    digest = models.CharField(max_length=64)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "catalog"
        db_table = "bulk_calls"
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="bulk_calls_once_per_key")]

    def __str__(self) -> str:
        return f"{self.client} {self.key}"


@dataclass(frozen=True)
class Call:
    """What was asked: whose call it is, its key ("" without one), a digest of it, and the lock it needs."""

    client: str
    key: str
    digest: str
    lock: str


@dataclass(frozen=True)
class Answered:
    """``is_replay`` says that the answer is that of an earlier call."""

    answer: dict[str, Any]
    is_replay: bool = False


def digest(asked: str) -> str:
    return hashlib.sha256(asked.encode()).hexdigest()


def carry_out(call: Call, work: Callable[[], dict[str, Any]], *, now: datetime) -> Answered:
    """Do ``work`` once for each key, alone among the calls of the same lock.

    A call that broke off is carried out again. Raises KeyConflict, SourceBusy and what ``work`` raises.
    """
    try:
        with only_one_within(WAIT_SECONDS, call.lock, now=now):
            return _once(call, work, now) if call.key else Answered(work())
    except AlreadyRunning:
        raise SourceBusy from None


def _once(call: Call, work: Callable[[], dict[str, Any]], now: datetime) -> Answered:
    record = _claimed(call, now)
    if record.answer:
        return Answered(json.loads(record.answer), is_replay=True)
    answer = work()
    record.answer = json.dumps(answer)
    record.save(update_fields=["answer"])
    return Answered(answer)


def _claimed(call: Call, now: datetime) -> BulkCall:
    BulkCall.objects.filter(client=call.client, key=call.key, created_at__lte=now - KEPT).delete()
    record, _created = BulkCall.objects.get_or_create(
        client=call.client, key=call.key, defaults={"digest": call.digest, "created_at": now}
    )
    # The digest names the source, so whoever holds its lock is alone with this record.
    if record.digest != call.digest:
        raise KeyConflict
    return record


def prune(now: datetime) -> int:
    """Delete the calls that nobody may repeat any more."""
    deleted, _by_model = BulkCall.objects.filter(created_at__lte=now - KEPT).delete()
    return deleted
