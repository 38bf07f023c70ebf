"""Signed page events: a page that we rendered may report one act with its product, and nothing else."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

# A page that stayed open for longer reports nothing.
VALID_FOR = timedelta(days=1)
_signer = TimestampSigner(salt="analytics.events.numbered_page")


def page_token(event_type: str, product_id: str) -> str:
    """A token of its own for each page, also for pages that are rendered within the same second."""
    return _signer.sign(f"{event_type}:{product_id}:{secrets.token_urlsafe(9)}")


def read(token: str) -> tuple[str, str] | None:
    """(type, product id) of a token that a page was given within VALID_FOR; None for any other text."""
    try:
        signed = _signer.unsign(token, max_age=VALID_FOR)
    except BadSignature:
        return None
    event_type, _colon, product = signed.partition(":")
    return event_type, product.rpartition(":")[0]
