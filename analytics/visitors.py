"""Counts how many people searched for the same words, without keeping who they are."""

from __future__ import annotations

import hashlib
import hmac
from contextvars import ContextVar

from django.conf import settings

# The network address of the client whose request is being answered. Never stored. "" outside of requests, and
# for those with an API key, whose address is a server's.
client_address: ContextVar[str] = ContextVar("client_address", default="")
# Of 4,096 values, so that each stands for some million IPv4 addresses: enough to tell a few people apart,
# not enough to tell who it was, even with the key.
_DIGITS = 3


def visitor(question: str, session: str = "") -> str:
    """Three hex digits that differ between most clients; "" without a client or a question.

    They depend on the question too, so that two searches of one client cannot be linked. A client that names
    its session is known by that: shops' servers ask for many people from one address.
    """
    who = session or client_address.get()
    if not (who and question):
        return ""
    key = hashlib.sha256(f"visitors:{settings.SECRET_KEY}".encode()).digest()
    message = f"{who}\0{question}".encode("utf-8", "replace")
    return hmac.digest(key, message, "sha256").hex()[:_DIGITS]
