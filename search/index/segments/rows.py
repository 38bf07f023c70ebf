"""What a segment keeps of each product beside its vector and its words: files aligned with its rows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from search.index.product_index import ProductIndex
from search.index.segments.opening import segment_folder, segments_of
from search.index.segments.segmented_index import NO_KEY
from search.index.version import reading
from search.lexical.documents import LexicalDocument
from search.vectors import Keys, Mask, Rows, Vectors

# A digest of what each row was made of, and whether a picture is in its vector.
DIGESTS_FILE, PICTURED_FILE = "digests.npy", "pictured.npy"
DIGEST_BYTES = 16

Digests = NDArray[np.uint8]


def digest_of(content_hash: str, document: LexicalDocument) -> bytes:
    """Equal digests mean the same row: ``content_hash`` is that of the embedding, the document its words."""
    return hashlib.blake2b(repr((content_hash, document)).encode(), digest_size=DIGEST_BYTES).digest()


@dataclass(frozen=True)
class SegmentRows:
    """The n rows of a segment, aligned; digests are (n, 16)."""

    keys: Keys
    vectors: Vectors
    documents: Sequence[LexicalDocument]
    digests: Digests
    pictured: Mask

    def __len__(self) -> int:
        return len(self.keys)

    def taken(self, rows: Rows) -> SegmentRows:
        documents = [self.documents[row] for row in rows.tolist()]
        return SegmentRows(
            self.keys[rows], self.vectors[rows], documents, self.digests[rows], self.pictured[rows]
        )


def stacked(digests: Sequence[bytes]) -> Digests:
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_BYTES)


def row_files(digests: Digests, pictured: Mask) -> dict[str, bytes]:
    """The files of a segment, by name."""
    return {DIGESTS_FILE: _npy(digests), PICTURED_FILE: _npy(pictured)}


def _npy(array: NDArray[np.uint8] | Mask) -> bytes:
    buffer = BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


class StoredRows:
    """The live rows of a published index, by key. Raises OSError where a segment was built without them."""

    def __init__(self, index: ProductIndex) -> None:
        keys = np.asarray(index.keys)
        live = np.flatnonzero(keys != NO_KEY)
        order = np.argsort(keys[live], kind="stable")
        self.keys: Keys = keys[live][order]
        self._rows: Rows = live[order]
        self._digests = [_column(index, name, DIGESTS_FILE) for name in segments_of(index)]
        self._starts = np.cumsum([0, *map(len, self._digests)])

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: object) -> bool:
        return self._row(key) is not None

    def digest(self, key: int) -> bytes | None:
        """The digest of a product's row; None where it has none."""
        row = self._row(key)
        if row is None:
            return None
        segment = int(np.searchsorted(self._starts, row, side="right")) - 1
        return bytes(self._digests[segment][row - self._starts[segment]])

    def _row(self, key: object) -> int | None:
        place = int(np.searchsorted(self.keys, key))  # type: ignore[call-overload]  # any object may be asked for
        return int(self._rows[place]) if place < len(self.keys) and self.keys[place] == key else None


def without_picture(index: ProductIndex) -> int:
    """How many live rows are vectors of words alone."""
    pictured = np.concatenate([_column(index, name, PICTURED_FILE) for name in segments_of(index)])
    return int(np.count_nonzero(~pictured[np.asarray(index.keys) != NO_KEY]))


def _column(index: ProductIndex, name: str, file: str) -> NDArray[np.generic]:
    assert index.folder is not None  # noqa: S101 - a published index lies in a folder
    with reading(file):
        return np.load(segment_folder(index.folder, index.manifest, name) / file, mmap_mode="r")  # type: ignore[no-any-return]
