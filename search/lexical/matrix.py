"""The matrix of BM25 scores, as bm25s lays it out, computed for all documents at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import bm25s
import numpy as np
from numpy.typing import NDArray

from search.lexical.saturation import K1, B, norms, saturated

# Counts are kept in two bytes; no product repeats a word as often.
_MOST = 65_535


@dataclass(frozen=True)
class Matrix:
    """Entries by token, then by row: those of a token are ``starts[token]`` to ``starts[token + 1]``."""

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    counts: NDArray[np.uint16]
    scores: NDArray[np.float32]
    # (n,) tokens of each row.
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, documents: Sequence[Sequence[int]], tokens: int) -> Matrix:
        """From the token numbers of each document, all below ``tokens``. bm25s counts document by document,
        which takes ten times as long.
        """
        lengths = np.array([len(each) for each in documents], np.int32)
        flat = np.fromiter(chain.from_iterable(documents), np.int64, int(lengths.sum()))
        flat *= len(documents)
        flat += np.repeat(np.arange(len(documents)), lengths)
        pairs, counts = np.unique(flat, return_counts=True)
        numbers, rows = pairs // len(documents), (pairs % len(documents)).astype(np.int32)
        found = np.bincount(numbers, minlength=tokens)
        idf = np.log1p((len(documents) - found + 0.5) / (found + 0.5)).astype(np.float32)
        kept = np.minimum(counts, _MOST).astype(np.uint16)
        norm = norms(lengths, float(lengths.mean()))
        scores = np.asarray(idf[numbers] * saturated(kept, norm[rows]), np.float32)
        return cls(rows, np.concatenate([[0], np.cumsum(found)]).astype(np.int64), kept, scores, lengths)

    def engine(self, vocabulary: dict[str, int]) -> Any:
        """It as a bm25s index, which ``bm25s.BM25.load`` reads once it is saved."""
        engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
        engine.scores = {
            "data": self.scores,
            "indices": self.rows,
            "indptr": self.starts,
            "num_docs": len(self.lengths),
        }
        engine.vocab_dict, engine.nonoccurrence_array = vocabulary, None
        return engine
