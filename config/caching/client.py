"""django-redis's client, for which a value that cannot be read is a miss."""

from __future__ import annotations

from typing import Any

from django_redis.client import DefaultClient
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import ResponseError

from config.caching.serializer import Unreadable

_UNREADABLE = object()


class Client(DefaultClient):  # type: ignore[misc]  # django-redis has no types
    """Reads as Django's interface demands, whatever is stored; only the network raises exceptions."""

    def decode(self, value: Any) -> Any:
        try:
            return super().decode(value)
        except Unreadable:
            return _UNREADABLE

    def get(self, key: Any, default: Any = None, version: int | None = None, client: Any = None) -> Any:
        try:
            value = super().get(key, default, version=version, client=client)
        except ConnectionInterrupted as error:
            # Redis answers, but that the key holds a list or a hash.
            if isinstance(error.__cause__, ResponseError):
                return default
            raise
        return default if value is _UNREADABLE else value

    def get_many(self, keys: Any, version: int | None = None, client: Any = None) -> dict[Any, Any]:
        found = super().get_many(keys, version=version, client=client)
        return {key: value for key, value in found.items() if value is not _UNREADABLE}

    def _incr(self, key: Any, delta: int = 1, version: int | None = None, **options: Any) -> int:
        try:
            return int(super()._incr(key, delta, version, **options))
        except TypeError as error:
            # Not a number: deleted, so that the next ``add`` starts the count anew.
            self.delete(key, version=version)
            raise ValueError(f"Key {key!r} holds no number") from error
