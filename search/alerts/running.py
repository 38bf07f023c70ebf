"""One round of alerts, as the task, the command and the background thread carry it out."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from search.alerts import new_finds
from search.alerts.delivery import deliver
from search.models import Alert


def run(clock: Callable[[], datetime]) -> str:
    """Delete what expired, look for new finds, send what is due; returns a sentence about it."""
    deleted = prune(clock())
    found = new_finds.find(clock())
    report = deliver(clock)
    return f"Alerts: {found} with new finds; mails: {report}; {deleted} expired alerts deleted."


def prune(now: datetime) -> int:
    """Delete alerts that expired, those that nobody confirmed within a day among them; returns how many."""
    _total, by_model = Alert.objects.overdue(now).delete()
    return by_model.get(Alert._meta.label, 0)
