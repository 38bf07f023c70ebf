"""The versions in the bucket: published by one conditional write of the pointer, pruned by what it names.

CURRENT                        the published version, and the records of all that are kept
versions/<name>-<token>.json   the record of a version: its manifest, and the key of each file
files/<sha256>-<token>         a file; versions that share a base name the same ones

Every upload has a key of its own, so that no writer ever replaces or deletes what another one just wrote.
"""

from __future__ import annotations

import hashlib
import logging
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from search.index.manifest import Manifest
from search.index.segments.opening import segment_names
from search.index.storage.objects import LostRace, ObjectMissing, Objects, StorageError, StoredObject
from search.index.storage.records import (
    FILE_KEY,
    FILES,
    POINTER,
    RECORD_KEY,
    VERSIONS,
    Kept,
    Pointer,
    Record,
)
from search.index.version import MANIFEST, DamagedVersion, read_manifest
from search.index.version_folder import kept_versions

logger = logging.getLogger(__name__)


class VersionBucket:
    """The versions below one address of an object store."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        # Of the versions that are kept; records never change.
        self._read: dict[Kept, Record] = {}

    def pointer(self, seen: Pointer | None = None) -> Pointer | None:
        """The pointer; ``seen`` itself where it is the same, None where nothing was published yet.

        Raises StorageError.
        """
        try:
            found = self.objects.read(POINTER, unless=seen.tag if seen else "")
        except ObjectMissing:
            return None
        if found is None:
            return seen
        pointer = Pointer.read(*found)
        # A process may follow for months.
        self._read = {
            kept: record for kept, record in list(self._read.items()) if kept in pointer.kept.values()
        }
        return pointer

    def record(self, kept: Kept) -> Record:
        """Raises DamagedVersion where it is missing or another one, or StorageError."""
        if (known := self._read.get(kept)) is not None:
            return known
        try:
            found = self.objects.read(kept.key)
        except ObjectMissing as missing:
            raise DamagedVersion("its record is missing") from missing
        record = self._read[kept] = Record.read(found[0] if found else b"", kept)
        return record

    def publish(self, folder: Path, before: Pointer | None, *, kept_count: int) -> Pointer:
        """Upload the sealed version in ``folder`` and point to it, where ``before`` is still the pointer.

        What the versions that ``before`` names have in the bucket is not uploaded again. Returns the new
        pointer. Raises LostRace where another writer published meanwhile, or StorageError; the published
        version then stays.
        """
        manifest = read_manifest(folder)
        records = dict(self._readable(before))
        token = secrets.token_hex(8)
        keys = self._uploaded(folder, manifest, records, token)
        record = Record((folder / MANIFEST).read_text("utf-8"), keys)
        new = Kept(f"{VERSIONS}{manifest.version}-{token}.json", hashlib.sha256(record.written).hexdigest())
        self.objects.write(new.key, record.written, replaces=None)
        self._check_whole(folder, keys)
        kept = {**(before.kept if before else {}), manifest.version: new}
        bases = {name: each.base for name, each in {**records, manifest.version: record}.items()}
        staying = kept_versions(
            sorted(kept, reverse=True), manifest.version, kept_count, lambda name: bases.get(name, name)
        )
        kept = {name: each for name, each in kept.items() if name in staying}
        return self._moved(Pointer.written(manifest.version, kept), new, before)

    def _readable(self, pointer: Pointer | None) -> Iterator[tuple[str, Record]]:
        for name, kept in pointer.kept.items() if pointer else ():
            try:
                yield name, self.record(kept)
            except DamagedVersion as damage:
                logger.warning("Index version %s in %s: %s", name, self.objects.address, damage)

    def _uploaded(
        self, folder: Path, manifest: Manifest, records: Mapping[str, Record], token: str
    ) -> dict[str, str]:
        """The key of each file; those that the bucket has already, in full size, are not uploaded.

        A new base shares nothing, even where its files are equal, so that it replaces damaged objects.
        """
        stored = {each.key: each.size for each in self.objects.listed(FILES)}
        base = segment_names(manifest)[0]
        known = {
            record.manifest.files[file]: key
            for record in records.values()
            if record.base == base
            for file, key in record.keys.items()
        }
        keys = {}
        for file, digest in manifest.files.items():
            key = known.get(digest, "")
            if stored.get(key) != (folder / file).stat().st_size:
                key = f"{FILES}{digest}-{token}"
                self.objects.upload(key, folder / file, digest)
            keys[file] = key
        return keys

    def _check_whole(self, folder: Path, keys: Mapping[str, str]) -> None:
        """The pointer must never name what is not there. Raises StorageError."""
        stored = {each.key: each.size for each in self.objects.listed(FILES)}
        for file, key in keys.items():
            if stored.get(key) != (folder / file).stat().st_size:
                raise StorageError(f"{self.objects.address} lost {file} while it was published.")

    def _moved(self, content: bytes, new: Kept, before: Pointer | None) -> Pointer:
        try:
            tag = self.objects.write(POINTER, content, replaces=before.tag if before else None)
        except StorageError as error:
            # An answer that was lost, and a request that was repeated for it, may hide that we wrote it.
            found = self.pointer()
            if found is not None and found.version and found.kept[found.version] == new:
                return found
            if isinstance(error, LostRace):
                raise LostRace(
                    f"Another writer published an index to {self.objects.address} meanwhile; "
                    "run `manage.py reindex` again."
                ) from error
            raise
        return Pointer.read(content, tag)

    def prune(self, pointer: Pointer) -> list[str]:
        """Delete what ``pointer`` does not name and was there before it; returns the keys.

        A writer that is uploading began after it, or will lose the race. Nothing is deleted where a record is
        damaged, or another pointer is published by now. Raises DamagedVersion or StorageError.
        """
        self._read = {kept: self.record(kept) for kept in pointer.kept.values()}
        named = {kept.key for kept in self._read}
        named.update(*(each.keys.values() for each in self._read.values()))
        published = next((each for each in self.objects.listed(POINTER) if each.key == POINTER), None)
        if published is None or published.tag != pointer.tag:
            return []
        outdated = [
            each.key
            for each in self._listed()
            if each.key not in named and each.modified < published.modified
        ]
        self.objects.delete(outdated)
        return outdated

    def _listed(self) -> Iterator[StoredObject]:
        """What publications wrote; other programs may have folders of the same names in the bucket."""
        for prefix, pattern in ((VERSIONS, RECORD_KEY), (FILES, FILE_KEY)):
            yield from (each for each in self.objects.listed(prefix) if pattern.fullmatch(each.key))
