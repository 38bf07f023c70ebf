"""A bucket holds the versions of each model below a prefix of its own; those of others can be deleted."""

import re

import pytest

from search.index import places
from search.index.storage import opening, removal
from search.index.storage.bucket import VersionBucket
from search.index.storage.opening import Stores
from search.index.storage.others import keys_by_model
from search.index.storage.store import BucketIndexStore
from search.index.store import IndexStore
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW
from tests.search.index.published import publish
from tests.search.index.storage.fake import FakeObjects

FIRST, SECOND = "a" * 16, "b" * 16
FOREIGN = {"files/price-list.pdf", f"models/{FIRST}.tar", "pictures/a.jpg"}


@pytest.fixture
def bucket(tmp_path):
    """Objects with a version of each of two models, one of an earlier release, and another program's."""
    whole = FakeObjects()
    for number, prefix in enumerate((f"models/{FIRST}/", f"models/{SECOND}/", ""), start=1):
        objects = FakeObjects()
        store = BucketIndexStore(tmp_path / str(number), VersionBucket(objects))
        store._follower.stop()
        publish(store, number)
        for key, content in objects.content.items():
            whole._put(prefix + key, content)
    for key in FOREIGN:
        whole._put(key, b"")
    return whole


@pytest.fixture
def store(tmp_path, bucket, settings, monkeypatch):
    """That of the second model, whose index is in service; nothing of the others lies on this host."""
    settings.INDEX_STORAGE, settings.INDEX_ROOT, settings.DATA_DIR = ("b", ""), tmp_path / "x", tmp_path / "x"
    monkeypatch.setattr(removal, "bucket_objects", lambda: bucket)
    store = IndexStore(places.own_folder(settings.INDEX_ROOT, SECOND))
    publish(store, 2, fingerprint=SECOND)
    return store


def of(model, bucket):
    return {key for key in bucket.content if key.startswith(f"models/{model}/")}


@pytest.mark.django_db
def test_those_of_other_models_are_deleted_and_nothing_else(store, bucket):
    own = of(SECOND, bucket)
    others = bucket.content.keys() - own - FOREIGN
    said = " ".join(removal.remove_others(store, NOW))
    assert bucket.content.keys() == own | FOREIGN
    assert sum(map(int, re.findall(r"(\d+) objects", said))) == len(others)


@pytest.mark.django_db
def test_what_another_host_is_publishing_stays(store, bucket):
    before = of(FIRST, bucket)
    with held_elsewhere(f"reindex {FIRST}"):
        said = " ".join(removal.remove_others(store, NOW))
    assert of(FIRST, bucket) == before
    assert "stay, because a reindex publishes there" in said
    assert "CURRENT" in bucket.content, "it may be that model's"


def test_the_pointers_come_first(bucket):
    found = keys_by_model(bucket)
    assert found.keys() == {FIRST, SECOND, ""}
    assert [keys[0] for _model, keys in sorted(found.items())] == [
        "CURRENT",
        f"models/{FIRST}/CURRENT",
        f"models/{SECOND}/CURRENT",
    ]


def test_each_models_store_has_its_own_prefix_and_folder(settings, tmp_path, monkeypatch):
    settings.INDEX_STORAGE, settings.INDEX_ROOT = ("bucket", "shop"), tmp_path
    named = []
    monkeypatch.setattr(opening, "bucket_objects", lambda *below: named.append(below) or FakeObjects())
    stores = Stores()
    first = stores.of(FIRST)
    assert stores.of(FIRST) is first
    assert first.root == tmp_path / "models" / FIRST
    assert stores.of(SECOND).root == tmp_path / "models" / SECOND
    assert named == [("models", FIRST), ("models", SECOND)]
