"""Hosts that lag behind: what an interrupted fetch left is used, and what is newer than it is served."""

import json
import threading

import pytest

from search.index.storage.bucket import VersionBucket
from search.index.storage.store import BucketIndexStore
from search.index.store import IndexMissing, IndexStore
from tests.search.index.deltas.test_delta_crashes import publish_base, publish_delta
from tests.search.index.published import publish
from tests.search.index.storage.fake import key_of, served


def downloads(objects, *, failing=lambda key: False):
    """The keys that are downloaded from now on, the last of them in vain where ``failing`` says so."""
    fetched = []

    def fails(call, key):
        if call == "download":
            fetched.append(key)
        return call == "download" and failing(key)

    objects.fails = fails
    return fetched


def test_a_base_that_is_half_fetched_is_continued_for_a_newer_delta(host, objects):
    one, two = host("one"), host("two")
    publish_base(one)
    publish_delta(one, 1)
    base = {key_of(objects, one.pointed(), file) for file in ("index.faiss", "keys.npy")}
    lost = key_of(objects, one.pointed(), "vectors.npy")
    first = downloads(objects, failing=lambda key: key == lost)
    two.follow()
    assert base < set(first)
    publish_delta(one, 2)
    second = downloads(objects)
    two.follow()
    assert served(two) == one.pointed()
    assert not base & set(second)


def test_nothing_but_the_files_of_a_version_is_in_its_folder(host, objects):
    one, two = host("one"), host("two")
    publish_base(one)
    publish_delta(one, 1)
    lost = key_of(objects, one.pointed(), "vectors.npy")
    downloads(objects, failing=lambda key: key == lost)
    two.follow()
    (left,) = two.root.glob("fetching-*")
    # As boto3 names half a download.
    (left / "keys.npy.part.aB3dE6f8").write_bytes(b"half")
    for number in range(2, 6):
        publish_delta(one, number)
    objects.fails = lambda call, key: False
    two.follow()
    placed = two.root / "versions" / served(two)
    files = {path.relative_to(placed).as_posix() for path in placed.rglob("*") if path.is_file()}
    assert files == {*two.current().manifest.files, "manifest.json", "manifest.sha256"}


def test_a_version_that_is_pruned_while_it_is_fetched_gives_way_to_the_newer_one(host, objects, settings):
    settings.INDEX_KEPT_VERSIONS = 1
    one, two = host("one"), host("two")
    publish(one, 1)
    published = []

    def overtaken(call, key):
        if call == "download" and not published:
            published.append(None)
            published.append(publish(one, 2))
        return False

    objects.fails = overtaken
    two.follow()
    assert two.storage_problem is None
    assert served(two) == published[1]


def test_a_local_version_of_the_same_name_is_not_taken_for_the_published_one(host, objects):
    one, two = host("one"), host("two")
    publish(one, 1)
    two.follow()
    name = publish(one, 2)
    # As a writer that was killed before it published leaves it; clocks that lag give equal names.
    with two.building() as folder:
        other = IndexStore(folder)
        publish(other, 9)
        (folder / "versions" / other.pointed()).rename(two.root / "versions" / name)
    two.follow()
    served(two)
    record = json.loads(objects.content[key_of_record(objects, name)])
    assert (two.current().folder / "manifest.json").read_text() == record["manifest"]


@pytest.fixture
def slow_host(tmp_path, host, objects, monkeypatch):
    """A new host whose first download takes until ``let_go`` is set."""
    monkeypatch.setattr("search.index.storage.follower.FIRST_WAIT_S", 0.05)
    publish(host("one"), 1)
    let_go = threading.Event()
    objects.fails = lambda call, key: call == "download" and not let_go.wait(10)
    (tmp_path / "slow").mkdir()
    store = BucketIndexStore(tmp_path / "slow", VersionBucket(objects))
    yield store, let_go
    let_go.set()
    store._follower.stop()


def test_no_search_waits_for_a_base_that_takes_long_to_fetch(slow_host):
    store, _let_go = slow_host
    for _request in range(2):
        with pytest.raises(IndexMissing, match="The index is being fetched from object storage") as missing:
            store.current()
        assert missing.value.command == "manage.py doctor"


def test_a_process_that_starts_waits_for_it_in_its_own_thread(slow_host, host):
    store, let_go = slow_host
    with pytest.raises(IndexMissing):
        store.current()
    let_go.set()
    store.prepare()
    store.expire()
    assert store.current().manifest.version == host("one").pointed()


def key_of_record(objects, version):
    return json.loads(objects.content["CURRENT"])["kept"][version]["key"]
