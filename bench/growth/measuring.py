"""Seconds, and memory added at most, of one call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from bench.timing import Row

MIB = 1024 * 1024


def measured(name: str, call: Callable[[], object]) -> Row:
    from search import engine

    # The model is loaded once per process, and is no part of what a change costs.
    engine.encoder().encode_text(["warm up"])
    with _peak() as peak:
        began, used = time.perf_counter(), time.process_time()
        call()
        seconds, cpu = time.perf_counter() - began, time.process_time() - used
    return {
        "step": name,
        "seconds": round(seconds, 3),
        # Of all threads: what remains of the seconds when nothing else runs.
        "cpu_s": round(cpu, 3),
        "added_mib": round(peak[0] / MIB, 1),
    }


def median(name: str, rows: list[Row]) -> Row:
    return {
        "step": name,
        **{unit: round(float(np.median([row[unit] for row in rows])), 3) for unit in ("seconds", "cpu_s")},
        "added_mib": max(row["added_mib"] for row in rows),
    }


@contextmanager
def _peak() -> Iterator[list[int]]:
    """The most bytes of memory of its own that the process gains; mapped files are shared and not counted."""
    before, peak, done = _anonymous(), [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            peak[0] = max(peak[0], _anonymous() - before)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peak
    finally:
        peak[0] = max(peak[0], _anonymous() - before)
        done.set()
        thread.join()


def _anonymous() -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon"))
