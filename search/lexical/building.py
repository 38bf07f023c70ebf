"""Building the lexical part of a segment: the BM25 matrix, word counts and completions."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain, pairwise
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from search.lexical import completions, names
from search.lexical.documents import LexicalDocument
from search.lexical.files import (
    COMPLETIONS,
    COUNTS,
    FOLDER,
    LENGTHS,
    NAMES,
    REFERENCES,
    WORD_COUNTS,
    WRITTEN,
    WRITTEN_STARTS,
)
from search.lexical.saturation import K1, QUANTILE, B

# bm25s logs every build at DEBUG, whatever the project's own level.
logging.getLogger("bm25s").setLevel(logging.WARNING)

# Counts are kept in two bytes; no product repeats a word as often.
_MOST = 65_535


def build(documents: Sequence[LexicalDocument], folder: Path) -> None:
    """Write the index of ``documents`` (one per index row, in row order) under ``folder``."""
    vocabulary: dict[str, int] = {"": 0}
    rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in each.tokens()] for each in documents]
    engine = bm25s.BM25(k1=K1, b=B, method="lucene", backend="numpy", csc_backend="numpy")
    # The unused token keeps bm25s from averaging over nothing when the catalogue has no products yet.
    engine.index((rows or [[0]], vocabulary), create_empty_token=False, show_progress=False)
    target = folder / FOLDER
    engine.save(target, show_progress=False)
    np.save(target / REFERENCES, _references(engine.scores["data"], engine.scores["indptr"]))
    np.save(target / COUNTS, _counts(rows or [[0]]))
    np.save(target / LENGTHS, np.array([len(row) for row in rows], np.int32))
    _write_words(documents, target)
    _write_json(target / NAMES, names.collect(documents))
    _write_json(target / COMPLETIONS, [asdict(each) for each in completions.collect(documents)])


def _write_words(documents: Sequence[LexicalDocument], target: Path) -> None:
    """How many products write each word, and which words each product writes, by their place there."""
    counts: Counter[str] = Counter()
    numbers: dict[str, int] = {}
    rows = []
    for document in documents:
        written = document.written_words()
        counts.update(written)
        rows.append([numbers.setdefault(word, len(numbers)) for word in written])
    # A Counter keeps the order in which words came, which is that of their numbers.
    _write_json(target / WORD_COUNTS, counts)
    np.save(target / WRITTEN_STARTS, np.cumsum([0, *map(len, rows)], dtype=np.int64))
    np.save(target / WRITTEN, np.fromiter(chain.from_iterable(rows), np.int32))


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _counts(rows: Sequence[Sequence[int]]) -> NDArray[np.uint16]:
    """How often each row has each of its tokens, in the order of the matrix: by token, then by row."""
    tokens = np.fromiter(chain.from_iterable(rows), np.int64)
    of_row = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
    _pairs, counts = np.unique(tokens * len(rows) + of_row, return_counts=True)
    return np.minimum(counts, _MOST).astype(np.uint16)


def _references(data: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Per token (v,), the score that it reaches in the documents it describes best."""
    slices = (data[start:end] for start, end in pairwise(starts))
    return np.array([np.quantile(part, QUANTILE) if len(part) else 1.0 for part in slices], np.float32)
