"""Each reindex as staff see it: asked for, running, and how it ended."""

from contextlib import ExitStack

import pytest
from kombu.exceptions import OperationalError

from catalog.locking import AlreadyRunning
from search import engine, tasks
from search.encoding.encoder import EncoderError
from search.index.reindex import NothingToIndex
from search.index.store import IndexStore
from search.models import IndexRun
from search.operations import runs
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, ProductFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(settings, tmp_path, tiny_encoder, monkeypatch):
    settings.DATA_DIR = tmp_path
    store = IndexStore(tmp_path / "index")
    monkeypatch.setattr(engine, "encoder", lambda: tiny_encoder)
    monkeypatch.setattr(engine, "store", lambda: store)
    return store


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    """``ask()`` is a run that staff asked for, after the task had its turn."""

    def ask(**fields):
        run = IndexRun(**fields)
        with django_capture_on_commit_callbacks(execute=True):
            runs.ask(run)
        run.refresh_from_db()
        return run

    return ask


def refuse():
    raise EncoderError("The model cannot be loaded.")


def test_a_run_that_was_asked_for_ends_with_its_report(ask):
    ProductFactory()
    run = ask()
    assert (run.state, run.message.startswith("Published index")) == ("done", True)
    assert run.asked_at <= run.started_at <= run.finished_at
    assert IndexRun.objects.count() == 1


def test_it_is_queued_until_its_turn_comes(ask, monkeypatch):
    monkeypatch.setattr(tasks.reindex, "delay", lambda key: None)
    assert ask().state == "queued"


def test_a_full_one_embeds_everything_again(ask):
    ProductFactory()
    ask()
    assert "0 of 1 products embedded" in ask().message
    assert "1 of 1 products embedded" in ask(full=True).message


def test_a_scheduled_run_keeps_its_state_as_well():
    ProductFactory()
    tasks.reindex()
    assert IndexRun.objects.get().state == "done"


def test_a_failure_says_why(monkeypatch):
    monkeypatch.setattr(engine, "encoder", refuse)
    with pytest.raises(EncoderError):
        runs.carry_out()
    run = IndexRun.objects.get()
    assert (run.state, run.message) == ("failed", "The model cannot be loaded.")
    assert run.finished_at


def test_a_queue_that_does_not_answer_fails_the_run_and_no_page(ask, monkeypatch):
    def away(key):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.reindex, "delay", away)
    run = ask()
    assert (run.state, "Connection refused" in run.message) == ("failed", True)


def test_one_beside_a_run_that_is_going_waits_for_its_turn(ask, ready, monkeypatch):
    ProductFactory()
    going = ExitStack()
    going.enter_context(IndexStore(ready.root).writing(NOW))
    states = []

    def end_the_other(seconds):
        states.append(IndexRun.objects.get().state)
        going.close()

    monkeypatch.setattr(runs.time, "sleep", end_the_other)
    assert (ask().state, states) == ("done", ["queued"])


def test_one_that_has_waited_long_enough_gives_up(ask, ready, monkeypatch):
    monkeypatch.setattr(runs, "PATIENCE_S", 0.0)
    with IndexStore(ready.root).writing(NOW):
        run = ask()
    assert (run.state, "already running" in run.message) == ("stopped", True)


def test_a_scheduled_one_beside_a_run_that_is_going_leaves_no_trace(ready):
    with IndexStore(ready.root).writing(NOW):
        tasks.reindex()
    assert not IndexRun.objects.exists()


def test_another_host_with_the_same_database_takes_its_turn():
    with held_elsewhere("reindex"), pytest.raises(AlreadyRunning):
        runs.carry_out()


def test_an_empty_shop_is_no_failure():
    with pytest.raises(NothingToIndex):
        runs.carry_out()
    assert IndexRun.objects.get().state == "stopped"


def test_a_run_that_was_killed_does_not_run_for_ever():
    killed = IndexRun.objects.create(state="running", asked_at=NOW, started_at=NOW)
    ProductFactory()
    runs.carry_out()
    killed.refresh_from_db()
    assert (killed.state, killed.message) == ("stopped", "It was killed.")


def test_only_the_latest_runs_are_kept(monkeypatch):
    monkeypatch.setattr(runs, "KEPT", 3)
    ProductFactory()
    for _run in range(5):
        runs.carry_out()
    assert IndexRun.objects.count() == 3
