"""Where the index of each model lies: every model has a folder of versions of its own.

INDEX_ROOT/models/<fingerprint>/   laid out as ``version_folder`` says
INDEX_ROOT/                        the same, of one model: there earlier releases kept the only index

So a model's index is built, served, pruned and locked as if there were no other. Two releases with different
weights share INDEX_ROOT, and each finds its own.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.template.defaultfilters import pluralize

from search.encoding.errors import shown_name
from search.index.manifest import Manifest
from search.index.version import read_manifest
from search.index.version_folder import VersionFolder

MODELS = "models"
FINGERPRINT = re.compile(r"[0-9a-f]{16,64}")


@dataclass(frozen=True)
class IndexPlace:
    """A folder of versions, whose they are, and the manifest of the published one; None without any."""

    folder: Path
    fingerprint: str
    manifest: Manifest | None

    def __str__(self) -> str:
        """What lies there, as the beginning of a sentence."""
        if self.manifest is None:
            return f"The place of a model without an index ({self.fingerprint or 'unknown'})"
        made_by, count = shown_name(self.manifest.model), self.manifest.count
        return f"The index of the model {made_by!r} ({count:,} product{pluralize(count)})"


def own_folder(root: Path, fingerprint: str) -> Path:
    return root / MODELS / fingerprint


def folder_of(root: Path, fingerprint: str) -> Path:
    """Where this model's versions lie or, without any, where they are to lie."""
    own = own_folder(root, fingerprint)
    try:
        is_earlier = not VersionFolder(own).versions() and _is_of(root, fingerprint)
    except OSError:
        # Whoever reads the folder is told why it cannot.
        return own
    return root if is_earlier else own


def _is_of(folder: Path, fingerprint: str) -> bool:
    found = manifest_in(folder)
    return found is not None and found.fingerprint == fingerprint


def manifest_in(folder: Path) -> Manifest | None:
    """That of the published version, or of the newest one that has a readable one. Raises OSError where the
    folder is unreadable.
    """
    versions = VersionFolder(folder)
    for name in (versions.pointed(), *versions.versions()):
        try:
            return read_manifest(folder / "versions" / str(name))
        except (OSError, ValueError):
            continue
    return None


def places(root: Path) -> Iterator[IndexPlace]:
    """Every folder of versions under ``root``, also of models that have published nothing yet. Raises OSError
    where one is unreadable.
    """
    try:
        names = sorted(filter(FINGERPRINT.fullmatch, os.listdir(root / MODELS)))  # noqa: PTH208 - names alone
    except FileNotFoundError:
        names = []
    for name in names:
        folder = own_folder(root, name)
        yield IndexPlace(folder, name, manifest_in(folder))
    if VersionFolder(root).versions():
        earlier = manifest_in(root)
        yield IndexPlace(root, earlier.fingerprint if earlier else "", earlier)


def latest(root: Path) -> IndexPlace | None:
    """The place that published last, of whatever model."""
    published = [(each.manifest.built_at, each) for each in places(root) if each.manifest is not None]
    return max(published, key=lambda found: found[0])[1] if published else None
