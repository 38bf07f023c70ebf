"""The circuit breaker of the process's one Redis, shared by the caches and the task queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

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
