"""A collection is written whole and read whole, whatever its server is doing just then."""

from contextlib import contextmanager
from types import SimpleNamespace

import numpy as np
import pytest

from search.index.engines.milvus import collection as collections
from search.index.engines.milvus.collection import Collection
from search.index.engines.not_ready import NotReady

COUNT = 10
QUERY = np.eye(4, dtype=np.float32)[0]
ABSENT = NotReady("It does not answer.", "manage.py doctor")


class FakeClient:
    """A server's answers: how many rows a search sees, how many are on its disk, and what it was asked."""

    def __init__(self):
        self.found, self.flushed, self.loaded, self.asked = [COUNT], [COUNT], True, []

    def __getattr__(self, name):
        """Every other call is written down, and answered by nothing."""
        return lambda *args, **options: self.asked.append(name)

    def query(self, name, expression, *, output_fields, **options):
        self.asked.append(output_fields[0])
        if not self.loaded:
            raise ABSENT
        if output_fields == ["count(*)"]:
            return [{"count(*)": _next(self.found)}]
        return [{"row": 3, "vector": QUERY}]

    def search(self, *args, **options):
        self.asked.append("search")
        return [SimpleNamespace(ids=[3], distances=[0.5])]

    def get_collection_stats(self, name, **options):
        return {"row_count": _next(self.flushed)}

    def get_load_state(self, name, **options):
        return {"state": SimpleNamespace(name="Loaded" if self.loaded else "NotLoad")}

    def prepare_index_params(self):
        return SimpleNamespace(add_index=lambda *args, **options: None)


def _next(values):
    return values.pop(0) if len(values) > 1 else values[0]


@pytest.fixture
def client(monkeypatch):
    client = FakeClient()

    @contextmanager
    def milvus():
        yield client

    monkeypatch.setattr(collections, "milvus", milvus)
    monkeypatch.setattr(collections, "_schema", lambda client, dimension: None)
    return client


@pytest.fixture
def clock(monkeypatch):
    now = [0.0]
    sleep = lambda seconds: now.__setitem__(0, now[0] + seconds)  # noqa: E731 - one expression
    monkeypatch.setattr(collections, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    return now


def nearest(collection):
    return collection.nearest(QUERY, 5, above=-1.0)


def create():
    vectors = np.repeat(QUERY[None], COUNT, axis=0)
    Collection("shop_1", COUNT).create(np.arange(COUNT), vectors, fingerprint="f", index="FLAT", params={})


def test_a_part_of_the_rows_answers_no_search(client, clock):
    client.found = [COUNT - 1]
    with pytest.raises(NotReady, match="all vectors"):
        nearest(Collection("shop_1", COUNT))
    assert "search" not in client.asked


def test_vectors_are_not_read_from_a_part_of_the_rows(client, clock):
    client.found = [COUNT - 1]
    with pytest.raises(NotReady):
        Collection("shop_1", COUNT).vectors(np.array([3]), 4)


def test_it_answers_again_once_all_rows_are_back(client, clock):
    client.found = [COUNT - 1, COUNT]
    collection = Collection("shop_1", COUNT)
    with pytest.raises(NotReady):
        nearest(collection)
    assert nearest(collection)[0].tolist() == [3]


def test_rows_are_counted_once_a_second(client, clock):
    collection = Collection("shop_1", COUNT)
    for _search in range(3):
        nearest(collection)
    assert client.asked == ["count(*)", "search", "search", "search"]
    clock[0] += collections.CHECK_SECONDS
    nearest(collection)
    assert client.asked[4:] == ["count(*)", "search"]


def test_after_a_failure_rows_are_counted_at_once(client, clock, monkeypatch):
    collection = Collection("shop_1", COUNT)
    nearest(collection)

    def fail(*args, **options):
        raise ABSENT

    with monkeypatch.context() as patch:
        patch.setattr(client, "search", fail, raising=False)
        with pytest.raises(NotReady):
            nearest(collection)
    client.asked.clear()
    nearest(collection)
    assert client.asked == ["count(*)", "search"]


def test_a_server_that_came_back_without_it_is_asked_to_load_it(client, clock):
    client.loaded = False
    with pytest.raises(NotReady):
        nearest(Collection("shop_1", COUNT))
    assert client.asked[-1] == "load_collection"


def test_a_base_is_finished_when_its_rows_are_on_the_disk_and_found(client, clock):
    client.flushed, client.found = [0, 4, COUNT], [4, COUNT]
    create()
    assert client.flushed == [COUNT]
    assert clock[0] == pytest.approx(2 * collections.POLL_SECONDS)


@pytest.mark.parametrize("flushed", [0, COUNT, COUNT + 3])
def test_rows_that_were_written_twice_end_the_build(client, clock, flushed):
    client.found, client.flushed = [COUNT + 3], [flushed]
    with pytest.raises(NotReady):
        create()
    assert clock[0] == 0
