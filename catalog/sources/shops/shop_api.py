"""Requests to a shop's own API: bounded in time and size, retried, with the keys kept out of messages."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import requests
import urllib3
from django.conf import settings

from catalog.fetching import USER_AGENT, Answer, FetchedPicture, PictureVersion, fetch, fetch_picture, host_of
from catalog.sources.base import SourceError
from catalog.sources.protocols import Topic, Webhook

MAX_BYTES = 64 * 2**20
IMAGE_SECONDS = 30
CONNECT_SECONDS = 5.0
FIRST_WAIT, LONGEST_WAIT = 0.5, 60.0
# Beside every 5xx; 408 and 425 invite another try, 429 states when.
TEMPORARY = {408, 425, 429}
# An id as Shopify, WooCommerce and Magento give them.
NUMBER = re.compile(r"[1-9]\d{0,19}")
# Any other shop's: numbers, UUIDs, "prod_01H…". Safe in an address.
TOKEN = re.compile(r"[A-Za-z0-9_=-]{1,80}")
# What is read of an error's body, for its message.
MAX_ERROR_BYTES = 2**16

_threads = threading.local()


@dataclass(frozen=True)
class RetryPolicy:
    """How long one try may take, in seconds, and how many tries there are."""

    seconds: float
    tries: int


CRAWL = RetryPolicy(seconds=60, tries=6)
# A page waits meanwhile.
LIVE = RetryPolicy(seconds=1, tries=1)
# A person waits for `manage.py doctor`.
CHECK = RetryPolicy(seconds=10, tries=1)


@dataclass(frozen=True)
class Reply:
    """A JSON answer with status 200, or 404 (there is no such thing in the shop)."""

    status: int
    headers: Mapping[str, str]
    data: Any


class Refused(SourceError):
    """The shop does not accept the key, or the key may not do this."""


def plugin_webhook(signed_by: str) -> Webhook:
    """The messages of our plugins in integrations/, signed with the secret in the setting ``signed_by``."""
    return Webhook(
        signed_by=signed_by,
        signature_header="X-Tandem-Signature",
        topic_header="X-Tandem-Topic",
        topics={"product.changed": Topic(("id",))},
        id_pattern=TOKEN,
    )


class PublicPictures:
    """A shop's pictures. Anyone may enter an address in the shop, so only public ones are fetched."""

    def image(self, address: str) -> bytes:
        return fetch(address, max_bytes=settings.MAX_UPLOAD_BYTES, seconds=IMAGE_SECONDS)

    def image_unless(
        self, address: str, known: PictureVersion, *, seconds: float = 0
    ) -> FetchedPicture | None:
        return fetch_picture(address, known, seconds=seconds)

    def image_host(self, address: str) -> str:
        return host_of(address)

    def image_is_newer(self, address: str, than: datetime) -> bool:
        """Never: a picture that is uploaded anew gets another address."""
        return False


class ShopApi:
    """One shop's JSON API. ``name`` appears in messages, ``secrets`` never do.

    The address is the operator's own setting and may be private; redirects are not followed, since the
    keys would go along. ``pause`` sleeps for a number of seconds.
    """

    def __init__(
        self,
        name: str,
        *,
        secrets: tuple[str, ...],
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._pause = pause
        self._secrets = [secret for secret in secrets if secret]

    def request(
        self,
        method: str,
        url: str,
        *,
        policy: RetryPolicy,
        headers: Mapping[str, str] | None = None,
        params: Mapping[str, str | int] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> Reply:
        """The answer, requested again after timeouts, 429 and 5xx. Raises SourceError for other refusals."""
        request = requests.Request(method, url, headers=headers, params=params, json=body)
        attempt = 1
        while True:
            wait = backoff(attempt)
            try:
                with self._send(request, policy) as response:
                    if not _is_temporary(response.status_code):
                        return self._read(response, policy)
                    problem = SourceError(f"{self.name} answered {response.status_code}.", permanent=False)
                    wait = max(wait, _retry_after(response))
            except SourceError as error:
                if error.permanent:
                    raise
                problem = error
            if attempt >= policy.tries:
                raise problem
            self.wait(wait)
            attempt += 1

    def wait(self, seconds: float) -> None:
        """Wait before the next request. Raises SourceError where the shop wants more than a minute."""
        if seconds > LONGEST_WAIT:
            message = f"{self.name} asks to be left alone for {seconds:,.0f} seconds. Sync again later."
            raise SourceError(message, permanent=False)
        if seconds > 0:
            self._pause(seconds)

    def quoting(self, message: str, *, permanent: bool) -> SourceError:
        """An error that may quote the shop: on one line, cut, and without the keys."""
        for secret in self._secrets:
            message = message.replace(secret, "…")
        return SourceError(" ".join(message.split())[:400], permanent=permanent)

    def _send(self, request: requests.Request, policy: RetryPolicy) -> requests.Response:
        session = _session()
        try:
            return session.send(
                session.prepare_request(request),
                timeout=(min(CONNECT_SECONDS, policy.seconds), policy.seconds),
                allow_redirects=False,
                stream=True,
            )
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            message = f"{self.name} did not answer: {type(error).__name__}."
            raise SourceError(message, permanent=False) from error

    def _read(self, response: requests.Response, policy: RetryPolicy) -> Reply:
        self._check_status(response, policy)
        text = _body(response, MAX_BYTES, policy)
        try:
            data = json.loads(text, parse_float=Decimal)
        except (ValueError, RecursionError) as error:
            if response.status_code == 404:
                data = None
            else:
                raise SourceError(f"{self.name} did not answer in JSON.", permanent=False) from error
        return Reply(response.status_code, response.headers, data)

    def _check_status(self, response: requests.Response, policy: RetryPolicy) -> None:
        status = response.status_code
        if status in (200, 404):
            return
        if status in (401, 403):
            message = f"{self.name} refused the key ({status}). Is it right, and may it read products?"
            raise Refused(message, permanent=True)
        if 300 <= status < 400:
            message = f"{self.name} redirects ({status}). Set the address it redirects to."
        elif status in (402, 423):
            message = f"The shop is closed or locked ({self.name} answered {status})."
        else:
            reason = _reason(response, policy)
            message = (
                f"{self.name} answered {status}: {reason}" if reason else f"{self.name} answered {status}."
            )
        raise self.quoting(message, permanent=True)


def _body(response: requests.Response, max_bytes: int, policy: RetryPolicy) -> bytes:
    answer = Answer(response, max_bytes, time.monotonic() + policy.seconds)
    return b"".join(answer.chunks())


def _reason(response: requests.Response, policy: RetryPolicy) -> str:
    """What an error's body says in its "message", or in its first of GraphQL's "errors"."""
    try:
        data = json.loads(_body(response, MAX_ERROR_BYTES, policy))
    except (SourceError, ValueError, RecursionError):
        return ""
    errors = data.get("errors") if isinstance(data, dict) else None
    stated = errors[0] if isinstance(errors, list) and errors else data
    return str(stated.get("message") or "") if isinstance(stated, dict) else ""


def backoff(attempt: int) -> float:
    """Seconds before the next try: doubling, with jitter, so that several workers do not return at once."""
    longest = min(LONGEST_WAIT / 2, FIRST_WAIT * 2**attempt)
    return random.uniform(longest / 2, longest)  # noqa: S311 - no secret


def _is_temporary(status: int) -> bool:
    return status in TEMPORARY or status >= 500


def _retry_after(response: requests.Response) -> float:
    """The seconds in Retry-After; 0 without one, and for a date, which shops do not send."""
    try:
        return max(0.0, float(response.headers.get("Retry-After", "0")))
    except ValueError:
        return 0.0


def _session() -> requests.Session:
    """One per thread, for its open connections; keys go with each request, not with the session."""
    session: requests.Session | None = getattr(_threads, "session", None)
    if session is None:
        session = requests.Session()
        # A .netrc would replace the key, a proxy from the environment would see it.
        session.trust_env = False
        session.headers.update({"Accept": "application/json", "User-Agent": USER_AGENT})
        _threads.session = session
    return session
