"""What left a segment after it was written: its rows, and what these rows added to counts of words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.vectors import Rows

TOMBSTONES, REMOVED_WORDS = "tombstones.npz", "removed-words.json"

_NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True)
class Tombstones:
    """The rows of one segment that are no longer found, ascending, with their tokens and words.

    ``tokens`` maps the number of a token in the segment to how many of the rows have it, ``words`` a written
    word to how many of them write it.
    """

    rows: Rows = field(default_factory=lambda: _NO_ROWS)
    tokens: Mapping[int, int] = field(default_factory=dict)
    words: Mapping[str, int] = field(default_factory=dict)

    def joined(self, other: Tombstones) -> Tombstones:
        """Of both, for rows that are not in both."""
        return Tombstones(
            np.union1d(self.rows, other.rows),
            Counter(self.tokens) + Counter(other.tokens),
            Counter(self.words) + Counter(other.words),
        )


def saved(by_segment: Mapping[str, Tombstones]) -> dict[str, bytes]:
    """The files of a version, by name, that ``load`` reads."""
    arrays: dict[str, NDArray[np.int64]] = {}
    for name, each in by_segment.items():
        arrays[f"{name}.rows"] = np.asarray(each.rows, np.int64)
        arrays[f"{name}.tokens"] = np.array(list(each.tokens.items()), np.int64).reshape(-1, 2)
    buffer = BytesIO()
    # Without names numpy would write no member at all, which it then cannot read.
    members: dict[str, Any] = dict(arrays) or {"": _NO_ROWS}
    np.savez(buffer, **members)
    words = {name: each.words for name, each in by_segment.items()}
    return {TOMBSTONES: buffer.getvalue(), REMOVED_WORDS: json.dumps(words, ensure_ascii=False).encode()}


def load(folder: Path) -> dict[str, Tombstones]:
    """By segment; none for a version without deltas. Raises OSError or ValueError for damaged files."""
    if not (folder / TOMBSTONES).exists():
        return {}
    words = json.loads((folder / REMOVED_WORDS).read_text("utf-8"))
    with np.load(folder / TOMBSTONES, allow_pickle=False) as stored:
        return {
            name: Tombstones(
                rows=stored[f"{name}.rows"],
                tokens=dict(stored[f"{name}.tokens"].tolist()),
                words=words[name],
            )
            for name in words
        }
