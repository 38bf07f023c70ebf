"""How cached values are stored: as JSON with tagged types and, in Redis, with a signature.

Django and django-redis pickle values, and unpickling runs what somebody else wrote into Redis. JSON alone
still leaves values of an unexpected form; the signature makes everything unreadable that no process with this
SECRET_KEY wrote.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.conf import settings
from django_redis.serializers.base import BaseSerializer

# Processes of two releases may share a Redis; neither reads the other's format.
FORMAT = 1
_SIGNATURE_BYTES = hashlib.sha256().digest_size

_PLAIN = frozenset({type(None), bool, int, float, str})
# Exact types, by tag. A subclass would come back as its base class, so it is refused.
_TAGGED: dict[type, tuple[str, Callable[[Any], Any]]] = {
    bytes: ("bytes", lambda value: base64.b64encode(value).decode()),
    datetime: ("datetime", datetime.isoformat),
    date: ("date", date.isoformat),
    Decimal: ("decimal", str),
    UUID: ("uuid", str),
    tuple: ("tuple", lambda value: [_tagged(each) for each in value]),
    dict: ("dict", lambda value: {_key(key): _tagged(each) for key, each in value.items()}),
}
_UNTAGGED: dict[str, Callable[[Any], Any]] = {
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "decimal": Decimal,
    "uuid": UUID,
    "tuple": lambda value: tuple(_untagged(each) for each in value),
    "dict": lambda value: {key: _untagged(each) for key, each in value.items()},
}


class Unreadable(ValueError):
    """A stored value that this release did not write."""


def encode(value: Any) -> bytes:
    """Raises TypeError for a value that ``decode`` would not give back with the same types."""
    text = json.dumps([FORMAT, _tagged(value)], ensure_ascii=False, separators=(",", ":"))
    # A shopper's words may hold lone surrogates.
    return text.encode(errors="surrogatepass")


def decode(stored: bytes) -> Any:
    """What ``encode`` got. Raises Unreadable for anything that it did not make."""
    try:
        written_format, value = json.loads(stored.decode(errors="surrogatepass"))
        if written_format != FORMAT:
            raise Unreadable(f"The value has format {written_format!r}, not {FORMAT}.")
        return _untagged(value)
    except Unreadable:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation, RecursionError) as error:
        raise Unreadable(f"This is not a cached value: {error!r}") from error


class SignedSerializer(BaseSerializer):  # type: ignore[misc]  # django-redis has no types
    """django-redis's option SERIALIZER. ``loads`` raises Unreadable."""

    def dumps(self, value: Any) -> bytes:
        stored = encode(value)
        return _signature(stored) + stored

    def loads(self, value: bytes) -> Any:
        signature, stored = value[:_SIGNATURE_BYTES], value[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, _signature(stored)):
            raise Unreadable("The value is not signed with this SECRET_KEY.")
        return decode(stored)


def _signature(stored: bytes) -> bytes:
    key = hashlib.sha256(b"config.caching.serializer" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, stored, "sha256")


def _tagged(value: Any) -> Any:
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is list:
        return [_tagged(each) for each in value]
    try:
        tag, convert = _TAGGED[kind]
    except KeyError:
        raise TypeError(f"A cache takes no {kind.__module__}.{kind.__qualname__}.") from None
    return {tag: convert(value)}


def _key(key: Any) -> str:
    if type(key) is not str:
        raise TypeError(f"A cached dict needs keys of type str, not {type(key).__qualname__}.")
    return key


def _untagged(value: Any) -> Any:
    if isinstance(value, list):
        return [_untagged(each) for each in value]
    if isinstance(value, dict):
        ((tag, content),) = value.items()
        return _UNTAGGED[tag](content)
    return value
