"""Write a version that differs from the published one by a delta: everything else is linked, not written."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from search.index.durability import sync_to_disk
from search.index.product_index import KEYS_FILE, VECTORS_FILE, ProductIndex
from search.index.segments.opening import DELTAS, files_of, segment_folder, segment_names, segments_of
from search.index.segments.rows import SegmentRows, row_files
from search.index.segments.segmented_index import SegmentedIndex
from search.index.version import reading
from search.lexical import building as lexical
from search.lexical import tombstones
from search.lexical.segments import removed
from search.lexical.tombstones import Tombstones
from search.vectors import Keys, Rows


@dataclass(frozen=True)
class Delta:
    """What changed: new rows, keys that left, and earlier deltas whose live rows are among the new ones."""

    rows: SegmentRows
    removed: Keys
    folded: frozenset[str]
    # Fields of the manifest that differ from the published version's.
    manifest: Mapping[str, Any]

    @property
    def gone(self) -> Keys:
        """Keys whose present rows are no longer found."""
        return np.union1d(self.rows.keys, self.removed)


def write_delta(
    folder: Path, name: str, current: ProductIndex, delta: Delta
) -> tuple[ProductIndex, dict[str, str]]:
    """Write the files of version ``name``; returns its index, not sealed, and the sha256 that the files of
    kept segments were published with, by name. All of these are on the disk.
    """
    assert current.folder is not None  # noqa: S101 - a published index lies in a folder
    kept = [each for each in segment_names(current.manifest) if each not in delta.folded]
    files = [file for each in kept for file in files_of(current.manifest, each)]
    for file in files:
        link_file(current.folder / file, folder / file)
    stones = _tombstones(current, kept, delta.gone)
    for file, content in tombstones.saved(stones).items():
        (folder / file).write_bytes(content)
    opened = segments_of(current)
    segments = {each: opened[each] for each in kept}
    if len(delta.rows):
        segments[name] = _written(folder / DELTAS / name, name, current, delta.rows)
    manifest = replace(
        current.manifest,
        version=name,
        segments=tuple({"name": each, "count": len(part)} for each, part in segments.items()),
        count=sum(map(len, segments.values())) - sum(len(each.rows) for each in stones.values()),
        **delta.manifest,
    )
    known = {file: current.manifest.files[file] for file in files}
    return SegmentedIndex(segments, stones, manifest, folder=folder), known


def _tombstones(current: ProductIndex, kept: list[str], gone: Keys) -> dict[str, Tombstones]:
    """Those of each kept segment, with the rows of the keys that are gone."""
    before = current.tombstones if isinstance(current, SegmentedIndex) else {}
    found = {}
    for name, rows in _rows_of(current, gone).items():
        if name in kept:
            assert current.folder is not None  # noqa: S101 - a published index lies in a folder
            place = segment_folder(current.folder, current.manifest, name)
            with reading(f"The words of {name}"):
                new = removed(place, rows) if len(rows) else Tombstones()
            found[name] = before.get(name, Tombstones()).joined(new)
    return found


def _rows_of(current: ProductIndex, keys: Keys) -> dict[str, Rows]:
    """The live rows of these keys within each segment, ascending."""
    rows = np.flatnonzero(np.isin(current.keys, keys))
    found, start = {}, 0
    for name, segment in segments_of(current).items():
        end = start + len(segment)
        found[name] = rows[(rows >= start) & (rows < end)] - start
        start = end
    return found


def _written(folder: Path, name: str, current: ProductIndex, rows: SegmentRows) -> ProductIndex:
    folder.mkdir(parents=True)
    np.save(folder / KEYS_FILE, rows.keys)
    np.save(folder / VECTORS_FILE, rows.vectors)
    for file, content in row_files(rows.digests, rows.pictured).items():
        (folder / file).write_bytes(content)
    lexical.build(rows.documents, folder)
    own = current.manifest.of_segment(name, len(rows), is_base=False)
    return ProductIndex(rows.keys, rows.vectors, None, own, folder=folder)


def link_file(source: Path, target: Path) -> None:
    """The same file at ``target``, with its times; a folder above it is made."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        # Some file systems have no hard links; a copy costs disk, and answers the same.
        shutil.copy2(source, target)
        sync_to_disk(target)
