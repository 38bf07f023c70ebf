"""Prometheus metrics: time per search stage, searches, and lost rows."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from prometheus_client import Counter, Histogram

# Seconds: an exact search takes half a millisecond, an upload on a busy machine a few seconds.
_BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

stage_seconds = Histogram(
    "tandem_search_stage_seconds", "Time of one stage of a search.", ["stage"], buckets=_BUCKETS
)
searches = Counter("tandem_searches", "Searches answered.", ["type", "cache"])
records_lost = Counter(
    "tandem_rows_lost", "Rows of the log and the caches that could not be written.", ["reason"]
)

# Milliseconds by stage of the search that the current request ran, for Server-Timing.
last_stages: ContextVar[Mapping[str, float]] = ContextVar("last_stages", default={})  # noqa: B039 - never mutated


@contextmanager
def timed(stage: str) -> Iterator[None]:
    """Observe the duration of the block as ``stage``, for stages that not every search has."""
    started = time.perf_counter()
    yield
    stage_seconds.labels(stage).observe(time.perf_counter() - started)


def observe_stages(took_ms: Mapping[str, float]) -> None:
    """Observe each stage, by the names of the ``took_ms`` of a search response."""
    last_stages.set(took_ms)
    for stage, milliseconds in took_ms.items():
        stage_seconds.labels(stage).observe(milliseconds / 1000)
