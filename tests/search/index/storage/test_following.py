"""Following a bucket: what is fetched, what is checked, and what goes on being served."""

import os

import pytest

from search.index.storage.bucket import VersionBucket
from search.index.storage.follower import Follower
from search.index.storage.objects import StorageError
from search.index.storage.store import BucketIndexStore
from search.index.store import IndexMissing
from tests.search.index.deltas.test_delta_crashes import publish_base, publish_delta
from tests.search.index.published import NOW, publish
from tests.search.index.storage.fake import key_of, served


def downloads_of(objects, store):
    calls = []
    objects.fails = lambda call, key: call == "download" and calls.append(key)
    store.follow()
    objects.fails = lambda call, key: False
    return calls


def test_a_new_host_serves_what_another_one_published(host):
    name = publish(host("one"), 1, extra={"calibration.json": b"{}"})
    store = host("two")
    store.follow()
    assert served(store) == name
    assert (store.current().folder / "calibration.json").read_bytes() == b"{}"


def test_a_delta_is_fetched_without_the_base_that_is_here(host, objects):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    publish_delta(one, 1)
    fetched = downloads_of(objects, two)
    base = {key_of(objects, one.pointed(), file) for file in ("vectors.npy", "index.faiss", "keys.npy")}
    assert fetched
    assert not base & set(fetched)
    assert served(two) == one.pointed()


def test_a_file_that_is_here_is_shared_with_the_version_before(host):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    publish_delta(one, 1)
    two.follow()
    first, second = (two.root / "versions" / name / "vectors.npy" for name in two.versions())
    assert first.stat().st_ino == second.stat().st_ino


def test_a_delta_can_follow_what_another_host_published(host):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    published = publish_delta(two, 1)
    one.follow()
    assert served(one) == published.manifest.version


def test_a_writer_continues_what_the_bucket_has_and_not_what_it_serves(host):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    name = publish_delta(one, 1).manifest.version
    with two.writing(NOW):
        assert two.pointed() == name


def test_nothing_is_read_but_the_pointer_while_nothing_changed(host, objects):
    publish(host("one"), 1)
    store = host("two")
    store.follow()
    calls = []
    objects.fails = lambda call, key: calls.append((call, key)) and False
    store.follow()
    assert calls == [("read", "CURRENT")]


def test_files_of_equal_content_that_were_written_at_other_times_are_told_apart(host, objects):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    for number in range(1, 4):
        # The digests of these rows are equal in every delta.
        publish_delta(one, number)
        two.follow()
    calls = []
    objects.fails = lambda call, key: calls.append((call, key)) and False
    two.follow()
    assert calls == [("read", "CURRENT")]


def test_the_folder_is_a_cache_with_a_bound(host, settings):
    settings.INDEX_KEPT_VERSIONS = 2
    one, two = host("one"), host("two")
    for number in range(1, 6):
        publish(one, number)
        two.follow()
    assert len(two.versions()) == 2
    # As is what the process remembers of them.
    assert len(two.bucket._read) <= 2


def test_what_was_fetched_before_an_outage_is_not_fetched_again(host, objects):
    publish(host("one"), 1)
    store = host("two")
    fetched = []

    def fails_at_the_third(call, key):
        if call == "download":
            fetched.append(key)
        return len(fetched) == 3

    objects.fails = fails_at_the_third
    store.follow()
    assert "does not answer" in store.storage_problem
    assert len(downloads_of(objects, host("two"))) == 1
    assert served(store)


def test_an_outage_leaves_the_served_version_and_is_stated(host, objects):
    name = publish(host("one"), 1)
    store = host("two")
    store.follow()
    objects.fails = lambda call, key: True
    store.follow()
    assert served(store) == name
    # Any process of the host says so.
    assert host("two").storage_problem == "Object storage does not answer (ConnectTimeoutError)."


def test_a_new_host_without_a_bucket_says_so_and_not_that_there_is_no_index(host, objects):
    publish(host("one"), 1)
    store = host("two")
    objects.fails = lambda call, key: True
    store.follow()
    with pytest.raises(IndexMissing, match="Object storage does not answer") as missing:
        store.current()
    assert missing.value.command == "manage.py doctor"


def test_a_file_that_somebody_touched_in_the_folder_is_fetched_again(host):
    name = publish(host("one"), 1)
    store = host("two")
    store.follow()
    (store.root / "versions" / name / "vectors.npy").write_bytes(b"half")
    store.follow()
    store.expire()
    assert served(store) == name
    assert store.problem is None


def test_a_disk_that_refuses_leaves_the_served_version(host, monkeypatch):
    one, two = host("one"), host("two")
    old = publish(one, 1)
    two.follow()
    publish(one, 2)

    def full(path, *args, **options):
        raise OSError(28, "No space left on device", "/srv/tandem/index")

    monkeypatch.setattr("search.index.storage.fetching.sync_to_disk", full)
    two.follow()
    assert served(two) == old
    assert "No space left on device" in two.storage_problem
    # Visitors of a host without any version read it.
    assert "/srv" not in two.storage_problem


def test_processes_of_a_host_ask_the_bucket_once_a_second_between_them(host, objects):
    publish(host("one"), 1)
    first, second = host("two"), host("two")
    first.follow_if_due()
    calls = []
    objects.fails = lambda call, key: calls.append(key) and False
    second.follow_if_due()
    assert calls == []
    os.utime(first.root / "FOLLOWED", (0, 0))
    second.follow_if_due()
    assert calls == ["CURRENT"]


def test_a_clock_that_was_set_back_stops_no_following(host):
    name = publish(host("one"), 1)
    store = host("two")
    (store.root / "FOLLOWED").touch()
    os.utime(store.root / "FOLLOWED", (4e9, 4e9))
    store.follow_if_due()
    assert served(store) == name


def test_a_first_search_waits_for_the_first_round(tmp_path, host, objects):
    name = publish(host("one"), 1)
    (tmp_path / "three").mkdir()
    store = BucketIndexStore(tmp_path / "three", VersionBucket(objects))
    try:
        assert store.current().manifest.version == name
    finally:
        store._follower.stop()


def test_the_thread_survives_an_error_and_ends_with_its_store(caplog):
    rounds = []

    class Store:
        def follow(self):
            rounds.append(1)
            if len(rounds) == 1:
                raise ValueError("unexpected")
            return 0.0

    store = Store()
    follower = Follower(store.follow)
    follower.start(wait=True)
    assert "unexpected" in caplog.text
    thread = follower._thread
    del store
    follower._stopped.set()
    thread.join(5)
    assert not thread.is_alive()


def test_an_error_of_storage_is_one_of_the_operating_system():
    """Whoever publishes handles a refusing disk already."""
    assert issubclass(StorageError, OSError)
