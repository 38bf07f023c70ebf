"""Work for many hosts at once, none of which can hold up the others: a circuit breaker for each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self, TypeVar

from catalog import fetching
from catalog.pictures.hosts import PictureHost

THREADS = 16
AT_ONCE = 6
# So many failures in a row, each of which may pass, and the host is left alone.
FAILURES = 3
# What a host that has not answered yet may take for one picture, and how long a thread may hang beyond it.
UNPROVEN_SECONDS, ABANDONED_SECONDS = 10.0, 12.0
_LOOK_SECONDS = 1.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class LeftAlone:
    """What was not tried, since its host fails."""

    reason: str


@dataclass
class _Host:
    """``waiting`` are addresses; ``running`` when each of those in work began."""

    name: str
    on_probation: bool = False
    is_paused: bool = False
    proven: bool = False
    failures: int = 0
    problem: str = ""
    waiting: deque[str] = field(default_factory=deque)
    running: int = 0

    @property
    def may_start(self) -> bool:
        # After a pause, and after a first failure, one request shows whether the host is there.
        limit = 1 if (self.on_probation or self.failures) and not self.proven else AT_ONCE
        return bool(self.waiting) and not self.is_paused and (not self.name or self.running < limit)

    def count(self, failure: str) -> None:
        if not failure:
            self.failures, self.proven = 0, True
            return
        self.failures, self.problem = self.failures + 1, failure
        if self.name and self.failures >= (1 if self.on_probation and not self.proven else FAILURES):
            self.is_paused = True


class Hosts:
    """The hosts of one run. Files on this machine have the host "", which is never left alone."""

    def __init__(self, *, now: datetime, host_of: Callable[[str], str] | None = None) -> None:
        self._now = now
        self._host_of = host_of or fetching.host_of
        self._hosts: dict[str, _Host] = {}
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="pictures")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        # After Ctrl-C what is still to be fetched would not be used; a hanging thread is not waited for.
        self._pool.shutdown(wait=False, cancel_futures=True)
        for host in self._hosts.values():
            if host.is_paused and host.problem:
                PictureHost.pause(host.name, host.problem, now=self._now)
            elif host.proven and host.on_probation:
                PictureHost.objects.filter(host=host.name).delete()

    def map(
        self, addresses: Iterable[str], work: Callable[[str, float], Result]
    ) -> dict[str, Result | LeftAlone]:
        """``work(address, seconds)`` for each address, by host; ``seconds`` is how long it may take, 0 for
        the usual time. What ``work`` raises is raised here.
        """
        for address in addresses:
            self._host(address).waiting.append(address)
        results: dict[str, Result | LeftAlone] = {}
        running: dict[Future[Result], tuple[_Host, str, float]] = {}
        while True:
            for host, address in self._startable(running):
                seconds = 0.0 if host.proven or not host.name else UNPROVEN_SECONDS
                running[self._pool.submit(work, address, seconds)] = (host, address, time.monotonic())
            results.update(self._left_alone())
            if not running:
                return results
            done, _waiting = wait(running, timeout=_LOOK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                host, address, _began = running.pop(future)
                host.running -= 1
                results[address] = future.result()
                host.count(_failure(results[address]))
            results.update(self._abandoned(running))

    def _host(self, address: str) -> _Host:
        name = self._host_of(address)[:255]
        if name not in self._hosts:
            known = PictureHost.objects.filter(host=name).first() if name else None
            self._hosts[name] = _Host(
                name,
                on_probation=known is not None,
                is_paused=known is not None and known.paused_until > self._now,
            )
        return self._hosts[name]

    def _startable(self, running: dict[Future[Any], Any]) -> Iterator[tuple[_Host, str]]:
        """One address of each host in turn, so that none takes all threads."""
        free = THREADS - len(running)
        while free > 0:
            ready = [host for host in self._hosts.values() if host.may_start]
            if not ready:
                return
            for host in ready[:free]:
                host.running += 1
                yield host, host.waiting.popleft()
            free -= len(ready)

    def _left_alone(self) -> dict[str, LeftAlone]:
        left: dict[str, LeftAlone] = {}
        for host in self._hosts.values():
            if host.is_paused and host.waiting:
                reason = f"{host.name} failed several times and is left alone for a while."[:300]
                left |= dict.fromkeys(host.waiting, LeftAlone(reason))
                host.waiting.clear()
        return left

    def _abandoned(self, running: dict[Future[Any], tuple[_Host, str, float]]) -> dict[str, LeftAlone]:
        """Work that hangs where no timeout reaches, as in a look-up of a name."""
        abandoned = {}
        for future, (host, address, began) in list(running.items()):
            if host.name and not host.proven and time.monotonic() - began > ABANDONED_SECONDS:
                del running[future]
                host.running -= 1
                host.count("It did not answer in time.")
                abandoned[address] = LeftAlone(f"{host.name} did not answer in time.")
        return abandoned


def _failure(result: object) -> str:
    """Why the host is to blame for a result, "" where it is not."""
    return "" if getattr(result, "permanent", True) else str(getattr(result, "problem", ""))
