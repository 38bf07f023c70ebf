"""The masks of the latest filters: a search asks for them several times, its next page or facet again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from threading import Lock

from cachetools import LRUCache, cachedmethod

from search.query import Filters
from search.vectors import Mask

# A million products take a megabyte for each filter that is set.
HELD_BYTES = 16 * 1024 * 1024

Masks = tuple[tuple[str, Mask], ...]


class HeldMasks:
    """Masks by filters, those of the latest that fit into HELD_BYTES."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: LRUCache[Filters, Masks] = LRUCache(HELD_BYTES, getsizeof=_size)

    # Masks that are too large are made each time; two threads may make them at once.
    @cachedmethod(attrgetter("_held"), lambda _self, filters, _make: filters, attrgetter("_lock"))
    def get(self, filters: Filters, make: Callable[[], Iterable[tuple[str, Mask]]]) -> Masks:
        """The masks of these filters, as ``make`` makes them. They are shared, and not to be changed."""
        return tuple(make())


def _size(masks: Masks) -> int:
    return sum(mask.nbytes for _name, mask in masks)
