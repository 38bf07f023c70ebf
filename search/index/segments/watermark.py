"""Up to which change of the catalogue the published version is known to be current, though it is older.

A price changes the catalogue and not the index; noting that it was looked at saves looking again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from search.index.manifest import Manifest

FILE = "PLANNED"


@dataclass(frozen=True)
class Watermark:
    """``retry`` are products whose picture could not be read: they are looked at in every run."""

    generation: datetime | None
    retry: Sequence[int]


def read(root: Path, manifest: Manifest) -> Watermark:
    """The watermark of this version; without a readable note that of its build, so that more is looked at."""
    try:
        noted = json.loads((root / FILE).read_text("utf-8"))
        if noted["version"] != manifest.version:
            return of_version(manifest)
        return Watermark(_time(noted["generation"]), noted["retry"])
    except (OSError, ValueError, KeyError, TypeError):
        return of_version(manifest)


def of_version(manifest: Manifest) -> Watermark:
    return Watermark(_time(manifest.generation), manifest.details.get("retry", []))


def write(root: Path, version: str, watermark: Watermark) -> None:
    """Note it for this version. Raises OSError."""
    generation = watermark.generation.isoformat() if watermark.generation else ""
    noted = {"version": version, "generation": generation, "retry": list(watermark.retry)}
    new = root / f"{FILE}.new"
    new.write_text(json.dumps(noted), "utf-8")
    new.replace(root / FILE)


def _time(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
