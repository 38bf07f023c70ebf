"""Django's cache in local memory, limited to the values that Redis takes."""

from __future__ import annotations

from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.locmem import LocMemCache

from config.caching.serializer import Unreadable, decode, encode


class LocalCache(LocMemCache):
    """Stores what ``encode`` makes of a value, and integers as they are, so that ``incr`` works as in Redis.
    Bytes lie in a tuple as they are: a result set as JSON takes longer to read than to page through.

    A value that the serializer refuses raises TypeError without Redis too, so any test finds it.
    """

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return super().add(key, _stored(value), timeout=timeout, version=version)

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        super().set(key, _stored(value), timeout=timeout, version=version)

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        stored = super().get(key, None, version=version)
        if stored is None:
            return default
        if isinstance(stored, tuple):
            return stored[0]
        try:
            return decode(stored) if isinstance(stored, bytes) else stored
        except Unreadable:
            return default

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        try:
            return super().incr(key, delta, version=version)
        except TypeError as error:
            raise ValueError(f"Key {key!r} holds no number") from error


def _stored(value: Any) -> bytes | int | tuple[bytes]:
    if type(value) is bytes:
        return (value,)
    return value if type(value) is int else encode(value)
