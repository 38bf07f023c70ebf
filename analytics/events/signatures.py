"""The signature of the pixel that a shop puts into its order confirmation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from itertools import product

from django.conf import settings

from analytics.events.models import Event

# In this order, one a line, "" for one that the address does not have.
SIGNED = ("type", "event_id", "product_id", "quantity", "value", "currency", "session")
# What an address means that does not have them. Some clients send them then, whatever was signed.
DEFAULTS = {"type": str(Event.Type.PURCHASE), "quantity": "1"}


def signature(parameters: Mapping[str, str]) -> str:
    """The HMAC-SHA256 of the parameters in hex, with EVENTS_SECRET as its key."""
    message = "\n".join(parameters.get(name, "") for name in SIGNED)
    key: str = settings.EVENTS_SECRET
    return hmac.new(key.encode(), message.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_signed(parameters: Mapping[str, str]) -> bool:
    """Whether they are signed, with their defaults left out or written. False as well where the shop has no
    EVENTS_SECRET.
    """
    given = parameters.get("signature", "").encode("utf-8", "replace")
    signatures = [signature(same).encode() for same in _spellings(parameters)]
    return bool(settings.EVENTS_SECRET) and any(hmac.compare_digest(each, given) for each in signatures)


def _spellings(parameters: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Each way to write the same parameters."""
    named = dict(parameters.items())
    usual = {name: default for name, default in DEFAULTS.items() if named.get(name, default) == default}
    for values in product(*(("", default) for default in usual.values())):
        yield named | dict(zip(usual, values, strict=True))
