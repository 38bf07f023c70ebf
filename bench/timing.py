"""Median and 95th percentile of repeated calls, as a readable table and as JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

Row = dict[str, Any]


def timed(call: Callable[[Any], object], items: Iterable[Any]) -> dict[str, float]:
    """Milliseconds of ``call`` for each item: p50 and p95."""
    durations = []
    for item in items:
        started = time.perf_counter()
        call(item)
        durations.append((time.perf_counter() - started) * 1000)
    p50, p95 = np.percentile(durations, [50, 95])
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def table(title: str, rows: list[Row]) -> str:
    """Rows as aligned columns under the union of their keys."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    cells = [names, *[[_cell(row.get(name)) for name in names] for row in rows]]
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
    lines = ["  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join([title, "-" * len(title), *[line.rstrip() for line in lines], ""])


def _cell(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else str(value)


def save(path: Path, results: dict[str, list[Row]]) -> None:
    path.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
