"""What the versions of an index need of an object store, and how it may fail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


class StorageError(OSError):
    """The store is away, slow or refuses; the message is a sentence for operators."""


class ObjectMissing(StorageError):
    """There is no object of this key."""


class LostRace(StorageError):
    """Another writer wrote the object first; nothing of it was overwritten."""


@dataclass(frozen=True)
class StoredObject:
    """``tag`` changes with the content; ``modified`` is of the store's own clock."""

    key: str
    size: int
    modified: datetime
    tag: str


class Objects(Protocol):
    """The objects below one address. Keys are relative to it; a write is seen whole or not at all.

    Every method raises StorageError where the store does not answer in time, or refuses.
    """

    @property
    def address(self) -> str:
        """For messages."""

    def read(self, key: str, *, unless: str = "") -> tuple[bytes, str] | None:
        """The content and its tag; None where the tag is still ``unless``. Raises ObjectMissing."""

    def write(self, key: str, content: bytes, *, replaces: str | None) -> str:
        """Write where the present tag is ``replaces``, None for no object; returns the new tag.

        Raises LostRace otherwise.
        """

    def upload(self, key: str, path: Path, digest: str) -> None:
        """Write the file ``path``, whose sha256 is ``digest``, in hexadecimal."""

    def download(self, key: str, path: Path) -> None:
        """Write the content to ``path``. Raises ObjectMissing."""

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        """All objects whose key starts with ``prefix``."""

    def delete(self, keys: Iterable[str]) -> None:
        """Delete these objects; those that are gone are skipped."""
