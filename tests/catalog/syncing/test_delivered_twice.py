"""A sync that staff requested, whose task Celery delivers to two workers or once more."""

import pytest

from catalog import tasks
from catalog.models import SyncRun
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def known(monkeypatch):
    monkeypatch.setattr(tasks, "source_named", lambda _name, *, now: MemoryShop(*hats(1)))


def requested(state, **stated):
    return SyncRun.objects.create(source="demo", state=state, started_at=NOW, **stated)


def stored():
    return list(SyncRun.objects.order_by("pk").values_list("state", "message"))


def test_one_that_runs_is_not_stopped_by_its_other_delivery():
    run = requested("running")
    with held_elsewhere("sync of demo"):
        tasks.sync("demo", run.pk)
    assert stored() == [("running", "")]


def test_one_that_waits_says_why_it_was_not_carried_out():
    run = requested("queued")
    with held_elsewhere("sync of demo"):
        tasks.sync("demo", run.pk)
    ((state, message),) = stored()
    assert (state, "already running" in message) == ("stopped", True)


@pytest.mark.parametrize("state", ["done", "stopped"])
def test_one_that_has_ended_keeps_its_report_and_what_is_left_of_it_is_done(state):
    run = requested(state, counts={"pictures_left": 3})
    tasks.sync("demo", run.pk)
    run.refresh_from_db()
    assert (run.state, run.counts) == (state, {"pictures_left": 3})
    assert SyncRun.objects.latest("pk").counts["created"] == 1


def test_one_whose_worker_was_killed_is_carried_out_in_its_row():
    run = requested("running")
    tasks.sync("demo", run.pk)
    assert stored() == [("done", "")]
