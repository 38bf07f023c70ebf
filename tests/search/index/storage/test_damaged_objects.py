"""Objects that are damaged, missing or half there: refused, named, and the old version goes on."""

import hashlib
import json
import os

import pytest

from tests.search.index.published import publish
from tests.search.index.storage.fake import key_of, served


@pytest.mark.parametrize("file", ["vectors.npy", "keys.npy", "index.faiss"])
def test_a_damaged_object_is_refused_and_the_old_version_goes_on(host, objects, file):
    one, two = host("one"), host("two")
    old = publish(one, 1)
    two.follow()
    new = publish(one, 2)
    key = key_of(objects, new, file)
    whole = objects.content[key]
    objects.content[key] = whole[:-1] + bytes([whole[-1] ^ 1])
    two.follow()
    assert served(two) == old
    assert two.storage_problem == (
        f"Index version {new} cannot be fetched ({file} in object storage is not the file that was "
        "published). Run `manage.py reindex --force`."
    )
    objects.content[key] = whole
    two.follow()
    assert (served(two), two.storage_problem) == (new, None)


def test_a_missing_object_is_named_and_the_old_version_goes_on(host, objects):
    one, two = host("one"), host("two")
    old = publish(one, 1)
    two.follow()
    new = publish(one, 2)
    del objects.content[key_of(objects, new, "vectors.npy")]
    two.follow()
    assert served(two) == old
    assert "vectors.npy is missing from object storage" in two.storage_problem


def test_a_half_uploaded_object_is_refused_and_the_old_version_goes_on(host, objects):
    one, two = host("one"), host("two")
    old = publish(one, 1)
    two.follow()
    key = key_of(objects, publish(one, 2), "vectors.npy")
    objects.content[key] = objects.content[key][: len(objects.content[key]) // 2]
    two.follow()
    assert served(two) == old
    assert not list((two.root).rglob("*.part"))


def test_a_record_that_was_changed_is_refused(host, objects):
    one, two = host("one"), host("two")
    old = publish(one, 1)
    two.follow()
    new = publish(one, 2)
    key = json.loads(objects.content["CURRENT"])["kept"][new]["key"]
    objects.content[key] = objects.content[key].replace(b"keys.npy", b"../../passwd")
    two.follow()
    assert served(two) == old
    assert "its record is not the one that was published" in two.storage_problem


def test_a_record_whose_files_lie_outside_the_version_is_refused(host, objects, tmp_path):
    one, two = host("one"), host("two")
    name = publish(one, 1)
    pointer = json.loads(objects.content["CURRENT"])
    key = pointer["kept"][name]["key"]
    objects.content[key] = objects.content[key].replace(b"keys.npy", b"../../../keys.npy")
    pointer["kept"][name]["sha256"] = hashlib.sha256(objects.content[key]).hexdigest()
    objects._put("CURRENT", json.dumps(pointer).encode())
    two.follow()
    assert "its record names what no version has" in two.storage_problem
    assert not (tmp_path / "keys.npy").exists()


def test_a_new_host_serves_the_version_before_where_the_published_one_is_damaged(host, objects):
    one = host("one")
    old, new = publish(one, 1), publish(one, 2)
    del objects.content[key_of(objects, new, "vectors.npy")]
    store = host("two")
    store.follow()
    assert served(store) == old
    assert f"Index version {new} cannot be fetched" in store.storage_problem


def test_the_processes_of_a_host_fetch_a_damaged_object_once_and_not_each_of_them(host, objects):
    name = publish(host("one"), 1)
    objects.content[key_of(objects, name, "vectors.npy")] = b"damaged"
    calls = []
    objects.fails = lambda call, key: calls.append(call) and False
    host("two").follow_if_due()
    before = calls.count("download")
    # A second later, when a healthy bucket is looked at again.
    followed = host("two").root / "FOLLOWED"
    os.utime(followed, (followed.stat().st_mtime - 1,) * 2)
    host("two").follow_if_due()
    assert calls.count("download") == before


def test_a_version_that_is_replaced_while_it_is_fetched_is_not_damaged(host, objects, settings):
    settings.INDEX_KEPT_VERSIONS = 1
    one, two = host("one"), host("two")
    publish(one, 1)
    two.follow()
    publish(one, 2)
    newest = []

    def replaced(call, _key):
        if call == "download" and not newest:
            newest.append("")
            newest[0] = publish(one, 3)
            one.prune()
        return False

    objects.fails = replaced
    two.follow()
    assert (served(two), two.storage_problem) == (newest[0], None)
