"""Bodies sent with ``Transfer-Encoding: chunked``, which have no Content-Length and which Django ignores."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import IO, Any

Environ = dict[str, Any]
Application = Callable[[Environ, Any], Iterable[bytes]]

# Up to this many bytes stay in memory.
_IN_MEMORY, _PIECE = 1024 * 1024, 64 * 1024


class ChunkedBodies:
    """WSGI middleware: reads a chunked body and states its length, as if the client had.

    It reads one byte beyond ``limit`` at most, so that what judges the length refuses the body. Only a server
    that marks the end of the body (``wsgi.input_terminated``) has decoded the chunks.
    """

    def __init__(self, application: Application, *, limit: int) -> None:
        self._application = application
        self._limit = limit

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if not is_chunked(environ):
            return self._application(environ, start_response)
        body = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed with the response
        length = _copy(environ["wsgi.input"], body, self._limit + 1)
        body.seek(0)
        environ |= {"wsgi.input": body, "CONTENT_LENGTH": str(length)}
        del environ["HTTP_TRANSFER_ENCODING"]
        return _Closing(self._application(environ, start_response), body)


def is_chunked(environ: Environ) -> bool:
    encoding = environ.get("HTTP_TRANSFER_ENCODING", "").strip().lower()
    return encoding == "chunked" and bool(environ.get("wsgi.input_terminated"))


def _copy(source: IO[bytes], target: Any, limit: int) -> int:
    """Copy up to ``limit`` bytes; returns how many there were."""
    copied = 0
    while copied < limit and (piece := source.read(min(_PIECE, limit - copied))):
        target.write(piece)
        copied += len(piece)
    return copied


class _Closing:
    """A response that closes the body with itself."""

    def __init__(self, response: Iterable[bytes], body: Any) -> None:
        self._response, self._body = response, body

    def __iter__(self) -> Any:
        return iter(self._response)

    def close(self) -> None:
        self._body.close()
        if hasattr(self._response, "close"):
            self._response.close()
