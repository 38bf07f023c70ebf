"""What a change costs at N products: build, delta, an unchanged run, a price, and the memory of each.

The products are made up and their vectors are drawn, so nothing but the changed product is encoded. Each step
runs in a process of its own, over a database and an index in a temporary folder.
"""

from __future__ import annotations

import tempfile

from bench.growth.process import run
from bench.timing import Row


def measure(count: int) -> list[Row]:
    """One row per step: seconds, and the private memory that it adds at most, in MiB."""
    with tempfile.TemporaryDirectory(prefix="growth-") as folder:
        run(folder, "fill", count)
        rows = run(folder, "build")
        rows += run(folder, "unchanged")
        rows += run(folder, "change")
        rows += run(folder, "ask")
        rows += run(folder, "serve")
        rows += run(folder, "merge")
    return [{"products": count, **row} for row in rows]
