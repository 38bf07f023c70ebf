"""Enqueueing of Celery tasks by web processes, which must not wait for a Redis that hangs."""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from catalog import circuit_breaker

logger = logging.getLogger(__name__)

# Several messages of a shop become one run; should its task be lost, a later message enqueues another one.
GATHER_SECONDS, FORGOTTEN_SECONDS = 1, 60
_DUE = "due:catalogue-changed"


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


def announce_change() -> None:
    """Enqueue the task that brings what is derived from the catalogue up to date, once until it begins.

    A queue that does not answer costs nothing but time: the task also runs by the clock.
    """
    name = settings.CATALOGUE_CHANGED_TASK
    if not name or not cache.add(_DUE, 1, FORGOTTEN_SECONDS):
        return
    try:
        # By its name: this process may never have imported it.
        enqueue(current_app.signature(name), countdown=GATHER_SECONDS)
    except NotQueued as error:
        cache.delete(_DUE)
        logger.warning("%s waits for its next time: %s", name, error)


def change_is_followed() -> None:
    """Called as the task begins: a change from now on needs another run of it."""
    cache.delete(_DUE)
