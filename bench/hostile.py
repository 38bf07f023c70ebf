"""``python -m bench.hostile [URL]``: pictures that are dear to decode, sent to a server while others search.

For each kind, many such pictures are sent at once. Meanwhile a shopper searches with words twice a second
and a probe asks /healthz. Without a URL, a server of its own with a demo shop is measured, with its memory.
A server elsewhere needs a RATE_LIMIT that lets one address send that many. Exits 1 on a response that is
neither a success, nor a refusal of the picture, nor a 503 with Retry-After.
"""

from __future__ import annotations

import argparse
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests

from bench.hostile_pictures import LARGE, MAKERS
from bench.server import Server, serving
from bench.timing import Row, table

TIMEOUT_SECONDS = 300
EXPECTED = {200, 400, 413, 415}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.hostile", description=__doc__)
    parser.add_argument("url", nargs="?", help="of a running shop, such as http://127.0.0.1:8000")
    parser.add_argument("--pictures", type=int, default=24, help="pictures at once (24)")
    parser.add_argument("--kind", default="", help="only kinds whose name contains this")
    parser.add_argument("--products", type=int, default=300, help="products in the demo shop (300)")
    parser.add_argument("--data-dir", type=Path, help="keep the demo shop here and reuse it")
    options = parser.parse_args(arguments)
    makers = {name: make for name, make in (MAKERS | LARGE).items() if options.kind in name}
    if options.url:
        rows = _measure(makers, options.url.rstrip("/"), options.pictures, None)
    else:
        with serving(options.products, options.data_dir) as server:
            rows = _measure(makers, server.address, options.pictures, server)
    sys.stdout.write(table(f"{options.pictures} pictures at once, seconds and MiB", rows) + "\n")
    if any(row["unexpected"] for row in rows):
        sys.exit("There were unexpected responses.")


def _measure(
    makers: dict[str, Callable[[], bytes]], address: str, pictures: int, server: Server | None
) -> list[Row]:
    return [_kind(name, make(), address, pictures, server) for name, make in makers.items()]


def _kind(name: str, data: bytes, address: str, pictures: int, server: Server | None) -> Row:
    """Slowest responses and peak memory while ``pictures`` threads send ``data`` once each."""
    texts: list[float] = []
    probes: list[float] = []
    sizes: list[float] = []
    with (
        repeated(0.5, partial(_search, address, texts)),
        repeated(0.2, partial(_probe, address, probes)),
        repeated(0.2, partial(sample, server, sizes)),
        ThreadPoolExecutor(pictures) as pool,
    ):
        answers = list(pool.map(partial(_send, address, data), range(pictures)))
    statuses = Counter(status for status, _seconds in answers)
    return {
        "kind": name,
        "MB": round(len(data) / 2**20, 1),
        "statuses": ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items())),
        "slowest picture": round(max(seconds for _status, seconds in answers), 2),
        "slowest text search": round(max(texts), 2),
        "slowest /healthz": round(max(probes), 2),
        "peak memory": round(max(sizes)) if sizes else None,
        "unexpected": sum(count for status, count in statuses.items() if status not in {*EXPECTED, 503}),
    }


def _send(address: str, data: bytes, number: int) -> tuple[int, float]:
    """(status, seconds); status 0 without a response, or for a 503 without Retry-After."""
    began = time.monotonic()
    try:
        response = requests.post(
            f"{address}/api/v1/image-search",
            files={"image": ("picture", data, "application/octet-stream")},
            # As a proxy writes it; rate limits count by address.
            headers={"X-Forwarded-For": f"198.51.100.{number + 1}", "DNT": "1"},
            timeout=TIMEOUT_SECONDS,
        )
    except requests.RequestException:
        return 0, time.monotonic() - began
    bare = response.status_code == 503 and "Retry-After" not in response.headers
    return 0 if bare else response.status_code, time.monotonic() - began


def _search(address: str, took: list[float]) -> None:
    # Words that nobody searched before, so that nothing is cached.
    words = f"red dress {time.monotonic_ns()}"
    began = time.monotonic()
    requests.post(f"{address}/api/v1/text-search", json={"text": words}, timeout=TIMEOUT_SECONDS)
    took.append(time.monotonic() - began)


def _probe(address: str, took: list[float]) -> None:
    began = time.monotonic()
    requests.get(f"{address}/healthz", timeout=TIMEOUT_SECONDS)
    took.append(time.monotonic() - began)


def sample(server: Server | None, sizes: list[float]) -> None:
    size = None if server is None else server.memory()
    if size is not None:
        sizes.append(size)


@contextmanager
def repeated(seconds: float, call: Callable[[], None]) -> Iterator[None]:
    """Calls in a thread of its own, at least once, with so many seconds between two calls."""
    ended = threading.Event()

    def repeat() -> None:
        while True:
            call()
            if ended.wait(seconds):
                return

    thread = threading.Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


if __name__ == "__main__":
    main()
