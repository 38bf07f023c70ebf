"""Signed page events: a page that we rendered may report one act with its product, and nothing else."""

from __future__ import annotations

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

# A page that stayed open for longer reports nothing.
VALID_FOR = timedelta(days=1)
_signer = TimestampSigner(salt="analytics.events.page")


def page_token(event_type: str, product_id: str) -> str:
    return _signer.sign(f"{event_type}:{product_id}")


def read(token: str) -> tuple[str, str] | None:
    """(type, product id) of a token that a page was given within VALID_FOR; None for any other text."""
    try:
        event_type, _colon, product_id = _signer.unsign(token, max_age=VALID_FOR).partition(":")
    except BadSignature:
        return None
    return event_type, product_id
