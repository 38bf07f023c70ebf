"""Guesses of one account's password from many addresses.

django-axes locks a pair of account and address; a botnet has addresses enough. So wrong passwords of one
account are counted over all addresses as well. Above ``FREE``, one attempt in a while is still checked, which
slows guessing down to some hundred a day and never locks the owner out for longer than that while. A device
on which the owner has signed in before has a count of its own and is not held up at all: the device cookies
of OWASP's "Slow Down Online Guessing Attacks with Device Cookies".
"""

from __future__ import annotations

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.cache import caches
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

# Wrong passwords for one account, or from one known device, that hold nobody up. They are forgotten after
# WINDOW seconds.
FREE = 20
FREE_OF_DEVICE = 10
WINDOW = 3600
# Seconds between two attempts that are checked, doubled with every FREE wrong ones up to the most.
FIRST_PAUSE = 15
LONGEST_PAUSE = 240
DEVICE_SECONDS = 180 * 24 * 3600
# Accounts that one browser is known to; the least recent one gives way.
ACCOUNTS_OF_DEVICE = 5
_SALT = "accounts.sign_in.guessing"


class TooManyGuesses(Exception):
    """This account's password was guessed wrong too often; ``retry_after`` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(_("Too many wrong passwords for this account. Wait a moment, then try again."))
        self.retry_after = retry_after


@dataclass(frozen=True)
class Guess:
    """An attempt to sign in, counted under ``key``: of the account, or of a device that knows it."""

    key: str
    free: int

    @classmethod
    def of(cls, request: HttpRequest, email: str) -> Guess:
        """Attempts for addresses without an account count alike, so that they cannot be told apart."""
        account = _digest(email)
        device, known = _device(request)
        if any(hmac.compare_digest(account, each) for each in known):
            return cls(f"guesses:{account}:{device}", FREE_OF_DEVICE)
        return cls(f"guesses:{account}", FREE)

    def check(self) -> None:
        """Raises TooManyGuesses where this attempt must wait. Counts nothing."""
        wrong = caches["ratelimit"].get(self.key) or 0
        if wrong < self.free:
            return
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (wrong // self.free - 1))
        # ``add`` is atomic: of all attempts in a pause, one is checked.
        if not caches["ratelimit"].add(f"{self.key}:pause", 1, timeout=pause):
            raise TooManyGuesses(pause)

    def was_wrong(self) -> None:
        if not caches["ratelimit"].add(self.key, 1, timeout=WINDOW):
            with suppress(ValueError):  # the hour ended in between
                caches["ratelimit"].incr(self.key)


def device_cookie() -> str:
    return "__Host-device" if settings.HTTPS else "device"


def remember_device(request: HttpRequest, response: HttpResponseBase, email: str) -> None:
    """Let this browser sign in to the account although others guess its password."""
    device, known = _device(request)
    account = _digest(email)
    accounts = [account, *(each for each in known if each != account)][:ACCOUNTS_OF_DEVICE]
    response.set_cookie(
        device_cookie(),
        signing.dumps([device, *accounts], salt=_SALT),
        max_age=DEVICE_SECONDS,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )


def forget_device(response: HttpResponseBase) -> None:
    response.delete_cookie(device_cookie(), path="/", samesite="Lax")


def _device(request: HttpRequest) -> tuple[str, list[str]]:
    """The browser's own id, new where it has none, and digests of the accounts that it has signed in to."""
    try:
        device, *known = signing.loads(
            request.COOKIES.get(device_cookie(), ""), salt=_SALT, max_age=DEVICE_SECONDS
        )
    except (signing.BadSignature, ValueError):
        return secrets.token_urlsafe(9), []
    return device, known


def _digest(email: str) -> str:
    """Stands for an address where its plain text must not be: in caches and in a browser."""
    return salted_hmac(_SALT, email.strip().lower(), algorithm="sha256").hexdigest()[:32]
