"""Publishing to a bucket: what is uploaded, who wins, what is pruned, and what a failure leaves."""

import shutil

import pytest

from catalog.locking import only_one_file
from search.index.storage.objects import LostRace, StorageError
from search.index.store import IndexStore
from tests.search.index.deltas.test_delta_crashes import publish_base, publish_delta
from tests.search.index.published import NOW, flip_a_bit, publish
from tests.search.index.storage.fake import file_keys, pointer_of, version_of


def test_the_pointer_is_written_after_everything_that_it_names(host, objects):
    calls = []
    objects.fails = lambda call, key: calls.append((call, key)) and False
    name = publish(host(), 1)
    written = [key for call, key in calls if call in {"upload", "write"}]
    assert written[-1] == "CURRENT"
    assert len(written) == 3 + 1 + 1
    assert pointer_of(objects)["version"] == name


def test_a_delta_uploads_its_own_files_and_none_of_the_base(host, objects):
    store = host()
    publish_base(store)
    base = set(objects.uploads)
    objects.uploads.clear()
    published = publish_delta(store, 1)
    new = {file for file in published.manifest.files if file.startswith("deltas/") or "tombstones" in file}
    assert 0 < len(objects.uploads) <= len(new) + 1
    assert base <= file_keys(objects)


def test_a_file_that_the_bucket_lost_is_uploaded_again(host, objects):
    store = host()
    publish_base(store)
    lost = objects.uploads[0]
    del objects.content[lost]
    publish_delta(store, 1)
    assert lost.split("-")[0] in {key.split("-")[0] for key in file_keys(objects)}
    other = host("two")
    other.follow()
    assert version_of(other) == version_of(store)


def test_a_file_that_is_half_there_is_uploaded_again(host, objects):
    store = host()
    publish_base(store)
    half = objects.uploads[0]
    objects.content[half] = objects.content[half][:10]
    publish_delta(store, 1)
    other = host("two")
    other.follow()
    assert (version_of(other), other.storage_problem) == (version_of(store), None)


def test_a_new_base_replaces_a_damaged_object_though_its_own_file_is_equal(host, objects):
    store = host()
    publish_base(store)
    key = objects.uploads[0]
    objects.content[key] = bytes(len(objects.content[key]))
    other = host("two")
    other.follow()
    assert "is not the file that was published" in other.storage_problem
    publish_base(store)
    other.follow()
    assert (version_of(other), other.storage_problem) == (version_of(store), None)


def test_a_damaged_version_in_the_bucket_is_followed_by_one_from_what_is_here(host, objects):
    one, two = host("one"), host("two")
    publish_base(one)
    two.follow()
    publish_delta(one, 1)
    for key in file_keys(objects):
        objects.content[key] = b""
    name = publish_delta(two, 2).manifest.version
    new = host("three")
    new.follow()
    assert (version_of(new), new.storage_problem) == (name, None)


def test_of_two_writers_at_once_the_second_is_told_and_overwrites_nothing(host, objects):
    first, second = host("one"), host("two")
    publish(first, 0)
    with second.writing(NOW):
        name = publish(first, 1)
        with pytest.raises(LostRace, match="Another writer published an index to s3://fake/index meanwhile"):
            publish(second, 2)
    assert pointer_of(objects)["version"] == name
    # The loser goes on with what it served, and then with what the winner published.
    assert len(second.versions()) == 1
    second.follow()
    assert version_of(second) == name


def test_the_loser_of_a_race_publishes_on_top_of_the_winner_the_next_time(host, objects):
    first, second = host("one"), host("two")
    with second.writing(NOW):
        winner = publish(first, 1)
        with pytest.raises(LostRace):
            publish(second, 2)
    name = publish(second, 3)
    assert set(pointer_of(objects)["kept"]) == {winner, name}


def test_of_two_first_publications_one_wins(host, objects):
    first, second = host("one"), host("two")
    with second.writing(NOW):
        name = publish(first, 1)
        with pytest.raises(LostRace):
            publish(second, 2)
    assert pointer_of(objects)["version"] == name


def test_an_answer_to_the_last_write_that_was_lost_is_no_failure(host, objects):
    store = host()
    write = objects.write

    def write_and_break_off(key, content, *, replaces):
        tag = write(key, content, replaces=replaces)
        if key == "CURRENT":
            raise StorageError("s3://fake/index does not answer (ReadTimeoutError).")
        return tag

    objects.write = write_and_break_off
    name = publish(store, 1)
    assert pointer_of(objects)["version"] == name == version_of(store)
    # And the next one knows the tag of the pointer.
    objects.write = write
    assert publish(store, 2) == pointer_of(objects)["version"]


@pytest.mark.parametrize("failing", ["read", "upload", "write", "listed"])
def test_an_outage_fails_with_a_sentence_and_the_served_version_stays(host, objects, failing):
    store = host()
    name = publish(store, 1)
    objects.fails = lambda call, key: call == failing
    with pytest.raises(StorageError, match=r"^s3://fake/index does not answer \(ConnectTimeoutError\)\.$"):
        publish(store, 2)
    assert (store.versions(), version_of(store)) == ([name], name)
    assert store.current().manifest.version == name
    objects.fails = lambda call, key: False
    assert publish(store, 3) == pointer_of(objects)["version"] == version_of(store)


def test_a_new_bucket_begins_with_what_this_host_serves(host, objects):
    name = publish(IndexStore(host().root), 1)
    store = host()
    with store.writing(NOW):
        assert pointer_of(objects)["version"] == name
    other = host("two")
    other.follow()
    assert other.current().manifest.version == name


@pytest.mark.parametrize("file", ["vectors.npy", "manifest.json"])
def test_a_new_bucket_does_not_begin_with_a_damaged_version(host, objects, file):
    store = host()
    flip_a_bit(store.root / "versions" / publish(IndexStore(store.root), 1) / file)
    name = publish(store, 2)
    assert list(pointer_of(objects)["kept"]) == [name]


def test_a_version_placed_by_a_killed_writer_is_deleted_by_the_next(host):
    store = host()
    name = publish(store, 1)
    left = store.root / "versions" / "20991231T000000000000"
    shutil.copytree(store.root / "versions" / name, left)
    publish(store, 2)
    assert not left.exists()


def test_a_pointer_that_cannot_be_read_is_replaced_by_the_next_publication(host, objects):
    store = host()
    publish(store, 1)
    objects._put("CURRENT", b"garbage")
    store.follow()
    assert "names no version. Run `manage.py reindex --force`" in store.storage_problem
    name = publish(store, 2)
    assert pointer_of(objects)["version"] == name


def test_a_writer_waits_for_a_version_that_another_process_fetches(host, monkeypatch):
    store, waited = host(), []
    lock = only_one_file(store.root / "FETCHER", "fetch of the index", now=NOW)
    lock.__enter__()

    def let_go(seconds):
        waited.append(seconds)
        lock.__exit__(None, None, None)

    monkeypatch.setattr("search.index.storage.store.time.sleep", let_go)
    assert publish(store, 1)
    assert len(waited) == 1
