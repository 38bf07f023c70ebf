"""The faults and attacks of ``python -m bench.campaign``.

Each is a context in which the fault lasts. Inside it, requests are sent to the server, and their statuses
must be among those that the fault allows.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from bench.campaign.mutations import KINDS, mutants
from bench.campaign.odd_requests import odd_requests
from bench.hostile_pictures import saved
from bench.server import Server

GOOD = frozenset({200})
OUTAGE = frozenset({503})
TIMEOUT_SECONDS = 120
ACCOUNT = {"email": "ada@example.com", "password": "seven green umbrellas", "tokens": "body"}


class NotHere(Exception):
    """This machine cannot have the fault; the message says what is missing."""


@dataclass(frozen=True)
class Fault:
    """``last`` makes it and ends it; ``allowed`` are the statuses that text searches may have meanwhile."""

    name: str
    last: Callable[[Server], AbstractContextManager[None]]
    allowed: frozenset[int] = GOOD
    # Requests of the fault itself, and the statuses that they may have.
    attack: Callable[[Server], Iterator[requests.Response]] | None = None
    attack_allowed: frozenset[int] = frozenset({*range(200, 500), 503})


@contextmanager
def nothing(_server: Server) -> Iterator[None]:
    yield


@contextmanager
def locked_database(server: Server) -> Iterator[None]:
    holder = sqlite3.connect(server.data_dir / "db.sqlite3", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        holder.execute("ROLLBACK")
        holder.close()


@contextmanager
def full_disk(server: Server) -> Iterator[None]:
    """A full file system in place of the folder in which pictures are written aside."""
    parts = server.data_dir / "media" / "pictures" / ".parts"
    parts.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", str(parts)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:  # noqa: S603 - ours
        raise NotHere("mounting needs root")
    (parts / "filling").write_bytes(bytes(4096))
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(parts)], check=True)  # noqa: S603, S607 - ours


@contextmanager
def damaged_index(server: Server, damage: Callable[[Path], None]) -> Iterator[None]:
    """Every file of the served version damaged in place, and whole again afterwards."""
    (pointer,) = (server.data_dir / "index").glob("models/*/CURRENT")
    root = pointer.parent
    folder = root / "versions" / (root / "CURRENT").read_text().strip()
    copy = server.data_dir / "index-copy"
    shutil.copytree(folder, copy)
    try:
        for file in folder.rglob("*"):
            if file.is_file():
                damage(file)
        yield
    finally:
        shutil.copytree(copy, folder, dirs_exist_ok=True)
        shutil.rmtree(copy)


def zero(file: Path) -> None:
    with file.open("r+b") as opened:
        opened.write(bytes(file.stat().st_size))


def cut(file: Path) -> None:
    os.truncate(file, 0)


@contextmanager
def killed_worker(server: Server) -> Iterator[None]:
    for pid in server.workers():
        os.kill(pid, signal.SIGKILL)
    yield


# --- Attacks -----------------------------------------------------------------------------------


def uploads(server: Server) -> Iterator[requests.Response]:
    """New pictures, one after the other."""
    for number in range(6):
        yield _picture(server, saved("PNG"), number)


def mutated_pictures(server: Server, *, each: int = 100) -> Iterator[requests.Response]:
    for kind in KINDS:
        for number, data in enumerate(mutants(kind, each)):
            yield _picture(server, data, number)


def odd(server: Server, *, count: int = 2000) -> Iterator[requests.Response]:
    session = requests.Session()
    for request in odd_requests(count):
        headers = {name: value.strip() for name, value in request.headers.items() if name != "Range"}
        if request.content_type:
            headers["Content-Type"] = request.content_type
        session.cookies.clear()
        yield session.request(
            request.method,
            server.address + request.path,
            data=request.body,
            headers=headers,
            timeout=TIMEOUT_SECONDS,
            allow_redirects=False,
        )


def guesses(server: Server) -> Iterator[requests.Response]:
    """One account's password guessed from sixty addresses."""
    for number in range(60):
        yield requests.post(
            f"{server.address}/api/v1/auth/login",
            json=ACCOUNT | {"password": f"wrong {number}"},
            headers={"X-Forwarded-For": f"203.0.113.{number + 1}"},
            timeout=TIMEOUT_SECONDS,
        )


def moved(server: Server) -> Iterator[requests.Response]:
    """Sign-in attempts under a path that would not be counted."""
    for _number in range(25):
        yield requests.post(
            f"{server.address}/api/v1/auth/login",
            json=ACCOUNT | {"password": "wrong"},
            headers={"SCRIPT_NAME": "/static", "X-Forwarded-For": "203.0.113.200"},
            timeout=TIMEOUT_SECONDS,
        )


def writes(server: Server) -> Iterator[requests.Response]:
    """What has to be stored."""
    for number in range(3):
        person = ACCOUNT | {"name": "Ada", "email": f"{time.monotonic_ns()}-{number}@example.com"}
        yield requests.post(f"{server.address}/api/v1/auth/register", json=person, timeout=TIMEOUT_SECONDS)


def _picture(server: Server, data: bytes, number: int) -> requests.Response:
    return requests.post(
        f"{server.address}/api/v1/image-search",
        files={"image": ("picture", data, "application/octet-stream")},
        headers={"X-Forwarded-For": f"198.51.100.{number % 250 + 1}", "DNT": "1"},
        timeout=TIMEOUT_SECONDS,
    )


ON_SQLITE = (
    Fault("nothing", nothing, attack=writes),
    Fault("odd requests", nothing, attack=odd),
    Fault(
        "mutated pictures",
        nothing,
        attack=mutated_pictures,
        attack_allowed=frozenset({200, 400, 413, 415, 503}),
    ),
    Fault("guesses from 60 addresses", nothing, attack=guesses, attack_allowed=frozenset({401, 429})),
    Fault("SCRIPT_NAME of a client", nothing, attack=moved, attack_allowed=frozenset({401, 429})),
    Fault(
        "database locked",
        locked_database,
        allowed=frozenset({200, 503}),
        attack=writes,
        attack_allowed=OUTAGE,
    ),
    Fault("disk full", full_disk, attack=uploads, attack_allowed=OUTAGE),
    Fault("index zeroed in place", lambda server: damaged_index(server, zero)),
    Fault("index cut to nothing in place", lambda server: damaged_index(server, cut)),
    Fault("worker killed", killed_worker, allowed=frozenset({0, 200})),
)
