"""gunicorn's worker, which refuses an over-long address of the API in the form of the API.

gunicorn refuses it while it reads the first line, before any application is asked.
"""

from __future__ import annotations

import json
from typing import Any

from gunicorn.http import message
from gunicorn.http.errors import LimitRequestLine
from gunicorn.http.parser import RequestParser
from gunicorn.workers.gthread import ThreadWorker

# Enough of the first line to tell which part of the site it was for.
_START = 64
_DETAIL = "This address is too long. Send long queries in the body of a POST."


class Request(message.Request):  # type: ignore[misc]  # gunicorn has no types
    """Remembers how the request began, and tells it with the refusal of a long line."""

    _start = b""

    def read_into(self, unreader: Any, buf: Any, stop: bool = False) -> Any:  # noqa: FBT001, FBT002 - as there
        read = super().read_into(unreader, buf, stop)
        self._start = self._start or bytes(buf[:_START])
        return read

    def parse(self, unreader: Any) -> Any:
        try:
            return super().parse(unreader)
        except LimitRequestLine as error:
            error.start = self._start
            raise


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    def init_process(self) -> None:
        RequestParser.mesg_class = Request
        super().init_process()

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer an over-long line of the API; leave every other refusal to gunicorn."""
        if not (isinstance(exc, LimitRequestLine) and b" /api/" in getattr(exc, "start", b"")):
            super().handle_error(req, client, addr, exc)
            return
        self.log.warning("Invalid request: %s", exc)
        try:
            client.sendall(refusal())
        except OSError:  # the client has gone
            self.log.debug("Failed to send error message.")


def refusal() -> bytes:
    """A whole response. The settings are read only in a worker, so nothing of Django is used here."""
    body = json.dumps(
        {
            "detail": _DETAIL,
            "type": "/api/v1/problems#uri_too_long",
            "title": "The address is too long",
            "status": 414,
            "code": "uri_too_long",
        }
    ).encode()
    head = (
        "HTTP/1.1 414 URI Too Long\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
        f"X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
