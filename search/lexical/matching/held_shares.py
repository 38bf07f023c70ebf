"""How fully products have the most frequent tokens, "women" or "dress": these are in many queries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

# Of a million products, a token takes one megabyte, or two where texts are of many lengths.
HELD_BYTES = 48 * 1024 * 1024
# Tokens of fewer rows are looked up in their lists.
LEAST_ROWS, LEAST_SHARE = 1000, 1 / 32
# A token is held from the time on that it is looked up so often; as many tokens are counted.
OFTEN, COUNTED = 3, 1000

# Rows (c,), ascending, that have a token, and how fully (c,).
Shares = tuple[NDArray[np.integer], NDArray[np.float32]]


@dataclass(frozen=True)
class HeldShares:
    """A code (n,) for each row of an index: ``values[code]`` is how fully it has a token, 0 without it.

    A row is looked up at once, where its place in a list has to be searched for. Counts of words and lengths
    of texts repeat, so that the values are few.
    """

    codes: NDArray[np.unsignedinteger]
    values: NDArray[np.float32]

    @classmethod
    def of(cls, shares: Shares, size: int) -> HeldShares:
        """From what rows of an index of ``size`` have of a token; the rest of them have none."""
        distinct, numbers = np.unique(shares[1], return_inverse=True)
        codes = np.zeros(size, np.min_scalar_type(len(distinct)))
        codes[shares[0]] = numbers + 1
        return cls(codes, np.concatenate([np.zeros(1, np.float32), distinct]))

    @property
    def nbytes(self) -> int:
        return self.codes.nbytes + self.values.nbytes

    def at(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """How fully each of the ``rows`` (c,) has the token."""
        # Brackets take twice as long for codes, and for rows of int32.
        return self.values.take(self.codes.take(rows))


class FrequentTokens:
    """The latest frequent tokens that fit into HELD_BYTES, by number, of an index of ``size`` rows. The index
    does not change, and takes them with it.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = Lock()
        self._held: LRUCache[int, HeldShares] = LRUCache(HELD_BYTES, getsizeof=lambda held: held.nbytes)
        self._asked: LRUCache[int, int] = LRUCache(COUNTED)

    def get(self, number: int, row_count: int, make: Callable[[], Shares]) -> HeldShares | None:
        """What is held of a token of so many rows; ``make`` makes it of them once it was asked for often,
        which two threads may do at once; None where it is not held.
        """
        if row_count < max(LEAST_ROWS, LEAST_SHARE * self._size):
            return None
        with self._lock:
            held = self._held.get(number)
            if held is not None:
                return held
            self._asked[number] = asked = self._asked.get(number, 0) + 1
        if asked < OFTEN:
            return None
        made = HeldShares.of(make(), self._size)
        if made.nbytes <= HELD_BYTES:
            with self._lock:
                self._held[number] = made
        return made
