"""A real Milvus server behind the index: the same answers as the local engine, switched and dropped whole."""

import random
import socket
from dataclasses import replace

import numpy as np
import pytest

from search import engine
from search.index.engines.choice import ENGINES
from search.index.engines.milvus import remote_index
from search.index.engines.milvus.collection import drop
from search.index.engines.milvus.remote_index import RemoteIndex
from search.index.segments.segmented_index import SegmentedIndex
from search.retrieval import search
from tests.search.answers.test_facet_counts import drawn
from tests.search.index.clusters import clustered, index_of
from tests.search.index.engines.conftest import collection_of, collections
from tests.search.index.published import fresh
from tests.search.shop import NOW, reindex

pytestmark = [pytest.mark.services, pytest.mark.django_db]

QUESTIONS = 200


def asked(count=QUESTIONS):
    """What each of many drawn questions with filters is answered: first ten, total and facets."""
    generator = random.Random(4)
    answers = []
    for _question in range(count):
        query = drawn(generator)
        answer = search(query, user=None, now=NOW, track=False, log=False)
        first = [hit.product.pk for hit in answer.hits[:10]]
        answers.append((query, first, answer.total, answer.facets))
    return answers


@pytest.fixture
def milvus_shop(shop, colour_encoder, on_milvus):
    """The shop on Milvus, and what the local engine answered before: only the next base is built there."""
    before = asked()
    assert reindex(colour_encoder).version is not None
    assert isinstance(engine.snapshot().index, RemoteIndex)
    forget_answers()
    return before


def forget_answers():
    from django.core.cache import caches

    caches["answers"].clear()


def test_many_questions_with_filters_are_answered_the_same(milvus_shop):
    for found, expected in zip(asked(), milvus_shop, strict=True):
        assert found == expected


def test_deltas_after_a_base_in_milvus_are_answered_the_same(
    milvus_shop, shop, colour_encoder, settings, monkeypatch
):
    settings.INDEX_WHOLE_LIMIT, settings.INDEX_DELTA_SHARE = 0, 50.0
    changed = shop[7]
    type(changed).objects.filter(pk=changed.pk).update(
        title="Red dress with a zebra", updated_at=type(changed).objects.next_generation(NOW)
    )
    type(changed).objects.filter(pk=shop[8].pk).deactivate(NOW)
    base = collection_of(engine.snapshot().index)
    reindex(colour_encoder)
    forget_answers()
    current = engine.snapshot().index
    assert len(current.segments) == 2
    assert collection_of(current) == base
    by_milvus = asked(60)
    local = replace(engine.snapshot(), index=with_local_base(current))
    monkeypatch.setattr(engine, "snapshot", lambda: local)
    forget_answers()
    assert asked(60) == by_milvus


def with_local_base(index):
    """The same base and delta with the vectors of the base in memory."""
    (name, base), (added, delta) = index.segments.items()
    vectors = base.vectors[np.arange(len(base))]
    built = ENGINES["local"].build(
        base.keys, vectors, root=engine.store().root, fingerprint="f", queries=None
    )
    return SegmentedIndex({name: built, added: delta}, index.tombstones, index.manifest, folder=index.folder)


@pytest.mark.parametrize("limit", [16_384, 50])
def test_the_server_pages_as_the_index_expects(on_milvus, settings, tmp_path, monkeypatch, limit):
    settings.INDEX_ROOT = tmp_path
    monkeypatch.setattr(remote_index, "MOST_RESULTS", limit)
    monkeypatch.setattr(remote_index, "NAMED_ROWS", 60)
    vectors = clustered(600)
    local = index_of(vectors)
    remote = ENGINES["milvus"].build(local.keys, vectors, root=tmp_path, fingerprint="f", queries=None)
    generator = np.random.default_rng(3)
    for query in clustered(6, seed=8):
        for allowed in (None, generator.random(600) < 0.05, generator.random(600) < 0.6):
            for floor in (-np.inf, 0.2):
                rows, cosines = remote.scan(query, floor=floor, allowed=allowed)
                expected = local.scan(query, floor=floor, allowed=allowed)
                assert set(rows.tolist()) == set(expected[0].tolist())
                np.testing.assert_allclose(cosines, expected[1], atol=1e-5)
            found = remote.nearest(query, 40, allowed=allowed)[1]
            np.testing.assert_allclose(found, local.nearest(query, 40, allowed=allowed)[1], atol=1e-5)
    np.testing.assert_allclose(remote.vectors[np.arange(600)], vectors, atol=1e-7)


def test_inverted_lists_are_tuned_to_the_recall_that_is_wanted(on_milvus, settings, tmp_path):
    settings.INDEX_ROOT, settings.INDEX_EXACT_LIMIT = tmp_path, 0
    vectors = clustered(5000)
    remote = ENGINES["milvus"].build(np.arange(5000), vectors, root=tmp_path, fingerprint="f", queries=None)
    assert remote.manifest.nlist > 1
    assert remote.manifest.recall_at_10 >= settings.INDEX_RECALL_TARGET
    assert remote.manifest.recall_at_10_filtered >= settings.INDEX_RECALL_TARGET


def test_a_new_base_is_a_new_collection_and_the_one_before_answers_after_going_back(
    milvus_shop, colour_encoder, settings
):
    store = engine.store()
    first, before = store.pointed(), collection_of(engine.snapshot().index)
    reindex_forced(colour_encoder)
    after = collection_of(engine.snapshot().index)
    assert collections(settings.MILVUS_PREFIX) == {before, after}
    store.point(first)
    store.expire()
    assert collection_of(engine.snapshot().index) == before
    forget_answers()
    assert asked(20) == milvus_shop[:20]


def test_collections_go_with_the_last_version_that_names_them(milvus_shop, colour_encoder, settings):
    settings.INDEX_KEPT_VERSIONS = 1
    for _build in range(2):
        reindex_forced(colour_encoder)
    current = collection_of(engine.snapshot().index)
    assert collections(settings.MILVUS_PREFIX) == {current}
    assert [path.name for path in (engine.store().root / "collections").iterdir()] == [current]


def test_a_collection_that_is_gone_lets_an_older_version_answer(milvus_shop, colour_encoder):
    store = engine.store()
    first = store.pointed()
    reindex_forced(colour_encoder)
    drop(collection_of(engine.snapshot().index))
    reader = fresh(store)
    assert reader.current().manifest.version == first
    assert "not in Milvus" in reader.problem


def test_a_collection_of_other_vectors_is_refused(milvus_shop, colour_encoder):
    store = engine.store()
    index = engine.snapshot().index
    changed = replace(index.manifest, fingerprint="0" * 64)
    with pytest.raises(ValueError, match="another version"):
        ENGINES["milvus"].open(index.folder, changed, files=None)
    assert store.verify(store.pointed()) is not None


def reindex_forced(encoder):
    from search.index import reindex as indexing

    report = indexing.reindex(encoder=encoder, store=engine.store(), now=NOW, force=True)
    engine.store().expire()
    return report


def test_the_etcd_within_it_listens_where_it_was_told(server):
    """So that it needs no port of a machine on which another Milvus or an etcd runs."""
    for port in (server.etcd_port, server.peer_port):
        with socket.create_connection(("127.0.0.1", port), timeout=5):
            pass
