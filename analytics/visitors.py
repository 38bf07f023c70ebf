"""Counts how many people searched for the same words, without keeping who they are."""

from __future__ import annotations

import hashlib
import hmac
from contextvars import ContextVar

from django.conf import settings

# The network address of the client whose request is being answered; "" outside of requests. Never stored.
client_address: ContextVar[str] = ContextVar("client_address", default="")
# Of 4,096 values, so that each stands for some million IPv4 addresses: enough to tell a few people apart,
# not enough to tell who it was, even with the key.
_DIGITS = 3


def visitor(query_key: str) -> str:
    """Three hex digits that differ between most clients; "" without a client or words.

    They depend on the words too, so that two searches of one client cannot be linked.
    """
    address = client_address.get()
    if not (address and query_key):
        return ""
    key = hashlib.sha256(f"visitors:{settings.SECRET_KEY}".encode()).digest()
    message = f"{address}\0{query_key}".encode("utf-8", "replace")
    return hmac.digest(key, message, "sha256").hex()[:_DIGITS]
