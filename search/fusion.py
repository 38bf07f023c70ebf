"""The heart of the search: Ef = α·Ei + (1-α)·Et, over unit vectors."""

from __future__ import annotations

import numpy as np

from search.vectors import Vectors


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
