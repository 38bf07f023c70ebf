"""The frozen answer to a query, and how it is kept while a shopper pages through it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import numpy as np
from django.core.cache import caches
from numpy.typing import NDArray

from search.engine import IndexSnapshot
from search.result import Facets
from search.vectors import Keys, Scores

# How long a result set stays frozen: enough to page through it, short enough for a changing shop.
LIFETIME_SECONDS = 600
# Raise it with any change of the fields or of their meaning: sets of another release are not read.
FORMAT = 8
# Sets that a process holds as objects, of some 300 KB each: to read one takes longer than to page through it.
HELD = 32

_ARRAYS = ("keys", "score", "similarity")
_OPTIONAL_ARRAYS = ("image", "text", "relevance", "theirs", "pinned")


@dataclass(frozen=True, eq=False)
class ResultSet:
    """The products that answer a query, in its order. Arrays are aligned; the first ``total`` rows answer.
    As a key it is itself alone: nobody compares some thousand rows.

    The next ``close`` rows are looser matches, shown behind the answer and never counted with it. Rows from
    there on are the rerank pool: outside the result set, but the best for the words alone or for the picture
    alone, so that a page can re-rank when its reader moves the weight; some may be looser matches as well.
    """

    keys: Keys
    score: Scores
    similarity: Scores
    image: Scores | None
    text: Scores | None
    relevance: Scores | None
    terms: dict[str, Scores]
    # For each card, the primary keys of the other variants of its style.
    variants: tuple[tuple[int, ...], ...]
    total: int
    is_capped: bool
    cutoff: float
    facets: Facets
    index_version: str
    generation: datetime | None
    close: int = 0
    # The one kind that the answer was limited to; "" for none.
    kind: str = ""
    # Of an answer drawn from two rankings (search.candidates.drafting): whether the second one placed the
    # row, and how many rows from the top both would have placed alike.
    theirs: NDArray[np.bool_] | None = None
    alike: int = 0
    # Which rows stand at a place that staff pinned them to (search.candidates.pinning); None for none.
    pinned: NDArray[np.bool_] | None = None

    def is_current(self, snapshot: IndexSnapshot) -> bool:
        """Whether it is of this index and of the catalogue as it stands."""
        same_index = self.index_version == snapshot.index.manifest.version
        return same_index and self.generation == snapshot.columns.generation

    def to_bytes(self) -> bytes:
        """One JSON line about the set, then the bytes of its arrays: nothing in it is executable."""
        arrays = {name: getattr(self, name) for name in (*_ARRAYS, *_OPTIONAL_ARRAYS)}
        present = {name: array for name, array in arrays.items() if array is not None}
        present |= {f"terms.{name}": values for name, values in self.terms.items()}
        header = {
            "format": FORMAT,
            "arrays": [(name, array.dtype.str, len(array)) for name, array in present.items()],
            "variants": self.variants,
            "total": self.total,
            "is_capped": self.is_capped,
            "cutoff": self.cutoff,
            "facets": self.facets.to_dict(),
            "index_version": self.index_version,
            "generation": self.generation and self.generation.isoformat(),
            "close": self.close,
            "kind": self.kind,
            "alike": self.alike,
        }
        return b"".join(
            [json.dumps(header).encode(), b"\n", *(array.tobytes() for array in present.values())]
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> ResultSet:
        """What ``to_bytes`` wrote. Raises ValueError for anything else."""
        line, _newline, arrays_data = data.partition(b"\n")
        try:
            header = json.loads(line)
            if header["format"] != FORMAT:
                raise ValueError(f"The result set has format {header['format']}, not {FORMAT}.")
            arrays = _arrays(arrays_data, header["arrays"])
            columns: dict[str, Any] = {name: arrays[name] for name in _ARRAYS}
            columns |= {name: arrays.get(name) for name in _OPTIONAL_ARRAYS}
            generation = header["generation"]
            return cls(
                **columns,
                terms={
                    name.removeprefix("terms."): array
                    for name, array in arrays.items()
                    if name.startswith("terms.")
                },
                variants=tuple(map(tuple, header["variants"])),
                total=header["total"],
                is_capped=header["is_capped"],
                cutoff=header["cutoff"],
                facets=Facets.from_dict(header["facets"]),
                index_version=header["index_version"],
                generation=generation and datetime.fromisoformat(generation),
                close=header["close"],
                kind=header["kind"],
                alike=header["alike"],
            )
        except (KeyError, TypeError, AttributeError, EOFError) as error:
            raise ValueError(f"This is not a stored result set: {error!r}") from error


def _arrays(data: bytes, described: Iterable[tuple[str, str, int]]) -> dict[str, NDArray[Any]]:
    """Arrays of one dimension by name, from their bytes in this order. Raises ValueError and TypeError."""
    arrays, offset = {}, 0
    for name, kind, length in described:
        arrays[name] = np.frombuffer(data, np.dtype(kind), length, offset)
        offset += arrays[name].nbytes
    return arrays


def load(cache_key: str) -> ResultSet | None:
    """The latest result set that was frozen under this key, or None."""
    latest = caches["answers"].get(_latest(cache_key))
    return load_at(latest) if isinstance(latest, str) and latest.startswith("answer:") else None


def load_at(address: str) -> ResultSet | None:
    """The result set at this address, or None; a value that cannot be read counts as none."""
    stored = caches["answers"].get(address)
    if not isinstance(stored, bytes):
        return None
    try:
        return _read(stored)
    except ValueError:
        return None


@lru_cache(HELD)
def _read(stored: bytes) -> ResultSet:
    return ResultSet.from_bytes(stored)


def save(cache_key: str, result_set: ResultSet) -> None:
    """Freeze a result set for LIFETIME_SECONDS."""
    place = address(cache_key, result_set)
    caches["answers"].set(place, result_set.to_bytes(), LIFETIME_SECONDS)
    caches["answers"].set(_latest(cache_key), place, LIFETIME_SECONDS)


def address(cache_key: str, result_set: ResultSet) -> str:
    """Where this result set lies: one of a newer index or catalogue does not replace it."""
    return _address(cache_key, result_set.index_version, result_set.generation)


def address_in(snapshot: IndexSnapshot, cache_key: str) -> str:
    """Where the result set of this query on this snapshot lies."""
    return _address(cache_key, snapshot.index.manifest.version, snapshot.columns.generation)


def _address(cache_key: str, index_version: str, generation: datetime | None) -> str:
    # Processes of two releases may share a cache while one replaces the other.
    return f"answer:{FORMAT}:{cache_key}:{index_version}:{generation and generation.isoformat()}"


def _latest(cache_key: str) -> str:
    return f"answer:{FORMAT}:{cache_key}"
