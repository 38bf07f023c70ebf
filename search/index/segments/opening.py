"""Open the segments of a version, and take over those that this process holds already."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from search.index.engines.choice import holding
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from search.index.segments.segmented_index import SegmentedIndex
from search.lexical import tombstones

DELTAS = "deltas"


def segment_names(manifest: Manifest) -> list[str]:
    """The segments of a version, the base first; a version without deltas is its own base."""
    return [str(each["name"]) for each in manifest.segments] or [manifest.version]


def segments_of(index: ProductIndex) -> dict[str, ProductIndex]:
    """The opened segments of an index, by name, the base first."""
    if isinstance(index, SegmentedIndex):
        return index.segments
    return {index.manifest.version: index}


def base_name(index: ProductIndex) -> str:
    """The name of the base: equal for all versions that only differ in their deltas."""
    return segment_names(index.manifest)[0]


def segment_folder(folder: Path, manifest: Manifest, name: str) -> Path:
    """Where the files of a segment stand in the folder of a version."""
    return folder if name == segment_names(manifest)[0] else folder / DELTAS / name


def files_of(manifest: Manifest, name: str) -> Iterator[str]:
    """The files of a segment, relative to the folder of the version."""
    is_base = name == segment_names(manifest)[0]
    prefix = f"{DELTAS}/" if is_base else f"{DELTAS}/{name}/"
    changing = {tombstones.TOMBSTONES, tombstones.REMOVED_WORDS}
    for file in manifest.files:
        if file.startswith(prefix) is not is_base and file not in changing:
            yield file


def open_version(folder: Path, manifest: Manifest, held: Mapping[str, ProductIndex]) -> ProductIndex:
    """The index in ``folder``, with the segments that are ``held`` by name instead of their files.

    Raises as ``VectorEngine.open`` does.
    """
    if not manifest.segments:
        return holding(manifest).open(folder, manifest, files=None)
    sizes: dict[Path, int] = {}
    segments = {}
    for each in manifest.segments:
        name, count = str(each["name"]), int(each["count"])
        opened = held.get(name) or _opened(folder, manifest, name, count)
        segments[name] = opened
        if opened.is_mapped:
            sizes |= {folder / file: (folder / file).stat().st_size for file in files_of(manifest, name)}
    return SegmentedIndex(segments, tombstones.load(folder), manifest, folder=folder, mapped_sizes=sizes)


def _opened(folder: Path, manifest: Manifest, name: str, count: int) -> ProductIndex:
    place = segment_folder(folder, manifest, name)
    own = manifest.of_segment(name, count, is_base=place == folder)
    files = [folder / file for file in files_of(manifest, name)] or None
    return holding(own).open(place, own, files=files)
