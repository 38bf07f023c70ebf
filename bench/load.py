"""``python -m bench.load``: concurrent shoppers against a real server with a demo shop of its own.

Exits 1 on any response other than success or a 503 with Retry-After.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import requests

from bench.server import Server, serving
from bench.shoppers import REQUEST_WEIGHTS, Outcome, Shopper
from bench.timing import Row, table

PICTURES = 24


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to measure (60)")
    parser.add_argument("--warm-up", type=float, default=15, help="seconds of the same load before (15)")
    parser.add_argument("--clients", type=int, default=20, help="concurrent shoppers (20)")
    parser.add_argument("--products", type=int, default=300, help="products in the demo shop (300)")
    parser.add_argument("--pause", type=float, default=0.0, help="mean seconds between two requests (0)")
    parser.add_argument("--data-dir", type=Path, help="keep the demo shop here and reuse it")
    options = parser.parse_args()
    tables, failures = measure(
        options.seconds,
        options.clients,
        products=options.products,
        warm_up=options.warm_up,
        pause=options.pause,
        data_dir=options.data_dir,
    )
    for title, rows in tables.items():
        sys.stdout.write(table(title, rows) + "\n")
    if failures:
        sys.exit("\n".join(["Unexpected responses:", *failures]))


def measure(
    seconds: float = 60,
    clients: int = 20,
    *,
    products: int = 300,
    warm_up: float = 15,
    pause: float = 0,
    data_dir: Path | None = None,
) -> tuple[dict[str, list[Row]], list[str]]:
    """(tables of requests, memory and start; a line per kind of unexpected response and logged error)."""
    with serving(products, data_dir) as server:
        pictures = _pictures(server.address)
        shoppers = [Shopper(number, server.address, pictures) for number in range(clients)]
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(Shopper.register, shoppers))
        _send_requests(shoppers, warm_up, pause)
        warm_up_outcomes = [outcome for shopper in shoppers for outcome in shopper.outcomes]
        for shopper in shoppers:
            shopper.outcomes = []
        memory = Memory(server)
        with memory:
            _send_requests(shoppers, seconds, pause)
        outcomes = [outcome for shopper in shoppers for outcome in shopper.outcomes]
        errors = server.errors()
        start = {"alive after (s)": server.alive_after, "ready after (s)": server.ready_after}
    tables = {
        f"{clients} shoppers for {seconds:.0f} s": _requests(outcomes, seconds),
        "Memory of master and workers (MiB)": memory.rows(),
        "Start of the server": [{"what": name, "value": round(value, 1)} for name, value in start.items()],
    }
    return tables, [
        *_failures([*warm_up_outcomes, *outcomes]),
        *(f"  logged: {line[-1500:]}" for line in errors[:5]),
    ]


def _pictures(address: str) -> list[bytes]:
    """Some of the shop's own pictures, for shoppers to upload."""
    response = requests.post(
        f"{address}/api/v1/text-search", json={"text": "dress", "top_k": PICTURES}, timeout=60
    )
    urls = [hit["product"]["image_url"] for hit in response.json()["results"]]
    return [
        requests.get(url if url.startswith("http") else address + url, timeout=60).content for url in urls
    ]


def _send_requests(shoppers: list[Shopper], seconds: float, pause: float) -> None:
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(len(shoppers)) as pool:
        for future in [pool.submit(shopper.send_requests, end, pause) for shopper in shoppers]:
            future.result()


class Memory:
    """Samples the server's memory once a second within its context."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._sample)
        # Pairs of seconds since the beginning and MiB.
        self._samples: list[tuple[float, float]] = []

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def rows(self) -> list[Row]:
        """Start, quarters, end and peak, and the slope of a line fitted to the second half."""
        if not self._samples:
            return [{"start": "unknown: this system has no /proc"}]
        seconds, sizes = np.array(self._samples).T
        places = {"start": 0.0, "quarter": 0.25, "half": 0.5, "three quarters": 0.75, "end": 1.0}
        row: Row = {name: round(float(sizes[int(at * (len(sizes) - 1))]), 1) for name, at in places.items()}
        half = len(sizes) // 2
        if len(sizes) - half > 1:
            slope = np.polyfit(seconds[half:], sizes[half:], 1)[0]
            row["slope of 2nd half (MiB/min)"] = round(float(slope) * 60, 1)
        return [row | {"peak": round(float(sizes.max()), 1)}]

    def _sample(self) -> None:
        began = time.monotonic()
        while True:
            size = self._server.memory()
            if size is not None:
                self._samples.append((time.monotonic() - began, size))
            if self._ended.wait(1.0):
                return


def _requests(outcomes: list[Outcome], seconds: float) -> list[Row]:
    """One row per kind of request and one for all; times of successful requests only."""
    kinds = [kind for kind in [*REQUEST_WEIGHTS, "register"] if any(each.kind == kind for each in outcomes)]
    rows = [_row(kind, [each for each in outcomes if each.kind == kind]) for kind in kinds]
    return [*rows, _row("all", outcomes) | {"per_second": round(len(outcomes) / seconds, 1)}]


def _row(kind: str, outcomes: list[Outcome]) -> Row:
    took = [outcome.seconds * 1000 for outcome in outcomes if outcome.is_success]
    p50, p95 = [round(float(ms)) for ms in np.percentile(took, [50, 95])] if took else [None, None]
    statuses = Counter(outcome.status for outcome in outcomes)
    return {
        "request": kind,
        "count": len(outcomes),
        "p50_ms": p50,
        "p95_ms": p95,
        "statuses": ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
    }


def _failures(outcomes: list[Outcome]) -> list[str]:
    """One line per kind of request and unexpected status."""
    bad = [outcome for outcome in outcomes if not (outcome.is_success or outcome.is_retryable)]
    counts = Counter((outcome.kind, outcome.status) for outcome in bad)
    examples = {(outcome.kind, outcome.status): outcome.text for outcome in bad}
    return [
        f"  {kind}: {status or 'no response'}, {count} times, such as: {examples[kind, status]}"
        for (kind, status), count in counts.most_common()
    ]


if __name__ == "__main__":
    main()
