"""Runs that nobody carries out any more are closed; living ones are left alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.locking import only_one
from catalog.models import RunState, SyncRun
from search import tasks
from search.models import IndexRun
from search.operations.stale_runs import KILLED, LOST, close_stale_runs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_locks(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def now():
    return timezone.now()


def sync_run(state, started_at):
    return SyncRun.objects.create(source="shop", state=state, started_at=started_at)


def index_run(state, started_at):
    return IndexRun.objects.create(state=state, asked_at=started_at, started_at=started_at)


BOTH = pytest.mark.parametrize(("make", "lock"), [(sync_run, "sync of shop"), (index_run, "reindex")])


@BOTH
def test_a_run_that_no_worker_took_fails_with_the_reason(now, make, lock):
    run = make(RunState.QUEUED, now - timedelta(hours=3))
    assert close_stale_runs(now) == 1
    run.refresh_from_db()
    assert (run.state, run.message, run.finished_at) == (RunState.FAILED, LOST, now)


@BOTH
def test_a_run_that_waits_for_an_hour_is_left_alone(now, make, lock):
    make(RunState.QUEUED, now - timedelta(minutes=61))
    assert close_stale_runs(now) == 0


@BOTH
def test_a_run_whose_process_died_is_stopped(now, make, lock):
    run = make(RunState.RUNNING, now - timedelta(minutes=5))
    assert close_stale_runs(now) == 1
    run.refresh_from_db()
    assert (run.state, run.message, run.finished_at) == (RunState.STOPPED, KILLED, now)


@BOTH
def test_a_run_whose_process_holds_the_lock_is_left_alone(now, make, lock):
    make(RunState.RUNNING, now - timedelta(hours=30))
    with only_one(lock, now=now):
        assert close_stale_runs(now) == 0


@BOTH
def test_a_run_that_has_just_begun_is_left_alone(now, make, lock):
    make(RunState.RUNNING, now - timedelta(seconds=1))
    assert close_stale_runs(now) == 0


@BOTH
@pytest.mark.parametrize("state", [RunState.DONE, RunState.FAILED, RunState.STOPPED])
def test_ended_runs_stay_as_they_are(now, make, lock, state):
    make(state, now - timedelta(days=3))
    assert close_stale_runs(now) == 0


def test_a_reindex_of_a_model_does_not_keep_that_of_another_model(now):
    for fingerprint in ("a" * 16, "b" * 16):
        run = index_run(RunState.RUNNING, now - timedelta(hours=1))
        IndexRun.objects.filter(pk=run.pk).update(fingerprint=fingerprint)
    with only_one("reindex", of="a" * 16, now=now):
        assert close_stale_runs(now) == 1
    assert IndexRun.objects.get(state=RunState.STOPPED).fingerprint == "b" * 16


def test_a_source_that_is_synced_does_not_keep_the_others(now):
    sync_run(RunState.RUNNING, now - timedelta(hours=1))
    SyncRun.objects.create(source="other", state=RunState.RUNNING, started_at=now - timedelta(hours=1))
    with only_one("sync of shop", now=now):
        assert close_stale_runs(now) == 1
    assert SyncRun.objects.get(state=RunState.STOPPED).source == "other"


@pytest.mark.parametrize("state", [RunState.DONE, RunState.STOPPED])
def test_a_reindex_that_is_delivered_twice_is_carried_out_once(now, state, monkeypatch):
    monkeypatch.setattr(tasks.runs, "reindex", lambda **_options: pytest.fail("it was carried out again"))
    run = index_run(state, now)
    assert "delivered twice" in tasks.reindex(run.pk)
