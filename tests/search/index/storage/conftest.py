"""Hosts with folders of their own, which share one bucket in memory."""

import pytest

from search.index.storage.bucket import VersionBucket
from search.index.storage.store import BucketIndexStore
from tests.search.index.storage.fake import FakeObjects


@pytest.fixture
def objects():
    return FakeObjects()


@pytest.fixture
def host(tmp_path, objects):
    """The store of the host of this name, as a newly started process has it; it follows only when told to."""

    def host(name="one"):
        store = BucketIndexStore(tmp_path / name / "index", VersionBucket(objects))
        store.root.mkdir(parents=True, exist_ok=True)
        store._follower.stop()
        return store

    return host
