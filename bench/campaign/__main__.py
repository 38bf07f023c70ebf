"""``python -m bench.campaign``: faults and attacks against a demo shop of its own, as a table.

During each fault a shopper searches with words twice a second, and a probe asks /healthz five times a
second. Hostile pictures have a table of their own (``python -m bench.hostile``), which comes first unless
``--only`` is given. Exits 1 when a status is not among those that the fault allows, a 503 names no time to
come again, or /healthz took a second.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import requests

from bench import hostile
from bench.campaign import postgres, redis_server
from bench.campaign.faults import ON_SQLITE, OUTAGE, Fault, NotHere, nothing, writes
from bench.server import ROOT, Server, serving
from bench.timing import Row, table

HEALTHY_SECONDS = 1.0
# A fault without requests of its own lasts this long.
WATCHED_SECONDS = 6.0


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.campaign", description=__doc__)
    parser.add_argument("--only", default="", help="only faults whose name contains this")
    parser.add_argument("--products", type=int, default=120, help="products in the demo shop (120)")
    options = parser.parse_args()
    if not options.only:
        hostile.main([])
    rows = []
    for row in _rows(options.only, options.products):
        rows.append(row)
        sys.stderr.write(f"{row['fault']}: {row['verdict']}\n")
    sys.stdout.write(table("Faults and attacks, seconds and MiB", rows) + "\n")
    if any(row["verdict"] == "failed" for row in rows):
        sys.exit("Something was not as it should be.")


def _rows(only: str, products: int) -> Iterator[Row]:
    for shop in (_on_sqlite, _on_postgresql, _with_redis, _with_damaged_model):
        with tempfile.TemporaryDirectory(prefix="tandem-campaign-") as folder:
            yield from shop(only, products, Path(folder))


def _on_sqlite(only: str, products: int, folder: Path) -> Iterator[Row]:
    chosen = [fault for fault in ON_SQLITE if only in fault.name]
    if chosen:
        with serving(products, folder) as server:
            yield from (_measured(fault, server) for fault in chosen)


def _on_postgresql(only: str, products: int, folder: Path) -> Iterator[Row]:
    names = ("PostgreSQL read-only", "PostgreSQL never answers")
    if not any(only in name for name in names):
        return
    if postgres.programs() is None:
        yield from (_row(name, "PostgreSQL is not installed") for name in names)
        return
    with postgres.running() as database:
        variables = {"DATABASE_URL": database.url}
        with serving(products, folder, variables=variables) as server:
            faults = (
                Fault(names[0], lambda _server: database.read_only(), attack=writes, attack_allowed=OUTAGE),
                Fault(
                    names[1],
                    lambda _server: database.frozen(),
                    allowed=frozenset({200, 503}),
                    attack=writes,
                    attack_allowed=OUTAGE,
                ),
            )
            yield from (_measured(fault, server) for fault in faults if only in fault.name)


def _with_redis(only: str, products: int, folder: Path) -> Iterator[Row]:
    """Caches and queue in Redis. No worker runs: what is enqueued stays there."""
    names = [name for name in redis_server.NAMES if only in name]
    if not names:
        return
    if redis_server.program() is None:
        yield from (_row(name, "redis-server is not installed") for name in names)
        return
    with redis_server.running() as redis:
        variables = {"REDIS_URL": redis.url, "QUEUE_URL": redis.url, **redis_server.SHOP}
        with serving(products, folder, variables=variables) as server:
            yield from (_measured(redis_server.fault(name, redis), server) for name in names)


def _with_damaged_model(only: str, products: int, folder: Path) -> Iterator[Row]:
    fault = Fault("model cut short", nothing, allowed=OUTAGE)
    if only not in fault.name:
        return
    model = folder / "model"
    model.mkdir()
    for file in (ROOT / "search" / "encoding" / "bundled").iterdir():
        content = file.read_bytes()
        (model / file.name).write_bytes(content[:1000] if file.suffix == ".safetensors" else content)
    with serving(products, folder):
        pass  # the shop is made by the whole model
    with serving(products, folder, variables={"CLIP_MODEL": str(model)}, ready=False) as server:
        yield _measured(fault, server)


def _measured(fault: Fault, server: Server) -> Row:
    """The row of a fault: what was answered while it lasted, and how long the probe took."""
    texts: list[tuple[int, float]] = []
    probes: list[float] = []
    sizes: list[float] = []
    attack: list[tuple[int, float]] = []
    try:
        with ExitStack() as watched:
            watched.enter_context(fault.last(server))
            watched.enter_context(hostile.repeated(0.5, partial(_search, server, texts)))
            watched.enter_context(hostile.repeated(0.2, partial(_probe, server, probes)))
            watched.enter_context(hostile.repeated(0.2, partial(hostile.sample, server, sizes)))
            if fault.attack is None:
                time.sleep(WATCHED_SECONDS)
            else:
                attack = [_seen(response) for response in fault.attack(server)]
    except NotHere as missing:
        return _row(fault.name, str(missing))
    good = _within(texts, fault.allowed) and _within(attack, fault.attack_allowed)
    verdict = "as it should be" if good and max(probes) < HEALTHY_SECONDS else "failed"
    return _row(fault.name, verdict) | {
        "searches": _counted(texts),
        "slowest search": _slowest(texts),
        "its requests": _counted(attack),
        "slowest of them": _slowest(attack),
        "slowest /healthz": round(max(probes), 2),
        "peak memory": round(max(sizes)) if sizes else None,
    }


def _row(name: str, verdict: str) -> Row:
    empty = (
        "searches",
        "slowest search",
        "its requests",
        "slowest of them",
        "slowest /healthz",
        "peak memory",
    )
    return {"fault": name, "verdict": verdict} | dict.fromkeys(empty, None)


def _search(server: Server, seen: list[tuple[int, float]]) -> None:
    words = {"text": f"red dress {time.monotonic_ns()}"}
    began = time.monotonic()
    try:
        response = requests.post(f"{server.address}/api/v1/text-search", json=words, timeout=60)
        seen.append(_seen(response))
    except requests.ConnectionError:
        seen.append((0, time.monotonic() - began))


def _probe(server: Server, seen: list[float]) -> None:
    began = time.monotonic()
    try:
        requests.get(f"{server.address}/healthz", timeout=60)
    except requests.ConnectionError:
        return  # a killed worker had accepted it
    seen.append(time.monotonic() - began)


def _seen(response: requests.Response) -> tuple[int, float]:
    """(status, seconds); a 503 that does not say when to come again counts as 500."""
    bare = response.status_code == 503 and "Retry-After" not in response.headers
    return 500 if bare else response.status_code, response.elapsed.total_seconds()


def _within(seen: Iterable[tuple[int, float]], allowed: frozenset[int]) -> bool:
    return all(status in allowed for status, _seconds in seen)


def _counted(seen: Iterable[tuple[int, float]]) -> str:
    counts = Counter(status for status, _seconds in seen)
    return ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))


def _slowest(seen: list[tuple[int, float]]) -> float | None:
    return round(max(seconds for _status, seconds in seen), 2) if seen else None


if __name__ == "__main__":
    main()
