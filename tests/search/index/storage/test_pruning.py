"""What the bucket keeps of old versions, and what pruning leaves alone."""

import pytest

from tests.search.index.deltas.test_delta_crashes import publish_base, publish_delta
from tests.search.index.published import publish
from tests.search.index.storage.fake import file_keys, pointer_of, version_of


def test_a_failure_of_pruning_fails_no_publication(host, objects, settings):
    settings.INDEX_KEPT_VERSIONS = 1
    store = host()
    publish(store, 1)
    objects.fails = lambda call, key: call == "delete"
    name = publish(store, 2)
    assert version_of(store) == name
    assert len(file_keys(objects)) == 6
    objects.fails = lambda call, key: False
    publish(store, 3)
    assert len(file_keys(objects)) == 3


def test_the_bucket_keeps_the_newest_three_versions_and_nothing_else(host, objects, settings):
    settings.INDEX_KEPT_VERSIONS = 3
    store = host()
    names = [publish(store, number) for number in range(1, 6)]
    assert sorted(pointer_of(objects)["kept"]) == names[2:]
    assert len(file_keys(objects)) == 3 * 3
    assert len([key for key in objects.content if key.startswith("versions/")]) == 3


def test_the_base_before_is_kept_beside_versions_that_share_one(host, objects, settings):
    settings.INDEX_KEPT_VERSIONS = 2
    store = host()
    old = publish_base(store)
    publish_base(store)
    for number in range(1, 4):
        publish_delta(store, number)
    kept = pointer_of(objects)["kept"]
    assert old in kept
    assert len(kept) == 3


def test_what_a_killed_upload_left_is_deleted_by_the_next_publication(host, objects):
    left = f"files/{'0' * 64}-abc"
    objects._put(left, b"half")
    publish(host(), 1)
    assert left not in objects.content


def test_nothing_of_other_programs_is_deleted(host, objects):
    objects._put("pictures/ab/abc.jpg", b"picture")
    store = host()
    publish(store, 1)
    publish(store, 2)
    assert "pictures/ab/abc.jpg" in objects.content


@pytest.mark.parametrize(
    "key",
    ["files/price-list.pdf", "files/pictures/ab/abc.jpg", "versions/1.0-notes.json"],
)
def test_what_other_programs_keep_in_folders_of_the_same_names_stays(host, objects, key):
    objects._put(key, b"theirs")
    publish(host(), 1)
    assert objects.content[key] == b"theirs"


def test_what_a_writer_is_uploading_now_survives_the_pruning_of_the_one_before(host, objects):
    store = host()
    publish(store, 1)
    before = store._pointer
    uploading = f"files/{'0' * 64}-abc"
    objects._put(uploading, b"new")
    assert store.bucket.prune(before) == []
    assert uploading in objects.content


def test_an_outdated_pointer_prunes_nothing(host, objects):
    first, second = host("one"), host("two")
    publish(first, 1)
    outdated = first._pointer
    publish(second, 2)
    objects._put(f"files/{'0' * 64}-abc", b"new")
    assert first.bucket.prune(outdated) == []
