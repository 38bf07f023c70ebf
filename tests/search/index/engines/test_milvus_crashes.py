"""Servers and writers that are killed at any moment: what was published answers whole, and nothing else.

MILVUS_KILLS says how often each is killed, MILVUS_SEED when.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from django.test import override_settings

from search.index.engines.choice import ENGINES
from search.index.engines.not_ready import NotReady
from search.index.lists.tuning import exact_answers
from search.index.product_index import with_manifest
from search.index.store import IndexMissing, IndexStore
from tests.search.index.engines.conftest import collections
from tests.search.index.published import NOW, fresh, vectors_of

pytestmark = [pytest.mark.services, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[4]
KILLS = int(os.environ.get("MILVUS_KILLS", "2"))
SEED = os.environ.get("MILVUS_SEED", "1")
# Kills fall anywhere within this multiple of the time that the first publication took.
LONGEST = 1.3


def publish(store, version):
    """A base whose keys tell its version."""
    keys, vectors = vectors_of(version)
    index = ENGINES["milvus"].build(keys, vectors, root=store.root, fingerprint="f", queries=None)
    return store.publish(with_manifest(index, fingerprint="f"), extra={}, now=NOW)


def first_published(store):
    """How many seconds it took."""
    started = time.monotonic()
    publish(store, 1)
    return time.monotonic() - started


def version_of(index):
    """The version that all keys, vectors and answers of an index are of."""
    version = int(index.keys[0]) // 1000
    keys, vectors = vectors_of(version)
    vectors = vectors.astype(np.float32)
    np.testing.assert_array_equal(index.keys, keys)
    expected = exact_answers(vectors, vectors[:5], None)
    for query, rows in zip(vectors[:5], expected, strict=True):
        np.testing.assert_array_equal(np.sort(index.nearest(query, 10)[0]), np.sort(rows))
        assert len(index.scan(query, floor=-1.0)[0]) == len(keys)
    np.testing.assert_allclose(index.vectors[np.arange(20)], vectors[:20], atol=1e-6)
    return version


def eventually(read, seconds=120):
    """What ``read`` returns once the server answers again."""
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            return read()
        except (NotReady, IndexMissing):
            if time.monotonic() > give_up_at:
                raise
            time.sleep(0.5)


class Reader(threading.Thread):
    """Asks all the time, as a serving process does; keeps what it was answered, and what was wrong in it."""

    def __init__(self, store):
        super().__init__(daemon=True)
        self.store, self.answered, self.refused, self.wrong = store, [], 0, []
        self.stopped = threading.Event()

    def run(self):
        while not self.stopped.wait(0.02):
            try:
                self.answered.append(version_of(self.store.current()))
            except (NotReady, IndexMissing):
                self.refused += 1
            except Exception as error:  # an answer that is not that of a version, or any other failure
                self.wrong.append(error)

    def await_answer(self, seconds=120):
        before, give_up_at = len(self.answered), time.monotonic() + seconds
        while len(self.answered) == before and not self.wrong:
            assert time.monotonic() < give_up_at, "the reader is refused for good"
            time.sleep(0.1)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exception):
        self.stopped.set()
        self.join()


def write(root, version, outcome):
    try:
        publish(IndexStore(root), version)
        outcome.append("published")
    except (NotReady, IndexMissing) as refusal:
        outcome.append(str(refusal))


@pytest.fixture
def root(settings, tmp_path):
    settings.INDEX_ROOT = tmp_path / "index"
    return settings.INDEX_ROOT


def test_a_server_that_is_killed_loses_nothing_that_was_published(on_milvus, root):
    store = IndexStore(root)
    seconds = LONGEST * first_published(store)
    generator = random.Random(SEED)
    published = 1
    with Reader(fresh(store)) as reader:
        for kill in range(KILLS):
            outcome = []
            writer = threading.Thread(target=write, args=(root, published + 1, outcome))
            writer.start()
            time.sleep(generator.uniform(0.0, seconds))
            on_milvus.kill()
            on_milvus.start()
            writer.join(timeout=120)
            assert outcome, "the writer hangs"
            again = fresh(store)
            found = version_of(eventually(again.current))
            assert found == published + (outcome == ["published"]), (kill, outcome)
            assert again.problem is None
            reader.await_answer()
            assert reader.wrong == []
            published = found
    assert reader.answered == sorted(reader.answered)
    assert reader.answered[-1] == published


def _publish_and_wait(root, address, prefix, version):
    """Publish one version in a process that the test kills."""
    with override_settings(
        INDEX_ROOT=Path(root), SEARCH_ENGINE="milvus", MILVUS_ADDRESS=address, MILVUS_PREFIX=prefix
    ):
        _say("begins")
        publish(IndexStore(Path(root)), int(version))
        _say("published")


def _say(word):
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


WRITER = """
import sys, django
django.setup()
from tests.search.index.engines.test_milvus_crashes import _publish_and_wait
_publish_and_wait(*sys.argv[1:])
"""


def killed_after(seconds, *arguments):
    """Whether a writer had acknowledged its version when it was killed so long after its beginning."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-c", WRITER, *arguments]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - ours
        assert process.stdout.readline() == "begins\n"
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        return "published" in process.stdout.read()


def test_a_writer_that_is_killed_leaves_one_whole_version_and_no_collection_behind(on_milvus, root, settings):
    store = IndexStore(root)
    seconds = LONGEST * first_published(store)
    published = 1
    generator = random.Random(SEED)
    with Reader(fresh(store)) as reader:
        for kill in range(KILLS):
            acknowledged = killed_after(
                generator.uniform(0.0, seconds),
                str(root),
                on_milvus.address,
                settings.MILVUS_PREFIX,
                str(published + 1),
            )
            found = version_of(fresh(store).current())
            # Killed between the pointer and its message, a version is published without a word.
            assert found in ({published + 1} if acknowledged else {published, published + 1}), kill
            published = found
    assert reader.wrong == []
    assert reader.answered == sorted(reader.answered)
    settings.INDEX_KEPT_VERSIONS = 1
    publish(store, published + 1)
    assert len(collections(settings.MILVUS_PREFIX)) == 1
