"""Publications of deltas that are killed, and readers under load: what serves is always whole."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from search.index.building import build
from search.index.product_index import with_manifest
from search.index.segments.delta import Delta
from search.index.segments.rows import SegmentRows, row_files, stacked
from search.index.store import IndexStore
from search.lexical import building as lexical
from search.lexical.documents import LexicalDocument
from tests.search.index.published import NOW, fresh

ROOT = Path(__file__).resolve().parents[4]
COUNT, DIMENSION = 2000, 32


def vectors_of(seed, count):
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def rows_of(seed, keys):
    return SegmentRows(
        keys=np.array(keys, np.int64),
        vectors=vectors_of(seed, len(keys)),
        documents=[LexicalDocument(f"shirt {seed} {key}") for key in keys],
        digests=stacked([bytes(16)] * len(keys)),
        pictured=np.ones(len(keys), bool),
    )


def publish_base(store):
    rows = rows_of(0, range(COUNT))
    index = with_manifest(
        build(rows.keys, rows.vectors, exact_limit=20_000, recall_target=0.99), fingerprint="f"
    )
    extra = row_files(rows.digests, rows.pictured)
    extra["lexical"] = lambda path: lexical.build(rows.documents, path.parent)
    return store.publish(index, extra=extra, now=NOW)


def publish_delta(store, number):
    """Write one product anew and add another one; small deltas before it are given up with their products."""
    current = store.published()
    names = [each["name"] for each in current.manifest.segments][1:]
    folded = frozenset(names[-3:] if len(names) > 3 else ())
    rows = rows_of(number, [100 + number, 10_000 + number])
    return store.publish_delta(current, Delta(rows, np.empty(0, np.int64), folded, {}), now=NOW)


def _delta_and_die(root, step_number):
    """Publish a delta to version 0, killed by the kernel just before the fsync() of this number."""
    _die_at(step_number)
    publish_delta(IndexStore(Path(root)), 1)


def _die_at(step_number):
    fsync, calls = os.fsync, []

    def fsync_or_die(descriptor):
        calls.append(descriptor)
        if len(calls) == step_number:
            os.kill(os.getpid(), signal.SIGKILL)
        fsync(descriptor)

    os.fsync = fsync_or_die


KILLED = """
import sys, django
django.setup()
from tests.search.index.deltas.test_delta_crashes import _delta_and_die
_delta_and_die(sys.argv[1], int(sys.argv[2]))
"""


def killed_at(number, root):
    """The exit status of a process that publishes a delta until its fsync() of this number."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", KILLED, str(root), str(number)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode  # noqa: S603 - ours


def syncs_of_a_delta(store, monkeypatch):
    """How many calls of fsync() one publication makes."""
    calls, fsync = [], os.fsync
    monkeypatch.setattr(os, "fsync", lambda descriptor: calls.append(descriptor) or fsync(descriptor))
    publish_delta(store, 0)
    monkeypatch.undo()
    return len(calls)


@pytest.mark.slow
def test_a_writer_of_a_delta_killed_at_any_step_leaves_a_whole_version_in_service(store, monkeypatch):
    publish_base(store)
    # The delta of the first publication stays: two folders more in those that follow.
    syncs = syncs_of_a_delta(store, monkeypatch) + 2
    # The files, the manifest and the seal, the version's entry, the pointer and its entry.
    for number in (1, syncs // 2, *range(syncs - 4, syncs + 1)):
        before = fresh(store).current().manifest.version
        assert killed_at(number, store.root) == -signal.SIGKILL
        reader = fresh(store)
        index = reader.current()
        assert reader.problem is None
        assert len(index.nearest(np.array(index.vectors[9]), 5)[0]) == 5
        # The pointer is replaced just before the last step.
        assert (index.manifest.version == before) is (number < syncs)
    publish_delta(store, 2)
    assert not list(store.root.glob("building-*"))


@pytest.mark.slow
def test_readers_answer_without_an_error_through_fifty_publications(store):
    publish_base(store)
    problems, sizes, done = [], [], threading.Event()
    reader = fresh(store)

    def read():
        while not done.is_set():
            reader.expire()
            index = reader.current()
            keys = index.keys[index.nearest(np.array(index.vectors[9]), 3)[0]]
            if keys[0] != 9 or reader.problem:
                problems.append((keys, reader.problem))
            done.wait(0.002)

    threads = [threading.Thread(target=read) for _thread in range(3)]
    for thread in threads:
        thread.start()
    for number in range(1, 51):
        publish_delta(store, number)
        sizes.append(private_bytes())
    done.set()
    for thread in threads:
        thread.join()
    assert problems == []
    # The first ten fill caches and pools.
    assert max(sizes[10:]) - sizes[9] < 24 * 1024 * 1024


def private_bytes():
    """Memory of this process that no other shares (proc(5), smaps_rollup)."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private"))
