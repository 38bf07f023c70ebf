"""An object store in memory, with the faults of a real one."""

import hashlib
import itertools
import json
from datetime import UTC, datetime, timedelta

import numpy as np

from search.index.storage.objects import LostRace, ObjectMissing, StorageError, StoredObject


class FakeObjects:
    """Each write is a second later than the one before. ``fails`` is asked before each call."""

    address = "s3://fake/index"

    def __init__(self):
        self.content, self.modified, self.uploads = {}, {}, []
        self._clock = itertools.count()
        self.fails = lambda call, key: False

    def read(self, key, *, unless=""):
        self._call("read", key)
        if key not in self.content:
            raise ObjectMissing(f"An object is missing from {self.address}.")
        return None if self._tag(key) == unless else (self.content[key], self._tag(key))

    def write(self, key, content, *, replaces):
        self._call("write", key)
        if (self._tag(key) if key in self.content else None) != replaces:
            raise LostRace(f"Another writer was first in {self.address}.")
        return self._put(key, content)

    def upload(self, key, path, digest):
        self._call("upload", key)
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise StorageError(f"{self.address} refuses the request (BadDigest).")
        self.uploads.append(key)
        self._put(key, content)

    def download(self, key, path):
        self._call("download", key)
        if key not in self.content:
            raise ObjectMissing(f"An object is missing from {self.address}.")
        path.write_bytes(self.content[key])

    def listed(self, prefix):
        self._call("listed", prefix)
        for key in sorted(self.content):
            if key.startswith(prefix):
                yield StoredObject(key, len(self.content[key]), self.modified[key], self._tag(key))

    def delete(self, keys):
        for key in keys:
            self._call("delete", key)
            self.content.pop(key, None)

    def _put(self, key, content):
        self.content[key] = content
        self.modified[key] = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(seconds=next(self._clock))
        return self._tag(key)

    def _tag(self, key):
        return hashlib.md5(self.content[key]).hexdigest()  # noqa: S324 - as S3's

    def _call(self, call, key):
        if self.fails(call, key):
            raise StorageError(f"{self.address} does not answer (ConnectTimeoutError).")


def pointer_of(objects):
    return json.loads(objects.content["CURRENT"])


def version_of(store):
    return store.pointed()


def file_keys(objects):
    return {key for key in objects.content if key.startswith("files/")}


def key_of(objects, version, file):
    """The key of a file of a published version."""
    return json.loads(objects.content[pointer_of(objects)["kept"][version]["key"]])["keys"][file]


def served(store):
    """The version that answers, after a query whose answer tells whether its files belong together."""
    store.expire()
    index = store.current()
    assert index.keys[index.nearest(np.array(index.vectors[9]), 1)[0][0]] % 1000 == 9
    return index.manifest.version
