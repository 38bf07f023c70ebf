"""The signature of the pixel that a shop puts into its order confirmation."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping

from django.conf import settings

# In this order, one a line, "" for one that the address does not have.
SIGNED = ("type", "event_id", "product_id", "quantity", "value", "currency", "session")


def signature(parameters: Mapping[str, str]) -> str:
    """The HMAC-SHA256 of the parameters in hex, with EVENTS_SECRET as its key."""
    message = "\n".join(parameters.get(name, "") for name in SIGNED)
    key: str = settings.EVENTS_SECRET
    return hmac.new(key.encode(), message.encode("utf-8", "replace"), hashlib.sha256).hexdigest()


def is_signed(parameters: Mapping[str, str]) -> bool:
    """False as well where the shop has no EVENTS_SECRET."""
    given = parameters.get("signature", "").encode("utf-8", "replace")
    return bool(settings.EVENTS_SECRET) and hmac.compare_digest(signature(parameters).encode(), given)
