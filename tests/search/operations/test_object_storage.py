"""What the doctor and the probe say of a bucket with versions of the index."""

import pytest

from search import engine, tasks
from search.index.storage.bucket import VersionBucket
from search.index.storage.objects import StorageError
from search.index.storage.store import BucketIndexStore
from search.models import IndexRun
from search.operations import readiness, runs
from search.operations.object_storage import index_storage, media_storage
from tests.search.index.published import publish
from tests.search.index.storage.fake import FakeObjects


@pytest.fixture
def objects(settings, tmp_path, monkeypatch):
    settings.INDEX_STORAGE = ("fake", "index")
    objects = FakeObjects()
    store = BucketIndexStore(tmp_path / "index", VersionBucket(objects))
    store._follower.stop()
    monkeypatch.setattr(engine, "store", lambda: store)
    return objects


def only(findings):
    (finding,) = findings
    return finding


def test_nothing_is_said_where_none_is_configured():
    assert [*index_storage(), *media_storage()] == []


def test_a_bucket_without_an_index_wants_a_reindex(objects):
    assert only(index_storage()).fix == "Run `manage.py reindex`."


def test_a_bucket_whose_version_is_in_service_is_well(objects):
    name = publish(engine.store(), 1)
    finding = only(index_storage())
    assert (name in finding.sentence, finding.fix) == (True, "")


def test_a_bucket_that_is_away_is_wrong_and_a_notice_of_the_probe(objects):
    publish(engine.store(), 1)
    objects.fails = lambda call, key: True
    engine.store().follow()
    finding = only(index_storage())
    assert finding.sentence == "s3://fake/index does not answer (ConnectTimeoutError)."
    assert "INDEX_STORAGE" in finding.fix
    # Visitors may read it, so it does not name the bucket.
    assert readiness.notices() == {"index storage": "Object storage does not answer (ConnectTimeoutError)."}


def test_a_version_that_cannot_be_fetched_is_named(objects, tmp_path):
    store = engine.store()
    publish(store, 1)
    other = BucketIndexStore(tmp_path / "other", VersionBucket(objects))
    other._follower.stop()
    name = publish(other, 2)
    assert name in only(index_storage()).sentence
    assert only(index_storage()).fix == ""
    for key in [each for each in objects.content if each.startswith("files/")]:
        objects.content[key] = b""
    store.follow()
    finding = only(index_storage())
    assert f"Index version {name} cannot be fetched" in finding.sentence
    assert finding.fix == "Run `manage.py reindex --force`."


@pytest.mark.django_db
def test_a_shops_message_is_tried_again_while_the_bucket_is_away(objects, monkeypatch):
    asked = []

    def retry(*, exc, countdown):
        asked.append(countdown)
        return exc

    monkeypatch.setattr(tasks.follow_changes, "retry", retry)
    objects.fails = lambda call, key: True
    with pytest.raises(StorageError):
        tasks.follow_changes.run()
    assert asked == [tasks.AWAY_RETRY_SECONDS]


@pytest.mark.django_db
@pytest.mark.parametrize("asked_for", [True, False])
def test_staff_see_why_nothing_is_published(objects, asked_for):
    objects.fails = lambda call, key: True
    with pytest.raises(StorageError):
        runs.carry_out(IndexRun.objects.create(asked_at="2026-03-01T09:00Z") if asked_for else None)
    (run,) = IndexRun.objects.all()
    assert (run.state, run.message) == ("failed", "s3://fake/index does not answer (ConnectTimeoutError).")
    assert run.finished_at
