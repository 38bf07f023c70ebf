"""Connections that are hung up where a server takes too long to begin its answer."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

_thread = threading.local()


class Patience:
    """Hangs up where no headers came within ``seconds``: timeouts of sockets are for each piece of them."""

    def __init__(self, seconds: float) -> None:
        self.is_over = False
        self.connection: Any = None
        self._is_waiting = True
        self._lock = threading.Lock()
        self._timer = threading.Timer(seconds, self._hang_up)
        self._timer.daemon = True

    def __enter__(self) -> Patience:
        _thread.patience = self
        self._timer.start()
        return self

    def __exit__(self, *raised: object) -> None:
        self._timer.cancel()
        # One that just went off cannot be cancelled: it must not cut off the body, which would look whole.
        with self._lock:
            self._is_waiting = False
        _thread.patience = None

    def _hang_up(self) -> None:
        with self._lock:
            if self._is_waiting:
                self.is_over = True
                self._shut_down()

    def _shut_down(self) -> None:
        with suppress(OSError, AttributeError):  # it has no socket yet, or none any more
            # Past the methods of an encrypted socket, which are not made for a second thread.
            socket.socket.shutdown(self.connection.sock, socket.SHUT_RDWR)


class _Patient:
    """A connection that the thread's Patience may hang up."""

    def connect(self) -> None:
        self._watch()
        super().connect()  # type: ignore[misc]  # of the class beside it

    def getresponse(self) -> Any:
        self._watch()
        return super().getresponse()  # type: ignore[misc]

    def _watch(self) -> None:
        patience: Patience | None = getattr(_thread, "patience", None)
        if patience is not None:
            patience.connection = self
            if patience.is_over:
                raise TimeoutError


class _HTTP(_Patient, HTTPConnection): ...


class _HTTPS(_Patient, HTTPSConnection): ...


class _HTTPPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _HTTP


class _HTTPSPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _HTTPS


def make_patient(session: requests.Session) -> None:
    """Make the connections of a session ones that a Patience of their thread may hang up."""
    for adapter in session.adapters.values():
        if isinstance(adapter, HTTPAdapter):
            adapter.poolmanager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
