"""Who takes part in the running experiment, and the draw that each of them sees.

The draw is derived from the shopper and the words, so that reloading, Back, filters and further pages show
the same order, and nothing has to be kept for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from accounts.sign_in.current_user import signed_in_user
from analytics.experiments import running
from analytics.experiments.running import Variant
from analytics.models.searches import normalized
from analytics.recording import tracking_allowed
from analytics.visitors import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest

# Robots that say so; others open no products from a page.
_ROBOT = re.compile(r"bot\b|crawl|spider|slurp|headless", re.IGNORECASE)
_PARTS = 2**32


@dataclass(frozen=True)
class Draw:
    """The experiment by its key, its variant, and the seed of the coins that are tossed for this shopper and
    these words.
    """

    experiment: int
    variant: Variant
    seed: str


def draw_for(request: HttpRequest, text: str) -> Draw | None:
    """None where no experiment runs, or where this shopper or these words take no part: staff, robots, and
    people with Do Not Track or Global Privacy Control see the shop's ranking.
    """
    question = normalized(text)
    experiment = running.current() if question else None
    if experiment is None or not _may_take_part(request):
        return None
    shopper = f"{experiment.key}\0{_who(request)}"
    # Of the shopper alone: whoever takes part does so with every search.
    if int.from_bytes(_digest(shopper)[:4]) / _PARTS >= experiment.share:
        return None
    return Draw(experiment.key, experiment.variant, _digest(f"{shopper}\0{question}")[:8].hex())


def _may_take_part(request: HttpRequest) -> bool:
    user = signed_in_user(request)
    is_staff = user is not None and (user.is_staff or user.sees_dashboard)
    is_robot = _ROBOT.search(request.headers.get("User-Agent", "")) is not None
    return tracking_allowed(request.headers) and not is_staff and not is_robot


def _who(request: HttpRequest) -> str:
    """Not the session: it begins with the first product that is looked at, and Back would then reorder."""
    user = signed_in_user(request)
    if user is not None:
        return str(user.pk)
    return f"{client_address.get()}\0{request.headers.get('User-Agent', '')}"


def _digest(message: str) -> bytes:
    key = hashlib.sha256(f"experiments:{settings.SECRET_KEY}".encode()).digest()
    return hmac.digest(key, message.encode("utf-8", "replace"), "sha256")
