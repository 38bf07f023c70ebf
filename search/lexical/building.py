"""Building the lexical part of a segment: the BM25 matrix, word counts and completions."""

from __future__ import annotations

import json
import logging
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import chain
from pathlib import Path

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
from search.lexical.matrix import Matrix
from search.lexical.saturation import QUANTILE

# bm25s logs every build at DEBUG, whatever the project's own level.
logging.getLogger("bm25s").setLevel(logging.WARNING)

# Scores that are copied at once.
_AT_ONCE = 4_000_000


def build(documents: Sequence[LexicalDocument], folder: Path) -> None:
    """Write the index of ``documents`` (one per index row, in row order) under ``folder``."""
    vocabulary: dict[str, int] = {"": 0}
    rows = [
        array("i", [vocabulary.setdefault(token, len(vocabulary)) for token in each.tokens()])
        for each in documents
    ]
    # The unused token keeps the mean length from being one of nothing when the catalogue has no products yet.
    matrix = Matrix.of(rows or [[0]], len(vocabulary))
    target = folder / FOLDER
    matrix.engine(vocabulary).save(target, show_progress=False)
    np.save(target / REFERENCES, _references(matrix.scores, matrix.starts))
    np.save(target / COUNTS, matrix.counts)
    np.save(target / LENGTHS, matrix.lengths)
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


def _references(data: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Per token (v,), the score that it reaches in the documents it describes best."""
    lengths = np.diff(starts)
    found = np.ones(len(lengths), np.float32)
    # Most tokens are in few documents: all that are in the same number of them are looked at together.
    for length in np.unique(lengths[lengths > 0]):
        tokens = np.flatnonzero(lengths == length)
        for part in np.array_split(tokens, 1 + tokens.size * int(length) // _AT_ONCE):
            scores = data[starts[part][:, None] + np.arange(length)]
            found[part] = np.quantile(scores, QUANTILE, axis=1)
    return found
