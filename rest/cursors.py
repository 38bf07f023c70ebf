"""Cursors: where the next page of a list begins, signed, so that clients send them back as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

MAX_CURSOR = 200


class WrongCursor(Exception):
    """The cursor is not one of this list; ``str()`` is the message for the client."""

    def __init__(self) -> None:
        super().__init__(_("Send next_cursor of the page before as it is, with the same filters and order."))


def write(place: list[Any], *, of: Mapping[str, Any], salt: str) -> str:
    """A cursor for this place in the list that the parameters ``of`` name. ``place`` holds JSON values."""
    return signing.dumps([*place, _name(of, salt)], salt=salt)


def read(cursor: str, *, of: Mapping[str, Any], salt: str) -> list[Any]:
    """What ``write`` got. Raises WrongCursor."""
    try:
        place: list[Any]
        *place, name = signing.loads(cursor, salt=salt)
    except (signing.BadSignature, ValueError, TypeError):
        raise WrongCursor from None
    if name != _name(of, salt):
        raise WrongCursor
    return place


def _name(of: Mapping[str, Any], salt: str) -> str:
    return signing.Signer(salt=salt).signature(repr(sorted(of.items())))[:16]
