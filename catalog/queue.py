"""Enqueueing of Celery tasks by web processes, which must not wait for a Redis that hangs."""

from __future__ import annotations

from typing import Any

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog import circuit_breaker


class NotQueued(Exception):
    """The task queue did not accept a task; the message tells staff why."""


def enqueue(task: Any, *arguments: Any, countdown: float | None = None) -> None:
    """Enqueue a Celery ``task``, to be run ``countdown`` seconds from now at the earliest.

    Raises NotQueued: at once while the circuit breaker is open, else within the timeouts of
    ``settings.CELERY_BROKER_TRANSPORT_OPTIONS``.
    """
    breaker = circuit_breaker.of_queue()
    if breaker.is_open:
        raise NotQueued("The task queue did not answer a moment ago. Check Redis.")
    try:
        # Celery would try a second and third time, while somebody waits for the response.
        task.apply_async(arguments, countdown=countdown, retry=False)
    except (OperationalError, RedisError, OSError) as error:
        breaker.trip(error)
        raise NotQueued(f"The task queue does not answer ({error}). Check Redis.") from error
