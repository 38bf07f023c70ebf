"""Fetching from addresses in feeds: public ones alone, within a byte cap and a deadline."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from django.conf import settings
from requests_hardened import Config, HTTPSession
from requests_hardened.ip_filter import InvalidIPAddress

from catalog.outgoing.patience import Patience, make_patient
from catalog.sources.base import SourceError

CONNECT_SECONDS, READ_SECONDS = 5, 15
# A host of pictures that says nothing for so long is taken as hanging; others wait for their turn.
PICTURE_SECONDS, PICTURE_READ_SECONDS = 30, 5
MAX_REDIRECTS = 3
CHUNK = 1 << 16
USER_AGENT = "Tandem/1.0 (catalogue sync)"

_REDIRECTS = {301, 302, 303, 307, 308}
_threads = threading.local()


@dataclass
class Answer:
    """An open HTTP answer: status 200 or 304, headers, and the body in chunks within cap and deadline."""

    response: requests.Response
    max_bytes: int
    deadline: float

    @property
    def unchanged(self) -> bool:
        """The server states that what the conditional headers named is still current."""
        return self.response.status_code == 304

    def header(self, name: str) -> str:
        return str(self.response.headers.get(name, ""))

    def chunks(self, *, decoded: bool = True) -> Iterator[bytes]:
        """The body; not ``decoded``, as it was sent. Raises SourceError past the byte cap or the deadline, or
        when the connection breaks.
        """
        total = 0
        try:
            # read1 returns what has arrived, so that a slow trickle of bytes meets the deadline.
            while chunk := self.response.raw.read1(CHUNK, decode_content=decoded):
                total += len(chunk)
                if total > self.max_bytes:
                    raise SourceError(f"It is larger than {self.max_bytes:,} bytes.", permanent=True)
                if time.monotonic() > self.deadline:
                    raise SourceError("It took too long to arrive.", permanent=False)
                yield chunk
        except (urllib3.exceptions.HTTPError, OSError) as error:
            raise SourceError(f"The connection broke: {type(error).__name__}.", permanent=False) from error


def fetch(url: str, *, max_bytes: int, seconds: float) -> bytes:
    """The body behind ``url``. Raises SourceError."""
    with open_url(url, max_bytes=max_bytes, seconds=seconds) as answer:
        return b"".join(answer.chunks())


@dataclass(frozen=True)
class PictureVersion:
    """What a server calls the version of a picture: ETag and Last-Modified, "" where it names none."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class FetchedPicture:
    data: bytes
    version: PictureVersion


def fetch_public_picture(url: str, *, seconds: float) -> bytes:
    """The picture behind an address that anybody may have sent: a public one, whatever operators allow for
    feeds. Raises SourceError.
    """
    with open_url(
        url,
        max_bytes=settings.MAX_UPLOAD_BYTES,
        seconds=seconds,
        read_seconds=min(seconds, PICTURE_READ_SECONDS),
        allow_private=False,
    ) as answer:
        return b"".join(answer.chunks())


def fetch_picture(url: str, known: PictureVersion, *, seconds: float = 0) -> FetchedPicture | None:
    """The picture behind ``url``; None where the server states that ``known`` is current. Raises SourceError.

    ``seconds`` is the time it may take, PICTURE_SECONDS by default.
    """
    conditions = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    headers = {name: value for name, value in conditions.items() if value}
    patience = seconds or PICTURE_SECONDS
    with open_url(
        url,
        max_bytes=settings.MAX_UPLOAD_BYTES,
        seconds=patience,
        headers=headers,
        read_seconds=min(patience, PICTURE_READ_SECONDS),
    ) as answer:
        if answer.unchanged:
            return None
        version = PictureVersion(answer.header("ETag")[:200], answer.header("Last-Modified")[:60])
        return FetchedPicture(b"".join(answer.chunks()), version)


@contextmanager
def open_url(
    url: str,
    *,
    max_bytes: int,
    seconds: float,
    headers: dict[str, str] | None = None,
    read_seconds: float = READ_SECONDS,
    redirects: int = MAX_REDIRECTS,
    allow_private: bool | None = None,
) -> Iterator[Answer]:
    """An Answer for ``url``, up to ``redirects`` followed and each checked like the first address.

    ``max_bytes`` caps the decoded body, ``seconds`` the time it may take to arrive. Refused: other
    schemes than http(s), and private, loopback, link-local, shared, translated and multicast
    addresses unless ``allow_private``, by default ALLOW_PRIVATE_FEEDS. Raises SourceError.
    """
    deadline = time.monotonic() + seconds
    for _hop in range(redirects + 1):
        with Patience(deadline - time.monotonic()) as patience:
            response = _get(url, headers or {}, read_seconds, allow_private=allow_private)
        if patience.is_over:
            response.close()
            raise SourceError("It took too long to arrive.", permanent=False)
        with response:
            if response.status_code not in _REDIRECTS:
                _check_status(response)
                yield Answer(response, max_bytes, deadline)
                return
            url = urljoin(url, response.headers.get("Location", ""))
        if time.monotonic() > deadline:
            raise SourceError("It took too long to arrive.", permanent=False)
    raise SourceError(f"It redirects more than {redirects} times.", permanent=True)


def _get(
    url: str, headers: dict[str, str], read_seconds: float, *, allow_private: bool | None
) -> requests.Response:
    try:
        if urlsplit(url).scheme not in ("http", "https"):
            raise SourceError("Only http and https addresses are fetched.", permanent=True)
        response: requests.Response = _session(allow_private=allow_private).get(
            url, headers=headers, stream=True, timeout=(min(CONNECT_SECONDS, read_seconds), read_seconds)
        )
        return response
    except InvalidIPAddress as error:
        message = "The address is not a public one (ALLOW_PRIVATE_FEEDS=on permits it)."
        raise SourceError(message, permanent=True) from error
    except (
        requests.exceptions.InvalidURL,
        requests.exceptions.InvalidSchema,
        UnicodeError,
        ValueError,
    ) as error:
        raise SourceError("This is not an address.", permanent=True) from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise SourceError(f"The server did not answer: {type(error).__name__}.", permanent=False) from error


def _check_status(response: requests.Response) -> None:
    status = response.status_code
    if status not in (200, 304):
        temporary = status in (408, 425, 429) or status >= 500
        raise SourceError(f"The server answered {status}.", permanent=not temporary)


def _session(*, allow_private: bool | None) -> HTTPSession:
    """One per thread and permission: sessions keep connections open and are not shared between threads."""
    allow_private = settings.ALLOW_PRIVATE_FEEDS if allow_private is None else allow_private
    sessions: dict[bool, HTTPSession] = _threads.__dict__.setdefault("sessions", {})
    if allow_private not in sessions:
        sessions[allow_private] = _new_session(allow_private=allow_private)
    return sessions[allow_private]


def _new_session(*, allow_private: bool) -> HTTPSession:
    session = HTTPSession(
        Config(
            ip_filter_enable=not allow_private,
            ip_filter_allow_loopback_ips=False,
            never_redirect=True,
            default_timeout=(CONNECT_SECONDS, READ_SECONDS),
            user_agent_override=USER_AGENT,
        )
    )
    make_patient(session)
    # A proxy from the environment would fetch private addresses on our behalf.
    session.trust_env = False
    return session


def host_of(address: str) -> str:
    """The host and port of an http(s) address, "" for anything else."""
    if not address.lower().startswith(("http://", "https://")):
        return ""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""  # such as a half IPv6 address, which is refused when it is fetched
