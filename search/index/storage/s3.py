"""An S3 bucket, or that of a compatible service, as ``Objects``; needs requirements-s3.txt."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from django.conf import settings
from django.utils.functional import cached_property

from catalog.outgoing.buckets import NoAnswer, answering, make_patient
from search.index.storage.objects import LostRace, ObjectMissing, StorageError, StoredObject

# A larger file goes up in parts, S3 takes 5 GB in one request.
PARTS_FROM, PART_SIZE = 1024**3, 64 * 1024**2
# Of a download whose connection breaks, and how much is read at once.
DOWNLOAD_ATTEMPTS, CHUNK_SIZE = 3, 1024**2
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
        self._parts_from = parts_from

    @property
    def address(self) -> str:
        return f"s3://{self._bucket}/{self._prefix}".rstrip("/")

    @cached_property
    def _client(self) -> Any:
        # On first use, as connections must not be shared by forked processes.
        with self._translated():
            return make_patient(boto3.session.Session().client("s3", config=Config(**settings.S3_CLIENT)))

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

    # Not by boto3's transfers: their threads are out of reach for a Patience, and without threads they hang
    # for good where one fails.

    def upload(self, key: str, path: Path, digest: str) -> None:
        size = path.stat().st_size
        with self._translated(size), path.open("rb") as file:
            if size >= self._parts_from:
                self._upload_parts(key, file)
                return
            # S3 refuses a body that has another checksum.
            checksum = base64.b64encode(bytes.fromhex(digest)).decode()
            self._client.put_object(**self._named(key), Body=file, ChecksumSHA256=checksum)

    def _upload_parts(self, key: str, file: BinaryIO) -> None:
        named = self._named(key)
        named["UploadId"] = self._client.create_multipart_upload(**named)["UploadId"]
        try:
            parts = [
                {
                    "PartNumber": number,
                    "ETag": self._client.upload_part(**named, PartNumber=number, Body=part)["ETag"],
                }
                for number, part in enumerate(iter(lambda: file.read(PART_SIZE), b""), start=1)
            ]
            self._client.complete_multipart_upload(**named, MultipartUpload={"Parts": parts})
        except BaseException:
            # Where the server is away, a rule of the bucket does it (docs/operations.md).
            with suppress(ClientError, BotoCoreError):
                self._client.abort_multipart_upload(**named)
            raise

    def download(self, key: str, path: Path) -> None:
        with self._translated():
            size = self._client.head_object(**self._named(key))["ContentLength"]
        with self._translated(size), path.open("wb") as file:
            for attempt in range(1, DOWNLOAD_ATTEMPTS + 1):
                try:
                    self._download_rest(key, file)
                except (IncompleteReadError, ReadTimeoutError, ResponseStreamingError):
                    if attempt == DOWNLOAD_ATTEMPTS:
                        raise
                else:
                    return

    def _download_rest(self, key: str, file: BinaryIO) -> None:
        """What an attempt before did not bring; no object is ever replaced by another one."""
        here = {"Range": f"bytes={file.tell()}-"} if file.tell() else {}
        body = self._client.get_object(**self._named(key), **here)["Body"]
        for chunk in body.iter_chunks(CHUNK_SIZE):
            file.write(chunk)

    def listed(self, prefix: str) -> Iterator[StoredObject]:
        named = {"Bucket": self._bucket, "Prefix": self._prefix + prefix}
        pages = iter(self._client.get_paginator("list_objects_v2").paginate(**named))
        # Without what the caller does between two pages.
        while (page := self._next(pages)) is not None:
            for each in page.get("Contents", ()):
                key = each["Key"].removeprefix(self._prefix)
                yield StoredObject(key, each["Size"], each["LastModified"], each["ETag"])

    def _next(self, pages: Iterator[Any]) -> Any:
        with self._translated():
            return next(pages, None)

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
    def _translated(self, size: int = 0) -> Iterator[None]:
        try:
            with answering(size):
                yield
        except ClientError as error:
            raise self._refusal(error) from error
        except NoAnswer as error:
            raise StorageError(f"{self.address} does not answer ({error}).") from error

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
