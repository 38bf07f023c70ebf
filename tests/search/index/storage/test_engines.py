"""What an engine holds for versions in a bucket is of all hosts: none drops what another may serve."""

import shutil

import pytest

from search.index.engines.milvus import engine
from search.index.engines.milvus.claims import Claim
from tests.search.index.published import publish


@pytest.fixture
def dropped(monkeypatch):
    """The names of the collections that were dropped."""
    names = []
    monkeypatch.setattr(engine, "drop", names.append)
    return names


@pytest.fixture
def built(host):
    """Host one, which built a version in a collection and has only its files of that; and the collection."""
    one = host("one")
    collection = Claim(one.root, "shop").name
    name = publish(one, 1, details={engine.COLLECTION: collection})
    publish(one, 2)
    shutil.rmtree(one.root / "versions" / name)
    return one, collection


def test_a_collection_of_a_version_that_only_the_bucket_keeps_stays(built, dropped):
    one, _collection = built
    one.prune()
    assert dropped == []


def test_it_goes_once_the_bucket_keeps_no_version_of_it(built, host, dropped):
    one, collection = built
    two = host("two")
    for version in range(3, 6):
        publish(two, version)
    assert dropped == []
    one.follow()
    assert dropped == [collection]


@pytest.mark.parametrize("kind", ["away", "damaged"])
def test_nothing_is_dropped_while_it_cannot_be_told_what_the_bucket_keeps(built, objects, dropped, kind):
    one, _collection = built
    if kind == "away":
        objects.fails = lambda call, key: True
    else:
        objects.content["CURRENT"] = b"{"
    one.prune()
    assert dropped == []
