"""The manifest of an index version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self


@dataclass(frozen=True)
class Manifest:
    """What a version of the index holds, and what was measured when it was built."""

    version: str = ""
    # Encoder: digest of everything a vector depends on, and the name it was configured by.
    fingerprint: str = ""
    model: str = ""
    dimension: int = 0
    count: int = 0
    # "flat" (exact) or "ivf" (inverted lists); of one segment also "delta", without a file of FAISS.
    kind: str = "flat"
    nlist: int = 0
    # How the lists hold vectors ("sq8" or "fp16"), and the largest distance of a code from its vector. Those
    # of earlier releases hold a second copy of the vectors: "".
    codes: str = ""
    code_error: float = 0.0
    # Lists probed without a filter; and the share of the allowed rows to look at under a filter that lets
    # one row in ten pass and, as a category does, empties whole lists.
    nprobe: int = 0
    filtered_share: float = 1.0
    # The same for a rough answer, which may miss some of the nearest; 0 where an earlier release built it.
    rough_nprobe: int = 0
    rough_filtered_share: float = 0.0
    # Share of the exact ten nearest that the index finds, over held-out queries; then with that filter.
    recall_at_10: float = 1.0
    recall_at_10_filtered: float = 1.0
    # Median milliseconds of one query on one thread: exact, and by this index.
    exact_ms: float = 0.0
    search_ms: float = 0.0
    # Share of the picture in a product's vector.
    image_share: float = 0.0
    # ISO 8601: when it was built, and when the catalogue it holds last changed.
    built_at: str = ""
    generation: str = ""
    # sha256 of every other file in the version's folder; and its size and modification time (ns) when that
    # was computed, by which a writer knows files that nobody touched since.
    files: Mapping[str, str] = field(default_factory=dict)
    stamps: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    # Name and number of rows of the base and of each delta; none where the version is its own base.
    segments: tuple[Mapping[str, Any], ...] = ()
    # Queries (row numbers) with the keys and similarities they must return.
    canaries: tuple[Mapping[str, Any], ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)

    def of_segment(self, name: str, count: int, *, is_base: bool) -> Self:
        """The manifest of one segment alone; a delta is compared exactly."""
        own = replace(self, version=name, count=count, segments=(), canaries=())
        return own if is_base else replace(own, kind="delta")

    def to_json(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `to_json` wrote. Raises ValueError for anything else."""
        data = json.loads(text)
        names = {each.name for each in fields(cls)}
        required = {"version", "fingerprint", "files", "kind"}
        if not isinstance(data, dict) or not required <= data.keys() <= names:
            raise ValueError("The manifest is not one of this program.")
        lists = {name: tuple(data.get(name, ())) for name in ("canaries", "segments")}
        return cls(**data | lists)
