"""Every model has a folder of versions of its own; one of an earlier release goes on being used."""

import os

import pytest

from search.index.places import folder_of, latest, places
from search.index.storage import opening
from search.index.storage.opening import Stores, published_by_another
from search.index.store import IndexMissing, IndexStore, NothingPublished
from tests.search.index.published import publish

FIRST, SECOND = "a" * 16, "b" * 16


@pytest.fixture
def root(tmp_path):
    return tmp_path / "index"


def published(folder, fingerprint, version=1):
    return publish(IndexStore(folder), version, fingerprint=fingerprint)


def test_a_models_versions_lie_in_a_folder_of_its_own(root):
    assert folder_of(root, FIRST) == root / "models" / FIRST
    published(folder_of(root, FIRST), FIRST)
    published(folder_of(root, SECOND), SECOND)
    assert {each.folder.name: each.manifest.fingerprint for each in places(root)} == {
        FIRST: FIRST,
        SECOND: SECOND,
    }


def test_the_index_of_an_earlier_release_is_used_by_its_own_model_alone(root):
    published(root, FIRST)
    assert folder_of(root, FIRST) == root
    assert folder_of(root, SECOND) == root / "models" / SECOND
    published(root / "models" / SECOND, SECOND)
    assert folder_of(root, FIRST) == root


def test_its_model_is_known_by_an_older_version_where_the_published_ones_manifest_is_damaged(root):
    published(root, FIRST)
    name = published(root, FIRST, version=2)
    (root / "versions" / name / "manifest.json").write_bytes(b"#")
    assert folder_of(root, FIRST) == root


def test_what_earlier_releases_publish_later_does_not_replace_the_models_own(root):
    published(root / "models" / FIRST, FIRST)
    published(root, FIRST, version=2)
    assert folder_of(root, FIRST) == root / "models" / FIRST


def test_a_model_that_never_published_has_a_place_without_an_index(root):
    (root / "models" / FIRST).mkdir(parents=True)
    (found,) = places(root)
    assert (found.fingerprint, found.manifest) == (FIRST, None)
    assert latest(root) is None


def test_the_latest_is_the_one_that_published_last(root):
    published(root / "models" / SECOND, SECOND)
    published(root / "models" / FIRST, FIRST, version=2)
    assert latest(root).fingerprint == FIRST
    published(root, SECOND, version=3)
    assert latest(root).folder == root


def test_a_process_follows_its_model_from_the_place_of_earlier_releases(root, settings, monkeypatch):
    settings.INDEX_ROOT = root
    stores, clock = Stores(), iter(range(0, 100, 10))
    monkeypatch.setattr(opening.time, "monotonic", lambda: next(clock))
    published(root, FIRST)
    assert stores.of(FIRST).root == root
    published(root / "models" / FIRST, FIRST, version=2)
    assert stores.of(FIRST).root == root / "models" / FIRST


@pytest.mark.parametrize(
    ("missing", "found"),
    [(NothingPublished("There is no index yet."), True), (IndexMissing("It is being fetched."), False)],
)
def test_another_models_index_is_the_reason_only_where_nothing_was_published(root, settings, missing, found):
    settings.INDEX_ROOT = root
    published(root / "models" / FIRST, FIRST)
    own = IndexStore(root / "models" / SECOND)
    assert bool(published_by_another(own, missing)) is found


def test_beside_a_bucket_the_earlier_index_of_the_same_model_is_no_other_models(root, settings):
    settings.INDEX_ROOT = root
    published(root, FIRST)
    own = IndexStore(root / "models" / FIRST)
    assert published_by_another(own, NothingPublished("There is no index yet.")) is None


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads every folder")
def test_an_unreadable_folder_is_no_reason_to_look_elsewhere(root):
    own = root / "models" / FIRST
    published(own, FIRST)
    own.chmod(0)
    try:
        assert folder_of(root, FIRST) == own
    finally:
        own.chmod(0o755)
