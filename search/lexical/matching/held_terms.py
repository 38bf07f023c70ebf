"""What frequent terms add to the relevance of all of their rows: "dress" is in many queries."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from search.vectors import Scores

# A term of 300,000 products takes 2.4 MB.
HELD_BYTES = 32 * 1024 * 1024
# Terms of fewer rows are looked up as fast as here.
LEAST_ROWS = 1000

# Rows (c,), ascending, and what a term adds to their sums (c,).
Held = tuple[NDArray[np.integer], Scores]


class HeldTerms:
    """The latest terms of at least LEAST_ROWS rows that fit into HELD_BYTES. The index that they are of does
    not change, and takes them with it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: LRUCache[Hashable, Held] = LRUCache(HELD_BYTES, getsizeof=_size)

    def known(self, term: Hashable) -> Held | None:
        """What is held of a term; None where it is not."""
        with self._lock:
            return self._held.get(term)

    def get(self, term: Hashable, make: Callable[[], Held]) -> Held:
        """As ``make`` makes it, which two threads may do at once; shared, and not to be changed."""
        held = self.known(term)
        if held is not None:
            return held
        made = make()
        if len(made[0]) >= LEAST_ROWS and _size(made) <= HELD_BYTES:
            with self._lock:
                self._held[term] = made
        return made


def _size(held: Held) -> int:
    return sum(each.nbytes for each in held)
