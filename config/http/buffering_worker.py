"""A gunicorn worker in which no slow client holds a thread: waitress receives and sends for all of them.

One thread receives requests and sends responses, in memory or, where they are long, through temporary
files. The threads that run the application get complete requests, and are free again once a response is made.
gunicorn's own threads read from the client's socket: as many slow clients as threads stop the site (ADR 10).
"""

from __future__ import annotations

import logging
import os
import resource
import socket
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import BaseWSGIServer, create_server
from waitress.task import ErrorTask, Task, ThreadedTaskDispatcher, WSGITask
from waitress.utilities import RequestEntityTooLarge, RequestHeaderFieldsTooLarge

# Files that a worker may have open: a connection needs up to three, its own and those of long bodies.
OPEN_FILES = 8192
# Seconds after which a thread that computes in Python lets another one have its turn. torch waits for a turn
# after each of the some hundred steps of an encoding, by default five milliseconds for each thread before it.
TURN_SECONDS = 0.0005
# Seconds for which the rest of a refused body is read and dropped. A socket that is closed while data arrives
# is reset, and the client loses the refusal; kept-alive connections get as long when a worker ends.
LINGER_SECONDS = 2.0


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Keeps the address of a request whose first line alone is too long for waitress."""

    has_long_address = False

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if isinstance(self.error, RequestHeaderFieldsTooLarge):
            line, _end, _rest = (self.header_plus + data).lstrip().partition(b"\r\n")
            self.has_long_address = len(line) >= self.adj.max_request_header_size // 2
            if self.has_long_address:
                path, _mark, self.query = line.decode("latin-1").partition(" ")[2].partition("?")
                self.path = path or "/"
        return consumed


class ApplicationTask(WSGITask):  # type: ignore[misc]
    def start(self) -> None:
        super().start()
        if self.request.error or self.channel.last_request:
            self.set_close_on_finish()


def refusal(channel: Channel, request: Any) -> Task:
    """The response to a request that waitress refuses; the application words it where a body or an address
    is too large.

    Its LongAddressMiddleware and BodySizeMiddleware refuse by the length, before anything is read.
    """
    if not (isinstance(request.error, RequestEntityTooLarge) or request.has_long_address):
        return ErrorTask(channel, request)
    if request.chunked:
        request.headers["CONTENT_LENGTH"] = str(request.body_bytes_received)
    channel.body_unread = True
    return ApplicationTask(channel, request)


class Channel(HTTPChannel):  # type: ignore[misc]
    """A client's connection."""

    task_class = ApplicationTask
    parser_class = Parser
    error_task_class = staticmethod(refusal)
    body_unread = False
    # The worker ends: no request follows on this connection.
    last_request = False
    _drops_until: float | None = None

    # Both are asked of every connection at every turn of the loop, several times for each request: super()
    # and bool() took as long as the answer itself.
    def readable(self) -> bool:
        return self._drops_until is not None or HTTPChannel.readable(self)

    def writable(self) -> bool:
        if self._drops_until is None:
            return HTTPChannel.writable(self)  # type: ignore[no-any-return]  # true or false, as poll reads it
        return time.monotonic() >= self._drops_until

    def handle_read(self) -> None:
        if self._drops_until is None:
            super().handle_read()
            return
        with suppress(OSError):
            self.recv(65_536)  # closes where the client has sent everything

    def handle_write(self) -> None:
        if self._drops_until is None:
            super().handle_write()
        else:
            self.handle_close()

    def handle_close(self) -> None:
        if self.body_unread and self.connected and self._drops_until is None:
            self._drops_until = time.monotonic() + LINGER_SECONDS
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_WR)
            return
        super().handle_close()

    @property
    def is_idle(self) -> bool:
        return not self.requests and not self.total_outbufs_len


class BufferingWorker(Worker):  # type: ignore[misc]  # gunicorn has no types
    """Applies gunicorn's worker_connections, threads, keepalive, limit_request_line and max_requests."""

    def init_process(self) -> None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        most = OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, OPEN_FILES)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
        sys.setswitchinterval(TURN_SECONDS)
        # It writes a line for each request that waits for a thread.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        super().init_process()

    def run(self) -> None:
        """Serve until gunicorn ends this worker, then finish the requests that were received."""
        connections: dict[int, Any] = {}
        dispatcher = self._serve(connections)
        while self.alive and self.ppid == os.getppid():
            self._turn(connections)
        self._finish(connections)
        dispatcher.shutdown(timeout=1)

    def _serve(self, connections: dict[int, Any]) -> ThreadedTaskDispatcher:
        """Start the threads and listen; waitress keeps listeners and connections in ``connections``."""
        from django.conf import settings  # only after the fork

        from config.http.uploads import FORM_OVERHEAD

        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        create_server(
            self._counted,
            map=connections,
            _dispatcher=dispatcher,
            sockets=[listener.sock for listener in self.sockets],
            connection_limit=self.cfg.worker_connections,
            channel_timeout=self.cfg.keepalive,
            cleanup_interval=5,
            inbuf_overflow=64 * 1024,
            max_request_header_size=4 * self.cfg.limit_request_line,
            # waitress refuses bodies of this size already.
            max_request_body_size=settings.MAX_UPLOAD_BYTES + FORM_OVERHEAD + 1,
            # The application reads X-Forwarded-For and -Proto itself (TRUSTED_PROXY_COUNT).
            clear_untrusted_proxy_headers=False,
            # A client that goes away is no error.
            log_socket_errors=False,
            asyncore_use_poll=True,
            ident=None,
        )
        for listener in _listeners(connections):
            listener.channel_class = Channel
        return dispatcher

    def _counted(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.nr += 1
        if self.nr == self.max_requests:
            self.log.info("Autorestarting worker after current request.")
            self.alive = False
        return self.wsgi(environ, start_response)  # type: ignore[no-any-return]

    def _turn(self, connections: dict[int, Any]) -> None:
        self.notify()
        wasyncore.loop(timeout=1.0, use_poll=True, map=connections, count=1)

    def _finish(self, connections: dict[int, Any]) -> None:
        for listener in _listeners(connections):
            listener.accepting = False
        began = time.monotonic()
        while time.monotonic() < began + self.cfg.graceful_timeout:
            channels = [each for each in connections.values() if isinstance(each, Channel)]
            if not channels:
                return
            for channel in channels:
                channel.last_request = True
                if channel.is_idle and time.monotonic() > began + LINGER_SECONDS:
                    channel.will_close = True
            self._turn(connections)


def _listeners(connections: dict[int, Any]) -> list[BaseWSGIServer]:
    return [each for each in connections.values() if isinstance(each, BaseWSGIServer)]
