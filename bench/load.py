"""``python -m bench.load``: concurrent shoppers against a real server over a demo shop made for it.

Exits 1 when anything was answered but by success or an honest 503 (one that says when to come back).
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
from bench.shoppers import VISIT, Answer, Shopper
from bench.timing import Row, table

PICTURES = 24


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long to measure (60)")
    parser.add_argument("--warm-up", type=float, default=15, help="seconds of the same load before (15)")
    parser.add_argument("--clients", type=int, default=20, help="shoppers at once (20)")
    parser.add_argument("--products", type=int, default=300, help="products in the demo shop (300)")
    parser.add_argument("--pause", type=float, default=0.0, help="mean seconds between two requests (0)")
    parser.add_argument("--data-dir", type=Path, help="keep the demo shop here, and use it again")
    options = parser.parse_args()
    tables, faults = measure(
        options.seconds,
        options.clients,
        products=options.products,
        warm_up=options.warm_up,
        pause=options.pause,
        data_dir=options.data_dir,
    )
    for title, rows in tables.items():
        sys.stdout.write(table(title, rows) + "\n")
    if faults:
        sys.exit("\n".join(["Not answered as promised:", *faults]))


def measure(
    seconds: float = 60,
    clients: int = 20,
    *,
    products: int = 300,
    warm_up: float = 15,
    pause: float = 0,
    data_dir: Path | None = None,
) -> tuple[dict[str, list[Row]], list[str]]:
    """(tables of requests, memory and start; a line for each kind of answer that nobody promised)."""
    with serving(products, data_dir) as server:
        pictures = _pictures(server.address)
        shoppers = [Shopper(number, server.address, pictures) for number in range(clients)]
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(Shopper.arrive, shoppers))
        _shop(shoppers, warm_up, pause)
        early = [answer for shopper in shoppers for answer in shopper.answers]
        for shopper in shoppers:
            shopper.answers = []
        memory = Memory(server)
        with memory:
            _shop(shoppers, seconds, pause)
        answers = [answer for shopper in shoppers for answer in shopper.answers]
        errors = server.errors()
        start = {"alive after (s)": server.alive_after, "ready after (s)": server.ready_after}
    tables = {
        f"{clients} shoppers for {seconds:.0f} s": _requests(answers, seconds),
        "Memory of master and workers (MiB)": memory.rows(),
        "Start of the server": [{"what": name, "value": round(value, 1)} for name, value in start.items()],
    }
    return tables, [*_faults([*early, *answers]), *(f"  logged: {line[-1500:]}" for line in errors[:5])]


def _pictures(address: str) -> list[bytes]:
    """Some of the shop's own pictures, as shoppers would send them."""
    asked = requests.post(
        f"{address}/api/v1/text-search", json={"text": "dress", "top_k": PICTURES}, timeout=60
    )
    found = asked.json()["results"]
    urls = [hit["product"]["image_url"] for hit in found]
    return [
        requests.get(url if url.startswith("http") else address + url, timeout=60).content for url in urls
    ]


def _shop(shoppers: list[Shopper], seconds: float, pause: float) -> None:
    end = time.monotonic() + seconds
    with ThreadPoolExecutor(len(shoppers)) as pool:
        for done in [pool.submit(shopper.shop_until, end, pause) for shopper in shoppers]:
            done.result()


class Memory:
    """The server's memory, once a second for as long as the context lasts."""

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
        """Start, quarters and end, and the slope of a straight line through the second half."""
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


def _requests(answers: list[Answer], seconds: float) -> list[Row]:
    """A row for each kind of request and one for all; times of what was answered with success."""
    kinds = [kind for kind in [*VISIT, "register"] if any(answer.kind == kind for answer in answers)]
    rows = [_row(kind, [answer for answer in answers if answer.kind == kind]) for kind in kinds]
    return [*rows, _row("all", answers) | {"per_second": round(len(answers) / seconds, 1)}]


def _row(kind: str, answers: list[Answer]) -> Row:
    took = [answer.seconds * 1000 for answer in answers if answer.is_good]
    p50, p95 = [round(float(ms)) for ms in np.percentile(took, [50, 95])] if took else [None, None]
    statuses = Counter(answer.status for answer in answers)
    return {
        "request": kind,
        "count": len(answers),
        "p50_ms": p50,
        "p95_ms": p95,
        "statuses": ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
    }


def _faults(answers: list[Answer]) -> list[str]:
    """One line for each kind of request and status that is neither success nor an honest 503."""
    bad = [answer for answer in answers if not (answer.is_good or answer.is_honest_refusal)]
    counts = Counter((answer.kind, answer.status) for answer in bad)
    examples = {(answer.kind, answer.status): answer.text for answer in bad}
    return [
        f"  {kind}: {status or 'no answer'}, {count} times, such as: {examples[kind, status]}"
        for (kind, status), count in counts.most_common()
    ]


if __name__ == "__main__":
    main()
