"""What every package of search says of arrays: names for their kinds, unit length, and bytes for storage.

Plain numpy: this module imports nothing of the project.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# (d,) or (n, d) float32; unit length unless stated otherwise.
Vectors = NDArray[np.float32]
# (n,) float32, one score for each candidate.
Scores = NDArray[np.float32]
# (m,) int64: row numbers of an index, or positions in an array of candidates.
Rows = NDArray[np.int64]
# (n,) int64: primary keys of products.
Keys = NDArray[np.int64]
# (n,) bool over the rows of an index.
Mask = NDArray[np.bool_]

# Stored vectors are little-endian on every machine.
_STORED = np.dtype("<f4")
_NO_DIRECTION = 1e-12


def unit(vectors: Vectors) -> Vectors:
    """Scale rows (or one vector) to length 1, in float32.

    Raises ValueError for a vector that is zero or not finite: it has no direction to search in.
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths < _NO_DIRECTION).any():
        raise ValueError("A vector of length zero, or with a value that is not finite, has no direction.")
    return np.asarray(vectors / lengths, dtype=np.float32)


def mask_of(rows: NDArray[np.integer], size: int) -> Mask:
    """(size,) the rows (m,) as a mask; for many rows it costs a fraction of sorting them."""
    mask = np.zeros(size, bool)
    # Rows of int32 take numpy half as long when they are converted first.
    mask[rows.astype(np.intp, copy=False)] = True
    return mask


def places(rows: NDArray[np.integer], ascending: NDArray[np.integer]) -> tuple[Mask, Rows]:
    """Which of ``rows`` (m,) are in ``ascending`` (k,), and where those (at most m,) stand in it."""
    # Of different types, numpy would first copy all of them.
    at = np.searchsorted(ascending, rows.astype(ascending.dtype, copy=False))
    found = at < len(ascending)
    found[found] = ascending[at[found]] == rows[found]
    return found, at[found]


def common(rows: NDArray[np.integer], others: NDArray[np.integer]) -> tuple[Mask, Rows]:
    """As ``places``, where both are ascending and have no duplicates: many are found at once."""
    if not len(rows) or not len(others):
        return places(rows, others)
    # Products of a kind stand together, so that most of the others are often out of reach.
    first, last = int(rows[0]), int(rows[-1])
    start, end = np.searchsorted(others, np.array([first, last + 1], others.dtype)).tolist()
    near = others[start:end]
    if len(rows) < len(near) // 8:
        found, at = places(rows, near)
        return found, at + start
    if len(near) < len(rows) // 8:
        found, at = places(near, rows)
        return mask_of(at, len(rows)), np.flatnonzero(found) + start
    size, rows, near = last - first + 1, rows - first, near - first
    return mask_of(near, size).take(rows), np.flatnonzero(mask_of(rows, size).take(near)) + start


def within(rows: NDArray[np.integer], mask: Mask) -> NDArray[np.integer]:
    """Those of ascending ``rows`` (m,) that are in the mask (n,), looked up between its ends."""
    # To look from the end takes numpy ten times as long.
    held = mask.tobytes()
    first, end = held.find(1), held.rfind(1) + 1
    bounds = np.array([max(first, 0), end], rows.dtype)
    start, end = np.searchsorted(rows, bounds).tolist()
    near = rows[start:end]
    return np.asarray(near[mask[near]])


def to_bytes(vector: Vectors) -> bytes:
    """The vector (d,) as 4·d bytes, little-endian float32."""
    return vector.astype(_STORED).tobytes()


def from_bytes(data: bytes | memoryview) -> Vectors:
    """The read-only vector (d,) that ``to_bytes`` wrote. Raises ValueError for a length that none has."""
    return np.frombuffer(bytes(data), dtype=_STORED)


def intact(data: bytes | memoryview, dimension: int | None = None) -> Vectors | None:
    """The stored vector (dimension,), or None where the bytes are no longer those of a unit vector."""
    size = len(bytes(data))
    if size % _STORED.itemsize or (dimension is not None and size != dimension * _STORED.itemsize):
        return None
    vector = from_bytes(data)
    # Written so that NaN, which compares as false, counts as wrong.
    return vector if abs(float(np.linalg.norm(vector)) - 1.0) <= 1e-3 else None
