"""``python -m bench [SECTION …]``: latency and memory on this machine, as tables and as JSON.

The sections: vectors (synthetic indexes), ranking, requests (needs the shop of ``make setup`` and ``sync`` or
``seed_demo``), analytics, encoders, recommendations, sessions (what they cost a search), load, growth (a
made-up catalogue), engines (needs an index in Milvus). Without a section, all of them.
"""

from __future__ import annotations

import argparse
import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.timing import Row, save, table

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# All requests come from one address, which would exceed the limit.
os.environ["RATE_LIMIT"] = "1000000/m"
os.environ["HTTPS"] = "off"

# One million takes as long as all other sections together: --sizes 1000000.
SIZES = [7_715, 200_000]
RANKING_SIZES = (7_715, 200_000)
GROWTH_SIZES = (20_000, 200_000)

# Titles with their rows, each yielded when measured; a string describes a failure.
Tables = Iterator[tuple[str, list[Row]] | str]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}")
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=SIZES, help="vectors in the synthetic indexes"
    )
    parser.add_argument("--dimension", type=int, help="of the synthetic vectors (default: the encoder's)")
    parser.add_argument("--searches", type=int, default=100_000, help="searches in the dashboard's log")
    parser.add_argument("--json", type=Path, help="also write the results to this file")
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"there is no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")

    import django

    django.setup()
    results: dict[str, list[Row]] = {}
    failures: list[str] = []
    for section in options.sections or SECTIONS:
        for result in SECTIONS[section](options):
            if isinstance(result, str):
                failures.append(result)
                continue
            title, rows = result
            results[title] = rows
            sys.stdout.write(table(title, rows) + "\n")
            sys.stdout.flush()
    if options.json:
        save(options.json, results)
    if failures:
        sys.exit("\n".join(["Unexpected responses:", *failures]))


def _requests(_options: Namespace) -> Tables:
    from bench import requests

    request_rows, encoder_rows = requests.measure()
    yield "Requests", request_rows
    yield "Encoder and memory", encoder_rows


def _encoders(_options: Namespace) -> Tables:
    from bench import encoders

    yield "The bundled encoder and CLIP ViT-B/32's architecture, one thread", encoders.measure()


def _ranking(_options: Namespace) -> Tables:
    from bench import ranking

    for size in RANKING_SIZES:
        yield f"Ranking at {size:,} products", ranking.measure(size)


def _vectors(options: Namespace) -> Tables:
    from bench import vectors
    from search import engine

    for size in options.sizes:
        yield f"{size:,} vectors", vectors.measure(size, options.dimension or engine.encoder().dimension)


def _growth(options: Namespace) -> Tables:
    from bench import growth

    for size in options.sizes if options.sizes != SIZES else GROWTH_SIZES:
        yield f"What a change costs at {size:,} products", growth.measure(size)


def _engines(_options: Namespace) -> Tables:
    from bench.growth import engines

    if rows := engines.measure():
        yield "The local engine and Milvus", rows


def _analytics(options: Namespace) -> Tables:
    from bench import analytics

    yield analytics.measure(options.searches)


def _recommendations(_options: Namespace) -> Tables:
    from bench.recommendations import foresight

    yield from foresight.measure()


def _sessions(_options: Namespace) -> Tables:
    from bench.recommendations import costs

    yield from costs.measure()


def _load(_options: Namespace) -> Tables:
    from bench import load

    tables, failures = load.measure()
    yield from tables.items()
    yield from failures


# The slowest come last.
SECTIONS: dict[str, Callable[[Namespace], Tables]] = {
    "requests": _requests,
    "encoders": _encoders,
    "ranking": _ranking,
    "analytics": _analytics,
    "recommendations": _recommendations,
    "sessions": _sessions,
    "load": _load,
    "vectors": _vectors,
    "growth": _growth,
    "engines": _engines,
}


if __name__ == "__main__":
    main()
