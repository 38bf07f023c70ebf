"""When what staff planned is in force."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Timed(Protocol):
    """Something between two moments; None leaves its side open."""

    @property
    def starts_at(self) -> datetime | None: ...
    @property
    def ends_at(self) -> datetime | None: ...


def is_in_force(timed: Timed, now: datetime) -> bool:
    started = timed.starts_at is None or timed.starts_at <= now
    return started and (timed.ends_at is None or now < timed.ends_at)
