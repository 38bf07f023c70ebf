"""``python -m bench``: what searching costs on this machine, as tables and as JSON.

The requests need a shop: run ``manage.py sync`` and ``manage.py reindex`` (or ``make setup``) first.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The limit protects a shop from one visitor; here one visitor is all there is.
os.environ["RATE_LIMIT"] = "1000000/m"
os.environ["HTTPS"] = "off"

SIZES = [7_715, 200_000, 1_000_000]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=SIZES, help="vectors in the synthetic indexes"
    )
    parser.add_argument("--dimension", type=int, help="of the synthetic vectors (default: the encoder's)")
    parser.add_argument("--no-requests", action="store_true", help="only the synthetic indexes")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()

    import django

    django.setup()
    from bench import ranking, requests, vectors
    from bench.timing import Row, save, table
    from search import engine

    results: dict[str, list[Row]] = {}

    def show(title: str, rows: list[Row]) -> None:
        results[title] = rows
        print(table(title, rows), flush=True)  # noqa: T201 - a program's output

    if not options.no_requests:
        asked, encoded = requests.measure()
        show("Requests", asked)
        show("Encoder and memory", encoded)
    for size in (7_715, 200_000):
        show(f"Ranking at {size:,} products", ranking.measure(size))
    for size in options.sizes:
        show(f"{size:,} vectors", vectors.measure(size, options.dimension or engine.encoder().dimension))
    if options.json:
        save(options.json, results)


if __name__ == "__main__":
    main()
