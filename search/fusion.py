"""The heart of the search: Ef = α·Ei + (1-α)·Et, over unit vectors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


def unit(vectors: Vectors) -> Vectors:
    """Scale rows (or one vector) to length 1, in float32.

    Raises ValueError for a vector that is zero or not finite: it has no direction to search in.
    """
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    if not np.isfinite(lengths).all() or (lengths < 1e-12).any():
        raise ValueError("A vector of length zero, or with a value that is not finite, has no direction.")
    return np.asarray(vectors / lengths, dtype=np.float32)


def fuse(image: Vectors, text: Vectors, alpha: float) -> Vectors:
    """Mix two unit vectors (d,): ``alpha`` in [0, 1] is the picture's part, 1.0 the picture alone.

    The mixture is not a unit vector, and need not be: for any product d, Ef·d = α(Ei·d) + (1-α)(Et·d),
    so ranking by Ef is ranking by the mixed similarities. Raises ValueError outside [0, 1].
    """
    if not 0.0 <= alpha <= 1.0:
        raise ValueError(f"alpha={alpha} lies outside 0 to 1.")
    if alpha == 1.0:
        return image
    if alpha == 0.0:
        return text
    return np.asarray(alpha * image + (1.0 - alpha) * text, dtype=np.float32)
