"""Building the lexical part of an index version: the BM25 matrix, word counts and completions."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from search.lexical import completions, names
from search.lexical.documents import LexicalDocument
from search.lexical.files import COMPLETIONS, FOLDER, NAMES, REFERENCES, WORD_COUNTS

# bm25s logs every build at DEBUG, whatever the project's own level.
logging.getLogger("bm25s").setLevel(logging.WARNING)

# Titles are short and alike in length, so length matters little: b is low (0 ignores it, 1 normalises fully).
_K1, _B = 1.2, 0.2
# See search/lexical/bm25.py for what the references are.
_QUANTILE = 0.9


def build(documents: Sequence[LexicalDocument], folder: Path) -> None:
    """Write the index of ``documents`` (one per index row, in row order) under ``folder``."""
    vocabulary: dict[str, int] = {"": 0}
    rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in each.tokens()] for each in documents]
    engine = bm25s.BM25(k1=_K1, b=_B, method="lucene", backend="numpy", csc_backend="numpy")
    # The unused token keeps bm25s from averaging over nothing when the catalogue has no products yet.
    engine.index((rows or [[0]], vocabulary), create_empty_token=False, show_progress=False)
    target = folder / FOLDER
    engine.save(target, show_progress=False)
    np.save(target / REFERENCES, _references(engine.scores["data"], engine.scores["indptr"]))
    counts = Counter(word for document in documents for word in document.written_words())
    _write_json(target / WORD_COUNTS, counts)
    _write_json(target / NAMES, names.collect(documents))
    _write_json(target / COMPLETIONS, [asdict(each) for each in completions.collect(documents)])


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def _references(data: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Per token (v,), the score that it reaches in the documents it describes best."""
    slices = (data[start:end] for start, end in pairwise(starts))
    return np.array([np.quantile(part, _QUANTILE) if len(part) else 1.0 for part in slices], np.float32)
