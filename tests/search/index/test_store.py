"""Versions of the index on disk: publishing, noticing, falling back from damage, pruning, one writer."""

import hashlib
import json
import multiprocessing
import os
import shutil
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from catalog.locking import AlreadyRunning
from search.index.building import build
from search.index.product_index import with_manifest
from search.index.store import CHECK_SECONDS, RETRY_SECONDS, IndexMissing, IndexStore
from search.index.version import DamagedVersion

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)


def vectors_of(version, count=300, dimension=12):
    """Vectors whose keys tell the version: key = 1000 * version + row."""
    rows = np.random.default_rng(version).standard_normal((count, dimension))
    return np.arange(count) + 1000 * version, rows / np.linalg.norm(rows, axis=1, keepdims=True)


def publish(store, version, *, extra=None, now=None, **manifest):
    index = build(*vectors_of(version), exact_limit=20_000, recall_target=0.99)
    index = with_manifest(index, **{"fingerprint": "f", "model": "m"} | manifest)
    return store.publish(index, extra=extra or {}, now=now or NOW + timedelta(hours=version))


@pytest.fixture
def store(tmp_path):
    return IndexStore(tmp_path / "index")


@pytest.fixture
def clock(monkeypatch):
    """A clock of the store that the test moves."""
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("search.index.store.time", SimpleNamespace(monotonic=lambda: clock.now))
    return clock


def fresh(store):
    """The store as a newly started process sees it."""
    return IndexStore(store.root)


def flip_a_bit(path, where=0.5):
    content = bytearray(path.read_bytes())
    content[int(len(content) * where)] ^= 1
    path.write_bytes(content)


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


def test_the_manifest_states_what_was_built(store):
    publish(store, 1, model="some/model", image_share=0.6, generation="2026-03-01")
    manifest = fresh(store).current().manifest
    assert (manifest.fingerprint, manifest.model, manifest.image_share) == ("f", "some/model", 0.6)
    assert (manifest.count, manifest.dimension, manifest.kind) == (300, 12, "flat")
    assert manifest.built_at == "2026-03-01T10:00:00+00:00"
    assert set(manifest.files) == {"index.faiss", "keys.npy", "vectors.npy"}
    assert len(manifest.canaries) == 8


def test_extra_files_and_folders_come_with_the_version(store):
    def write_words(path):
        path.mkdir()
        (path / "words.txt").write_text("red")

    publish(store, 1, extra={"calibration.json": b"{}", "lexical": write_words})
    index = fresh(store).current()
    assert (index.folder / "calibration.json").read_bytes() == b"{}"
    assert (index.folder / "lexical" / "words.txt").read_text() == "red"
    assert "lexical/words.txt" in index.manifest.files


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


def test_a_failing_extra_leaves_nothing_behind_and_the_version_in_service(store):
    def fail(path):
        raise OSError("No space left on device")

    name = publish(store, 1)
    with pytest.raises(OSError, match="No space"):
        publish(store, 2, extra={"lexical": fail})
    assert store.versions() == [name]
    assert fresh(store).current().manifest.version == name
    assert not list(store.root.glob("building-*"))


def test_it_keeps_the_newest_three_versions_and_the_one_in_service(store, settings):
    settings.INDEX_KEPT_VERSIONS = 3
    names = [publish(store, number) for number in range(1, 6)]
    assert store.versions() == names[:1:-1]
    (store.root / "CURRENT").write_text(names[2])
    settings.INDEX_KEPT_VERSIONS = 2
    assert store.prune() == [names[3]]
    assert store.versions() == [names[4], names[2]]


def test_two_versions_of_one_instant_keep_their_order(store):
    first, second = publish(store, 1, now=NOW), publish(store, 2, now=NOW)
    assert first < second
    assert fresh(store).current().manifest.version == second


def test_the_next_build_deletes_what_a_killed_one_left(store):
    leftover = store.root / "building-killed"
    leftover.mkdir(parents=True)
    (leftover / "vectors.npy").write_bytes(b"half")
    publish(store, 1)
    assert not leftover.exists()


def test_only_one_writer_at_a_time_and_the_second_is_told_who_holds_the_lock(store):
    with (
        store.writing(NOW),
        pytest.raises(AlreadyRunning, match=f"process {os.getpid()} on .* since 09:00:00"),
    ):
        publish(fresh(store), 1)
    assert publish(fresh(store), 1)


def test_another_thread_of_the_process_is_refused_as_well(store):
    refused = []

    def write():
        try:
            publish(store, 1)
        except AlreadyRunning as busy:
            refused.append(str(busy))

    with store.writing(NOW):
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert refused == ["A reindex is already running: another thread of this process."]


def test_a_writer_may_publish_while_it_holds_the_lock(store):
    with store.writing(NOW):
        assert publish(store, 1)


def test_many_threads_read_while_versions_change(store):
    publish(store, 1)
    problems = []
    done = threading.Event()

    def read():
        while not done.is_set():
            store.expire()
            index = store.current()
            key = int(index.keys[index.nearest(np.array(index.vectors[9]), 1)[0][0]])
            if key % 1000 != 9:
                problems.append(key)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(2, 12):
        publish(store, number)
    done.set()
    for thread in threads:
        thread.join()
    assert problems == []


def _read_versions(root, stop, seen, problems):
    """Read in a process of its own until ``stop`` is set; ``seen`` counts the versions that were read."""
    store, last = IndexStore(Path(root)), None
    while not stop.is_set():
        store.expire()
        index = store.current()
        keys = index.keys[index.nearest(np.array(index.vectors[9]), 3)[0]]
        if keys[0] % 1000 != 9 or len(set(keys // 1000)) != 1 or store.problem:
            problems.put(f"{keys} {store.problem}")
            return
        if index.manifest.version != last:
            last = index.manifest.version
            seen.value += 1


@pytest.mark.slow
def test_processes_read_whole_versions_while_another_one_publishes(store):
    publish(store, 0)
    spawn = multiprocessing.get_context("spawn")
    stop, problems = spawn.Event(), spawn.Queue()
    seen = [spawn.Value("i", 0) for _reader in range(2)]
    readers = [spawn.Process(target=_read_versions, args=(store.root, stop, each, problems)) for each in seen]
    for reader in readers:
        reader.start()
    number = 0
    while min(each.value for each in seen) < 10 and all(reader.is_alive() for reader in readers):
        number += 1
        publish(store, number)
    stop.set()
    for reader in readers:
        reader.join(30)
    assert [reader.exitcode for reader in readers] == [0, 0]
    assert problems.empty(), problems.get()
    assert min(each.value for each in seen) >= 10


# Calls of fsync() in one publication: the version's files and folders, its entry, the pointer, its entry.
SYNCS = 9


def _publish_and_die(root, step):
    """Publish version 1, killed by the kernel just before the fsync() of this number."""
    fsync, calls = os.fsync, []

    def fsync_or_die(descriptor):
        calls.append(descriptor)
        if len(calls) == step:
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(descriptor)

    os.fsync = fsync_or_die
    publish(IndexStore(Path(root)), 1)


@pytest.mark.slow
@pytest.mark.parametrize("step", range(1, SYNCS + 2))
def test_a_writer_killed_at_any_step_leaves_a_whole_version_in_service(store, step):
    before = publish(store, 0)
    writer = multiprocessing.get_context("spawn").Process(target=_publish_and_die, args=(store.root, step))
    writer.start()
    writer.join()
    assert writer.exitcode == (-signal.SIGKILL if step <= SYNCS else 0)
    reader = fresh(store)
    index = reader.current()
    # The pointer is replaced between the last two steps.
    assert (index.manifest.version == before) is (step < SYNCS)
    assert index.keys[index.nearest(np.array(index.vectors[9]), 1)[0][0]] % 1000 == 9
    assert reader.problem is None
    newest = publish(store, 2)
    assert fresh(store).current().manifest.version == newest
    assert not list(store.root.glob("building-*"))
