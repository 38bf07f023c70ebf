"""An S3 bucket, or that of a compatible service, as ``Objects``; needs requirements-s3.txt."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
from boto3.exceptions import Boto3Error
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from search.index.storage.objects import LostRace, ObjectMissing, StorageError, StoredObject

# A larger file goes up in parts, S3 takes 5 GB in one request.
PARTS_FROM = 1024**3
# Of one request to delete.
MOST_DELETED = 1000
_MISSING, _LOST, _SAME = (
    {"404", "NoSuchKey"},
    {"412", "PreconditionFailed", "ConditionalRequestConflict"},
    "304",
)


class S3Objects:
    """The objects of a bucket below a prefix. Keys, region and endpoint are boto3's, from the environment."""

    def __init__(self, bucket: str, prefix: str, *, parts_from: int = PARTS_FROM) -> None:
        self._bucket = bucket
        self._prefix = f"{prefix}/" if prefix else ""
        self._transfer = TransferConfig(multipart_threshold=parts_from, max_concurrency=4)

    @property
    def address(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @cached_property
    def _client(self) -> Any:
        # On first use, as connections must not be shared by forked processes.
        with self._translated():
            return boto3.session.Session().client("s3", config=Config(**settings.S3_CLIENT))

    def read(self, key: str, *, unless: str = "") -> tuple[bytes, str] | None:
        condition = {"IfNoneMatch": unless} if unless else {}
        try:
            with self._translated():
                found = self._client.get_object(**self._named(key), **condition)
                return found["Body"].read(), found["ETag"]
        except _Unchanged:
            return None

    def write(self, key: str, content: bytes, *, replaces: str | None) -> str:
        condition = {"IfNoneMatch": "*"} if replaces is None else {"IfMatch": replaces}
        try:
            with self._translated():
                written = self._client.put_object(**self._named(key), Body=content, **condition)
                return str(written["ETag"])
        except ObjectMissing as missing:
            # What was to be replaced is gone.
            raise LostRace(str(missing)) from missing

    def upload(self, key: str, path: Path, digest: str) -> None:
        with self._translated():
            if path.stat().st_size >= self._transfer.multipart_threshold:
                self._client.upload_file(str(path), self._bucket, self._prefix + key, Config=self._transfer)
                return
            # S3 refuses a body that has another checksum.
            checksum = base64.b64encode(bytes.fromhex(digest)).decode()
            with path.open("rb") as file:
                self._client.put_object(**self._named(key), Body=file, ChecksumSHA256=checksum)

    def download(self, key: str, path: Path) -> None:
        with self._translated():
            self._client.download_file(self._bucket, self._prefix + key, str(path), Config=self._transfer)

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        pages = self._client.get_paginator("list_objects_v2")
        with self._translated():
            for page in pages.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix):
                for each in page.get("Contents", ()):
                    key = each["Key"].removeprefix(self._prefix)
                    yield StoredObject(key, each["Size"], each["LastModified"], each["ETag"])

    def delete(self, keys: Iterable[str]) -> None:
        named = [{"Key": self._prefix + key} for key in keys]
        for start in range(0, len(named), MOST_DELETED):
            batch = {"Objects": named[start : start + MOST_DELETED], "Quiet": True}
            with self._translated():
                answer = self._client.delete_objects(Bucket=self._bucket, Delete=batch)
            if answer.get("Errors"):
                raise StorageError(f"{self.address} refuses to delete ({answer['Errors'][0].get('Code')}).")

    def _named(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._prefix + key}

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._refusal(error) from error
        except (BotoCoreError, Boto3Error) as error:
            raise StorageError(f"{self.address} does not answer ({type(error).__name__}).") from error

    def _refusal(self, error: ClientError) -> Exception:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        if code == _SAME:
            return _Unchanged()
        if code in _MISSING:
            return ObjectMissing(f"An object is missing from {self.address}.")
        if code in _LOST:
            return LostRace(f"Another writer was first in {self.address}.")
        return StorageError(f"{self.address} refuses the request ({code}).")


class _Unchanged(Exception):
    """The object is the one that the caller has."""
