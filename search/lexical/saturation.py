"""BM25's term saturation (Robertson and Zaragoza 2009), as bm25s computes it for its method "lucene"."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Titles are short and alike in length, so length matters little: b is low (0 ignores it, 1 normalises fully).
K1, B = 1.2, 0.2
# See search/lexical/bm25.py for what the references are.
QUANTILE = 0.9


def norms(lengths: NDArray[np.int32], mean: float) -> NDArray[np.float32]:
    """What is added to a term's count below the line, by document, from its length in tokens."""
    return np.asarray(K1 * ((1.0 - B) + B * lengths / max(mean, 1e-9)), np.float32)


def saturated(counts: NDArray[np.uint16], norm: NDArray[np.float32]) -> NDArray[np.float32]:
    """A score in (0, 1) that grows with the count. The word's idf is the same in all of its documents."""
    found = counts.astype(np.float32)
    return found / (found + norm)
