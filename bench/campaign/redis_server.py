"""A Redis of one's own, for faults of caches and queue: it may hang, be killed, or hold garbage."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import redis
import requests

from bench.campaign.faults import OUTAGE, TIMEOUT_SECONDS, Fault
from bench.server import Server, free_port
from catalog.circuit_breaker import OPEN_SECONDS

SECRET = "signs the shop's messages"  # noqa: S105 - of a shop that does not exist  # nosec B105
# A shop that sends messages and is not there.
SHOP = {
    "WOOCOMMERCE_URL": "https://shop.invalid",
    "WOOCOMMERCE_KEY": "ck_campaign",
    "WOOCOMMERCE_SECRET": "cs_campaign",
    "WOOCOMMERCE_WEBHOOK_SECRET": SECRET,
}
START_SECONDS = 20


class Redis:
    """A running server; ``url`` is for REDIS_URL."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self._process = process
        self.url = f"redis://127.0.0.1:{port}/0"

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Connections are accepted, and nothing is answered."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    @contextmanager
    def garbage(self) -> Iterator[None]:
        """Bytes that nobody wrote stand in every value of the caches."""
        with redis.Redis.from_url(self.url) as client:
            for key in client.scan_iter():
                if client.type(key) == b"string":
                    client.set(key, b"\x80\x04garbage")
        yield

    @contextmanager
    def answering(self) -> Iterator[None]:
        """After the pause in which nobody asks a Redis that hung."""
        time.sleep(2 * OPEN_SECONDS)
        yield

    @contextmanager
    def killed(self) -> Iterator[None]:
        """For good: it is the last fault."""
        self._process.kill()
        self._process.wait()
        yield


def messages(server: Server) -> Iterator[requests.Response]:
    """A shop's messages about changed products, each of which is enqueued."""
    for _number in range(12):
        body = json.dumps({"id": time.monotonic_ns() // 1000}).encode()
        digest = hmac.new(SECRET.encode(), body, hashlib.sha256).digest()
        yield requests.post(
            f"{server.address}/webhooks/woocommerce",
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-WC-Webhook-Topic": "product.updated",
                "X-WC-Webhook-Signature": base64.b64encode(digest).decode(),
            },
            timeout=TIMEOUT_SECONDS,
        )
        time.sleep(0.5)


def program() -> str | None:
    """The path of redis-server, or None."""
    return shutil.which("redis-server")


@contextmanager
def running() -> Iterator[Redis]:
    """An empty server, gone at the end. Raises SystemExit where it cannot be had."""
    found = program()
    if found is None:
        raise SystemExit("redis-server is not installed here.")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="tandem-redis-") as folder:
        options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        process = subprocess.Popen([found, *options], stdout=subprocess.DEVNULL)  # noqa: S603 - our own server
        try:
            server = Redis(process, port)
            _wait(server)
            yield server
        finally:
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()


def _wait(server: Redis) -> None:
    end = time.monotonic() + START_SECONDS
    with redis.Redis.from_url(server.url) as client:
        while True:
            try:
                client.ping()
            except redis.ConnectionError:
                if time.monotonic() > end:
                    raise SystemExit("Redis did not start.") from None
                time.sleep(0.1)
            else:
                return


# The statuses that messages of a shop may have in each fault; None where none are sent. In this order: the
# last one leaves no Redis.
_FAULTS: dict[str, tuple[Callable[[Redis], AbstractContextManager[None]], frozenset[int] | None]] = {
    "Redis holds garbage": (Redis.garbage, None),
    "Redis hangs": (Redis.hanging, OUTAGE),
    "Redis answers again": (Redis.answering, frozenset({204})),
    "Redis killed": (Redis.killed, OUTAGE),
}
NAMES = tuple(_FAULTS)


def fault(name: str, of: Redis) -> Fault:
    """The fault of this name, one of NAMES."""
    last, allowed = _FAULTS[name]
    if allowed is None:
        return Fault(name, lambda _server: last(of))
    return Fault(name, lambda _server: last(of), attack=messages, attack_allowed=allowed)
