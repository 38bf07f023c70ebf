"""The circuit breakers of the process: one for the caches' Redis, one for the task queue's."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings

logger = logging.getLogger(__name__)

OPEN_SECONDS = 5.0


class CircuitBreaker:
    """Remembers a failure, so that a dead server gets one call in ``OPEN_SECONDS``."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._open_until = float("-inf")

    @property
    def is_open(self) -> bool:
        return self._clock() < self._open_until

    def trip(self, error: Exception) -> None:
        self._open_until = self._clock() + OPEN_SECONDS
        logger.warning("redis_unreachable", extra={"reason": str(error)})


breaker = CircuitBreaker()
_queue_breaker = CircuitBreaker()


def of_queue() -> CircuitBreaker:
    """The task queue's; where its Redis is also the caches', they share one, and one timeout."""
    servers = {urlsplit(url).netloc for url in (settings.QUEUE_URL, settings.REDIS_URL)}
    return breaker if len(servers) == 1 else _queue_breaker
