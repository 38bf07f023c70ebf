"""Publishing versions of the index: their content, pruning, one writer, and writers that are killed."""

import multiprocessing
import os
import shutil
import signal
import threading
from pathlib import Path

import numpy as np
import pytest

from catalog.locking import AlreadyRunning
from search.index.store import IndexStore
from tests.search.index.published import NOW, fresh, publish


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


def test_names_grow_by_nothing_where_a_clock_was_set_back(store):
    first = publish(store, 1)
    names = [publish(store, 2, now=NOW) for _time in range(3)]
    assert [first, *names] == sorted({first, *names})
    assert {len(name) for name in names} == {len(first)}


def test_names_go_on_behind_those_of_earlier_releases(store):
    (store.root / "versions" / "20260301T120000000000bb").mkdir(parents=True)
    assert store.next_name(NOW) == "20260301T120000000001"


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


def test_a_version_that_is_pruned_while_it_is_opened_is_not_called_damaged(store, monkeypatch):
    publish(store, 1)
    reader = fresh(store)
    reader.current()
    second, verify = publish(store, 2), reader.verify

    def pruned_meanwhile(name):
        if name == second and store.pointed() == second:
            publish(store, 3)
            shutil.rmtree(store.root / "versions" / second)
        return verify(name)

    monkeypatch.setattr(reader, "verify", pruned_meanwhile)
    reader.expire()
    assert reader.current().manifest.version == store.pointed() != second
    assert reader.problem is None


def test_a_version_that_is_pruned_while_its_files_are_listed_fails_no_search(store, monkeypatch):
    name = publish(store, 1)

    def vanished(folder, pattern):
        raise FileNotFoundError(folder)

    monkeypatch.setattr("search.index.version_folder.Path.rglob", vanished)
    assert store.signature() == store.signature()
    assert store.pointed() == name


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
    for number in range(2, 7):
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
        reader.join(120)
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
