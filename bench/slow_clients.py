"""``python -m bench.slow_clients [URL]``: clients that send and read slowly, while others search.

Each kind of slow client holds many connections for a while. Meanwhile a shopper searches with words twice a
second and a probe asks /healthz, each with a time limit. Without a URL, a server of its own with a demo shop
is measured. Exits 1 where a search or a probe failed.
"""

from __future__ import annotations

import argparse
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import requests

from bench.hostile import repeated
from bench.server import Server, serving
from bench.timing import Row, table

LIMIT_SECONDS = 10.0
# A client of each kind sends one piece in so many seconds.
PIECE_SECONDS = 5.0
BODY_BYTES = 2 * 1024 * 1024


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.slow_clients", description=__doc__)
    parser.add_argument("url", nargs="?", help="of a running shop, such as http://127.0.0.1:8000")
    parser.add_argument("--connections", type=int, default=100, help="slow connections at once (100)")
    parser.add_argument("--seconds", type=float, default=60, help="for which they are held, per kind (60)")
    parser.add_argument("--kind", default="", help="only kinds whose name contains this")
    parser.add_argument("--products", type=int, default=300, help="products in the demo shop (300)")
    parser.add_argument("--data-dir", type=Path, help="keep the demo shop here and reuse it")
    options = parser.parse_args()
    kinds = {name: pieces for name, pieces in KINDS.items() if options.kind in name}
    measure = partial(_measure, kinds, options.connections, options.seconds)
    if options.url:
        rows = measure(options.url.rstrip("/"), None)
    else:
        with serving(options.products, options.data_dir) as server:
            rows = measure(server.address, server)
    sys.stdout.write(table(f"{options.connections} slow connections, seconds and MiB", rows) + "\n")
    if any(row["failed"] for row in rows):
        sys.exit("Searches or probes failed.")


def _headers(host: str) -> Iterator[bytes]:
    """A request whose headers never end."""
    yield f"GET / HTTP/1.1\r\nHost: {host}\r\n".encode()
    while True:
        yield b"X-Slow: a\r\n"


def _body(host: str) -> Iterator[bytes]:
    """A picture that is sent a kilobyte at a time."""
    yield (
        f"POST /api/v1/image-search HTTP/1.1\r\nHost: {host}\r\nContent-Length: {BODY_BYTES}\r\n"
        "Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
    ).encode()
    while True:
        yield b"x" * 1024


def _reader(host: str) -> Iterator[bytes]:
    """A page whose response nobody reads."""
    yield f"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    while True:
        yield b""


def _idle(_host: str) -> Iterator[bytes]:
    """Connections on which nothing is sent."""
    while True:
        yield b""


KINDS: dict[str, Callable[[str], Iterator[bytes]]] = {
    "half-sent headers": _headers,
    "slow bodies": _body,
    "unread responses": _reader,
    "idle connections": _idle,
}


def _measure(
    kinds: dict[str, Callable[[str], Iterator[bytes]]],
    connections: int,
    seconds: float,
    address: str,
    server: Server | None,
) -> list[Row]:
    return [_kind(name, pieces, address, connections, seconds, server) for name, pieces in kinds.items()]


def _kind(
    name: str,
    pieces: Callable[[str], Iterator[bytes]],
    address: str,
    connections: int,
    seconds: float,
    server: Server | None,
) -> Row:
    """Slowest responses, failures and peak memory while the connections are held."""
    texts: list[float | None] = []
    probes: list[float | None] = []
    sizes: list[float] = []
    host = urlsplit(address)
    with (
        _held(host.hostname or "", host.port or 80, pieces, connections) as clients,
        repeated(0.5, partial(_search, address, texts)),
        repeated(0.2, partial(_probe, address, probes)),
        repeated(1.0, partial(_sample, server, sizes)),
    ):
        sent = _trickle(clients, seconds)
    return {
        "kind": name,
        "pieces sent": sent,
        "searches": len(texts),
        "slowest search": _slowest(texts),
        "probes": len(probes),
        "slowest /healthz": _slowest(probes),
        "failed": texts.count(None) + probes.count(None),
        "peak memory": round(max(sizes)) if sizes else None,
    }


@contextmanager
def _held(
    host: str, port: int, pieces: Callable[[str], Iterator[bytes]], connections: int
) -> Iterator[list[tuple[socket.socket, Iterator[bytes]]]]:
    with ExitStack() as stack:
        clients = []
        for _number in range(connections):
            client = socket.socket()
            stack.callback(client.close)
            # A small window, so that an unread response stays with the server.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(LIMIT_SECONDS)
            client.connect((host, port))
            clients.append((client, pieces(f"{host}:{port}")))
        yield clients


def _trickle(clients: list[tuple[socket.socket, Iterator[bytes]]], seconds: float) -> int:
    """Send each client's pieces for so long; how many could be sent. A closed connection gets no more."""
    sent, open_ones, end = 0, clients, time.monotonic() + seconds
    while time.monotonic() < end:
        open_ones = [each for each in open_ones if _sends(*each)]
        sent += len(open_ones)
        time.sleep(min(PIECE_SECONDS, max(0.0, end - time.monotonic())))
    return sent


def _sends(client: socket.socket, pieces: Iterator[bytes]) -> bool:
    with selectors.DefaultSelector() as selector:
        selector.register(client, selectors.EVENT_WRITE)
        if not selector.select(0):
            return True  # its buffer is full
    try:
        client.sendall(next(pieces))
    except OSError:
        return False
    return True


def _search(address: str, took: list[float | None]) -> None:
    # Words that nobody searched before, so that nothing is cached.
    words = f"red dress {time.monotonic_ns()}"
    took.append(
        _timed(
            lambda: requests.post(
                f"{address}/api/v1/text-search", json={"text": words}, timeout=LIMIT_SECONDS
            )
        )
    )


def _probe(address: str, took: list[float | None]) -> None:
    took.append(_timed(lambda: requests.get(f"{address}/healthz", timeout=LIMIT_SECONDS)))


def _timed(call: Callable[[], requests.Response]) -> float | None:
    """Seconds; None for a failure, and where no response came within the limit."""
    began = time.monotonic()
    try:
        succeeded = call().ok
    except requests.RequestException:
        return None
    return time.monotonic() - began if succeeded else None


def _slowest(took: list[float | None]) -> float | None:
    answered = [seconds for seconds in took if seconds is not None]
    return round(max(answered), 2) if answered else None


def _sample(server: Server | None, sizes: list[float]) -> None:
    size = None if server is None else server.memory()
    if size is not None:
        sizes.append(size)


if __name__ == "__main__":
    main()
