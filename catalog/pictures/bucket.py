"""Pictures in an S3 bucket instead of MEDIA_ROOT (MEDIA_STORAGE); needs requirements-s3.txt.

The bucket stays private: the application reads it and serves the pictures under the same addresses, with the
same headers. An object is written whole or not at all, so nothing is ever half-written.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from storages.backends.s3 import S3Storage

from catalog.pictures.place import PicturesAway

_MISSING = {"404", "NoSuchKey"}


class PictureBucket(S3Storage):  # type: ignore[misc]  # django-storages has no annotations
    """The default storage with MEDIA_STORAGE. Raises PicturesAway where the bucket refuses or is away."""

    def url(self, name: str, *args: Any, **options: Any) -> str:
        """The application's own address: one of the bucket would be for everybody who has it."""
        return f"{settings.MEDIA_URL}{name}"

    def read(self, name: str) -> tuple[bytes, float]:
        """The content and when it was written, in seconds of the epoch. Raises FileNotFoundError."""
        with _translated(name):
            found = self._objects.get_object(**self._named(name))
            return found["Body"].read(), found["LastModified"].timestamp()

    def write(self, name: str, save: Callable[[IO[bytes]], object]) -> None:
        content = BytesIO()
        save(content)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        with _translated(name):
            self._objects.put_object(**self._named(name), Body=content.getvalue(), ContentType=kind)

    def _open(self, name: str, mode: str = "rb") -> File[bytes]:
        return ContentFile(self.read(name)[0], name)

    def exists(self, name: str) -> bool:
        return self._head(name) is not None

    def written_at(self, name: str) -> float | None:
        """In seconds of the epoch; None where it is gone."""
        found = self._head(name)
        return None if found is None else found["LastModified"].timestamp()

    def _head(self, name: str) -> Any:
        try:
            with _translated(name):
                return self._objects.head_object(**self._named(name))
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        with _translated(name):
            self._objects.delete_object(**self._named(name))

    def listed(self, prefix: str) -> Iterator[tuple[str, dict[str, Any]]]:
        """The names that start with ``prefix``, with size, tag and time as S3 lists them."""
        pages = self._objects.get_paginator("list_objects_v2")
        with _translated(prefix):
            for page in pages.paginate(Bucket=self.bucket_name, Prefix=self._key(prefix)):
                for each in page.get("Contents", ()):
                    yield each["Key"].removeprefix(self._key("")), each

    def states(self, prefix: str) -> dict[str, list[int | str]]:
        """Size and tag of what starts with ``prefix``, by the last part of the name."""
        return {PurePosixPath(name).name: [each["Size"], each["ETag"]] for name, each in self.listed(prefix)}

    def record(self, record_name: str, names: Sequence[str]) -> None:
        """Keep the states of these derivatives of one picture, as ``integrity.record`` does.

        Raises FileNotFoundError where one is gone already.
        """
        found = self.states(record_name.removesuffix(".json"))
        kept = [PurePosixPath(name).name for name in names]
        if gone := [name for name in kept if name not in found]:
            raise FileNotFoundError(f"{gone[0]} is not in the bucket.")
        states = {name: found[name] for name in kept}
        self.write(record_name, lambda file: file.write(json.dumps(states).encode()))

    def is_whole(self, record_name: str) -> bool:
        """Whether the derivatives are as they were recorded."""
        try:
            states = json.loads(self.read(record_name)[0])
        except (FileNotFoundError, ValueError):
            return False
        found = self.states(record_name.removesuffix(".json"))
        return isinstance(states, Mapping) and all(
            _is_same(found.get(name), state) for name, state in states.items()
        )

    def written_before(self, prefix: str, moment: float) -> Iterator[str]:
        """The names under ``prefix`` last written before ``moment``, in seconds of the epoch."""
        for name, each in self.listed(prefix):
            if each["LastModified"].timestamp() < moment:
                yield name

    def discard(self, name: str, moment: float) -> bool:
        """Delete it unless it was written anew since ``moment``."""
        written = self.written_at(name)
        if written is None or written >= moment:
            return False
        self.delete(name)
        return True

    @property
    def _objects(self) -> Any:
        return self.connection.meta.client

    def _key(self, name: str) -> str:
        return f"{self.location}/{name}" if self.location else name

    def _named(self, name: str) -> dict[str, str]:
        return {"Bucket": self.bucket_name, "Key": self._key(str(name))}


def _is_same(found: Sequence[object] | None, state: object) -> bool:
    """A record of files has other times and hashes, of which only the size is comparable."""
    if found is None or not isinstance(state, list) or not state:
        return False
    return list(found) == state if len(state) == len(found) else found[0] == state[0]


@contextmanager
def _translated(name: str) -> Iterator[None]:
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code in _MISSING:
            raise FileNotFoundError(f"{name} is not in the bucket.") from error
        raise PicturesAway(f"The bucket of the pictures refuses the request ({code}).") from error
    except (BotoCoreError, Boto3Error) as error:
        reason = type(error).__name__
        raise PicturesAway(f"The bucket of the pictures does not answer ({reason}).") from error
