"""The index in service: noticing new versions, and falling back from damaged ones."""

import hashlib
import json
import os
import shutil
from types import SimpleNamespace

import numpy as np
import pytest

from search.index.store import CHECK_SECONDS, RETRY_SECONDS, IndexMissing
from search.index.version import DamagedVersion
from tests.search.index.published import flip_a_bit, fresh, publish


@pytest.fixture
def clock(monkeypatch):
    """A clock of the store that the test moves."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("search.index.store.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def test_without_any_version_it_names_the_command_to_run(store):
    with pytest.raises(IndexMissing) as missing:
        store.current()
    assert missing.value.command == "manage.py reindex"


def test_a_published_version_answers_in_every_process(store):
    name = publish(store, 1)
    for reader in (store, fresh(store)):
        index = reader.current()
        assert index.manifest.version == name
        assert index.keys[index.nearest(index.vectors[5], 1)[0][0]] == 1005
        assert reader.problem is None


def test_a_serving_process_notices_a_new_version_and_keeps_the_old_one_usable(store, clock):
    publish(store, 1)
    reader = fresh(store)
    old = reader.current()
    new = publish(store, 2)
    clock.now += CHECK_SECONDS - 0.1
    assert reader.current() is old
    clock.now += 0.2
    assert reader.current().manifest.version == new
    assert len(old.nearest(old.vectors[0], 5)[0]) == 5


def test_between_two_checks_it_does_not_touch_the_disk(store, clock, monkeypatch):
    publish(store, 1)
    held = store.current()
    monkeypatch.setattr(store, "signature", None)
    assert store.current() is held


@pytest.mark.parametrize(
    "file", ["vectors.npy", "keys.npy", "index.faiss", "manifest.json", "manifest.sha256"]
)
@pytest.mark.parametrize("damage", ["flip", "truncate", "delete", "empty", "garbage"])
def test_any_damage_is_found_and_the_version_before_answers(store, file, damage):
    good = publish(store, 1)
    bad = publish(store, 2)
    path = store.root / "versions" / bad / file
    if damage == "flip":
        flip_a_bit(path, 0.7)
    elif damage == "truncate":
        path.write_bytes(path.read_bytes()[:-3])
    elif damage == "delete":
        path.unlink()
    elif damage == "empty":
        path.write_bytes(b"")
    else:
        path.write_bytes(os.urandom(path.stat().st_size))
    reader = fresh(store)
    assert reader.current().manifest.version == good
    assert bad in reader.problem
    assert "manage.py reindex --force" in reader.problem


@pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.9, 0.999])
def test_a_flipped_bit_anywhere_in_the_index_file_is_found(store, place):
    name = publish(store, 1)
    flip_a_bit(store.root / "versions" / name / "index.faiss", place)
    with pytest.raises(DamagedVersion, match=r"index\.faiss"):
        store.verify(name)


def test_files_with_true_checksums_but_other_answers_are_found(store):
    """As where another library reads the same bytes otherwise."""
    name = publish(store, 1)
    folder = store.root / "versions" / name
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["canaries"][0]["similarities"][1] += 0.01
    reseal(folder, manifest)
    with pytest.raises(DamagedVersion, match="test queries"):
        store.verify(name)


def test_a_manifest_that_counts_other_products_is_found(store):
    name = publish(store, 1)
    folder = store.root / "versions" / name
    reseal(folder, json.loads((folder / "manifest.json").read_text()) | {"count": 299})
    with pytest.raises(DamagedVersion, match="different numbers"):
        store.verify(name)


def reseal(folder, manifest):
    (folder / "manifest.json").write_text(json.dumps(manifest))
    seal = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    (folder / "manifest.sha256").write_text(seal)


@pytest.mark.parametrize(
    "content", [b"", b"../../etc", b"\x00\xff\xfe", b"20990101T000000000000", b"x" * 5000], ids=range(5)
)
def test_a_garbage_pointer_falls_back_to_the_newest_good_version(store, content):
    publish(store, 1)
    newest = publish(store, 2)
    (store.root / "CURRENT").write_bytes(content)
    reader = fresh(store)
    assert reader.current().manifest.version == newest
    assert "pointer" in reader.problem


def test_a_missing_pointer_falls_back_to_the_newest_good_version(store):
    newest = publish(store, 1)
    (store.root / "CURRENT").unlink()
    reader = fresh(store)
    assert reader.current().manifest.version == newest
    assert reader.problem


def test_with_every_version_damaged_it_names_the_command_that_builds_one(store):
    for name in (publish(store, 1), publish(store, 2)):
        flip_a_bit(store.root / "versions" / name / "vectors.npy")
    with pytest.raises(IndexMissing, match="no other version is whole") as missing:
        fresh(store).current()
    assert missing.value.command == "manage.py reindex --force"


def test_versions_that_are_all_damaged_are_not_read_again_by_every_request(store, clock, monkeypatch):
    flip_a_bit(store.root / "versions" / publish(store, 1) / "vectors.npy")
    reader, opened = fresh(store), []
    verify = reader.verify
    monkeypatch.setattr(reader, "verify", lambda name: opened.append(name) or verify(name))
    for _request in range(3):
        with pytest.raises(IndexMissing):
            reader.current()
    assert len(opened) == 1
    clock.now += RETRY_SECONDS
    with pytest.raises(IndexMissing):
        reader.current()
    assert len(opened) == 2
    newest = publish(store, 2)
    assert reader.current().manifest.version == newest


def test_a_new_version_ends_the_problem(store):
    publish(store, 1)
    (store.root / "CURRENT").write_text("garbage")
    reader = fresh(store)
    reader.current()
    new = publish(store, 2)
    reader.expire()
    assert reader.current().manifest.version == new
    assert reader.problem is None


def test_it_goes_on_serving_when_its_folder_is_deleted_and_reports_it(store):
    publish(store, 1)
    index = store.current()
    shutil.rmtree(store.root)
    store.expire()
    assert store.current() is index
    assert len(index.nearest(np.array(index.vectors[0]), 5)[0]) == 5
    assert "gone" in store.problem
