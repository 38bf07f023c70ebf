"""The two documents in the bucket: the pointer, and one record for each version."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.functional import cached_property

from search.index.manifest import Manifest
from search.index.segments.opening import segment_names
from search.index.version import DamagedVersion
from search.index.version_folder import VERSION_NAME

FILES, VERSIONS, POINTER = "files/", "versions/", "CURRENT"
RECORD_KEY = re.compile(VERSIONS + r"[0-9Tb]+-[0-9a-f]+\.json")
_DIGEST = re.compile(r"[0-9a-f]{64}")
FILE_KEY = re.compile(FILES + r"[0-9a-f]{64}-[0-9a-f]+")


@dataclass(frozen=True)
class Kept:
    """Where the record of a version is, and its sha256."""

    key: str
    digest: str


@dataclass(frozen=True)
class Pointer:
    """The published version, the records of all that are kept, and the tag of the object that says so.

    ``version`` is "" where the object cannot be read as a pointer.
    """

    version: str
    kept: Mapping[str, Kept]
    tag: str

    @classmethod
    def read(cls, content: bytes, tag: str) -> Pointer:
        try:
            data = json.loads(content)
            kept = {name: Kept(str(each["key"]), str(each["sha256"])) for name, each in data["kept"].items()}
            version = str(data["version"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls("", {}, tag)
        named = all(VERSION_NAME.fullmatch(name) for name in kept)
        whole = named and version in kept and all(RECORD_KEY.fullmatch(each.key) for each in kept.values())
        return cls(version, kept, tag) if whole else cls("", {}, tag)

    @staticmethod
    def written(version: str, kept: Mapping[str, Kept]) -> bytes:
        records = {name: {"key": each.key, "sha256": each.digest} for name, each in sorted(kept.items())}
        return json.dumps({"version": version, "kept": records}, indent=1).encode()


@dataclass(frozen=True)
class Record:
    """The manifest of a version as it was sealed, and the key of each of its files."""

    text: str
    keys: Mapping[str, str]

    @cached_property
    def manifest(self) -> Manifest:
        return Manifest.from_json(self.text)

    @property
    def base(self) -> str:
        return segment_names(self.manifest)[0]

    @property
    def seal(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @classmethod
    def read(cls, content: bytes, kept: Kept) -> Record:
        """Raises DamagedVersion for anything but what `written` made, and for paths outside a version."""
        if hashlib.sha256(content).hexdigest() != kept.digest:
            raise DamagedVersion("its record is not the one that was published")
        try:
            data = json.loads(content)
            record = cls(str(data["manifest"]), {str(file): str(key) for file, key in data["keys"].items()})
            files = record.manifest.files
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DamagedVersion("its record cannot be read") from error
        # Whoever may write into the bucket must not thereby write elsewhere on this machine.
        inside = all(map(_is_inside, files)) and all(map(FILE_KEY.fullmatch, record.keys.values()))
        if (
            not inside
            or not all(map(_DIGEST.fullmatch, files.values()))
            or record.keys.keys() != files.keys()
        ):
            raise DamagedVersion("its record names what no version has")
        return record

    @property
    def written(self) -> bytes:
        return json.dumps({"manifest": self.text, "keys": dict(self.keys)}).encode()


def _is_inside(file: str) -> bool:
    path = PurePosixPath(file)
    return bool(path.parts) and not path.is_absolute() and ".." not in path.parts and "\0" not in file
