"""The lexical index of a version, made of those of its segments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from search.index.product_index import ProductIndex
from search.index.segments.opening import segment_folder, segments_of
from search.index.segments.segmented_index import SegmentedIndex
from search.lexical.bm25 import LexicalIndex, load_segment
from search.lexical.files import COUNTS, FOLDER
from search.lexical.segments import LexicalSegment


@dataclass(frozen=True)
class Words:
    """The lexical index, and the segments it was made of by name, for the version that follows."""

    index: LexicalIndex
    segments: Mapping[str, LexicalSegment]


def load_words(index: ProductIndex, held: Words | None) -> Words:
    """The words of an opened version; segments that are ``held`` are not read again. Raises LexicalError."""
    assert index.folder is not None  # noqa: S101 - a published index lies in a folder
    if not (index.folder / FOLDER / COUNTS).exists():
        # A version of an earlier release, which is its own base.
        return Words(LexicalIndex.load(index.folder, mapped=index.is_mapped), {})
    known = held.segments if held else {}
    segments = {name: known.get(name) or _loaded(index, index.folder, name) for name in segments_of(index)}
    if isinstance(index, SegmentedIndex):
        stones = [index.tombstones[name] for name in segments]
        return Words(LexicalIndex.of_segments(list(segments.values()), stones), segments)
    (only,) = segments.values()
    return Words(LexicalIndex(only.postings, only.word_counts, only.names), segments)


def _loaded(index: ProductIndex, folder: Path, name: str) -> LexicalSegment:
    place = segment_folder(folder, index.manifest, name)
    return load_segment(place, mapped=segments_of(index)[name].is_mapped)
