"""Each reindex as staff see it: requested, running, and how it ended."""

from contextlib import ExitStack

import pytest
from kombu.exceptions import OperationalError

from catalog.locking import AlreadyRunning
from catalog.models import Product
from search import engine, tasks
from search.encoding.errors import EncoderError
from search.encoding.parallel import batches, publisher
from search.index.reindex import NothingToIndex
from search.index.segments.opening import segments_of
from search.index.store import IndexStore
from search.models import IndexRun
from search.operations import runs
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready")]


@pytest.fixture
def ask(django_capture_on_commit_callbacks):
    """``ask()`` is a run that staff requested, after its task has run."""

    def ask(**fields):
        run = IndexRun(**fields)
        with django_capture_on_commit_callbacks(execute=True):
            tasks.ask_reindex(run)
        run.refresh_from_db()
        return run

    return ask


def refuse():
    raise EncoderError("The model cannot be loaded.")


def test_a_requested_run_ends_with_its_report(ask):
    ProductFactory()
    run = ask()
    assert (run.state, run.message.startswith("Published index")) == ("done", True)
    assert run.asked_at <= run.started_at <= run.finished_at
    assert IndexRun.objects.count() == 1


def test_it_is_queued_until_a_worker_takes_it(ask, monkeypatch):
    monkeypatch.setattr(tasks.reindex, "apply_async", lambda *arguments, **options: None)
    assert ask().state == "queued"


def test_a_full_one_embeds_everything_again(ask):
    ProductFactory()
    ask()
    assert "0 of 1 product embedded" in ask().message
    assert "1 of 1 product embedded" in ask(full=True).message


def test_a_scheduled_run_keeps_its_state_as_well():
    ProductFactory()
    tasks.reindex()
    assert IndexRun.objects.get().state == "done"


def test_a_failed_run_keeps_the_reason(monkeypatch):
    monkeypatch.setattr(engine, "encoder", refuse)
    with pytest.raises(EncoderError):
        runs.carry_out()
    run = IndexRun.objects.get()
    assert (run.state, run.message) == ("failed", "The model cannot be loaded.")
    assert run.finished_at


def test_a_queue_that_does_not_answer_fails_the_run_and_no_page(ask, monkeypatch):
    def away(*arguments, **options):
        raise OperationalError("Connection refused")

    monkeypatch.setattr(tasks.reindex, "apply_async", away)
    run = ask()
    assert (run.state, "Connection refused" in run.message) == ("failed", True)


def test_a_requested_run_waits_for_one_in_progress_to_end(ask, ready, monkeypatch):
    ProductFactory()
    going = ExitStack()
    going.enter_context(IndexStore(ready.root).writing(NOW))
    states = []

    def end_the_other(seconds):
        states.append(IndexRun.objects.get().state)
        going.close()

    monkeypatch.setattr(runs.time, "sleep", end_the_other)
    assert (ask().state, states) == ("done", ["queued"])


def test_a_requested_run_stops_when_it_has_waited_too_long(ask, ready, monkeypatch):
    monkeypatch.setattr(runs, "LOCK_WAIT_S", 0.0)
    with IndexStore(ready.root).writing(NOW):
        run = ask()
    assert (run.state, "already running" in run.message) == ("stopped", True)


def test_a_scheduled_run_beside_one_in_progress_leaves_no_row(ready):
    with IndexStore(ready.root).writing(NOW):
        tasks.reindex()
    assert not IndexRun.objects.exists()


def test_only_one_host_at_a_time_runs_on_a_database_for_a_model(tiny_encoder):
    ProductFactory()
    with held_elsewhere(f"reindex {tiny_encoder.fingerprint}"), pytest.raises(AlreadyRunning):
        runs.carry_out()
    with held_elsewhere("reindex 00000000"):
        assert runs.carry_out().version


def test_a_run_of_another_model_goes_on_beside_it():
    going = IndexRun.objects.create(state="running", asked_at=NOW, started_at=NOW, fingerprint="0" * 16)
    its_batches = batches.prepare("0" * 16, [1, 2], NOW)
    ProductFactory()
    with held_elsewhere("reindex " + "0" * 16):
        runs.carry_out()
    going.refresh_from_db()
    assert going.state == "running"
    assert batches.take(its_batches) is not None


def test_an_empty_shop_is_no_failure():
    with pytest.raises(NothingToIndex):
        runs.carry_out()
    assert IndexRun.objects.get().state == "stopped"


def test_a_run_that_was_killed_does_not_stay_running(tiny_encoder):
    killed = IndexRun.objects.create(
        state="running", asked_at=NOW, started_at=NOW, fingerprint=tiny_encoder.fingerprint
    )
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


def test_a_change_that_a_shop_announced_is_published(ready):
    ProductFactory()
    tasks.follow_changes.delay()
    assert ready.current().manifest.count == 1


def test_it_waits_for_the_run_that_is_in_progress(ready):
    ProductFactory()
    with IndexStore(ready.root).writing(NOW), pytest.raises(AlreadyRunning):
        tasks.follow_changes.run()


def test_an_announcement_of_an_empty_shop_is_no_failure(ready):
    tasks.follow_changes.delay()
    assert ready.versions() == []


def test_a_run_merges_deltas_that_have_grown_large(ready, settings):
    settings.INDEX_WHOLE_LIMIT, settings.INDEX_DELTA_SHARE = 0, 0.2
    products = ProductFactory.create_batch(10)
    tasks.reindex()
    for number in range(3):
        generation = Product.objects.next_generation(NOW)
        Product.objects.filter(pk=products[number].pk).update(title=f"bag {number}", updated_at=generation)
        tasks.reindex()
    assert len(segments_of(ready.current())) == 1
    assert runs.merge_if_due() is None


def test_a_version_that_rots_before_its_merge_is_named_and_built_anew_by_the_next_run(
    ready, settings, monkeypatch, caplog
):
    settings.INDEX_WHOLE_LIMIT, settings.INDEX_DELTA_SHARE = 0, 0.0
    monkeypatch.setattr(tasks.merge, "delay", lambda: None)
    products = ProductFactory.create_batch(10)
    tasks.reindex()
    generation = Product.objects.next_generation(NOW)
    Product.objects.filter(pk=products[0].pk).update(title="bag", updated_at=generation)
    tasks.reindex()
    rotten = ready.pointed()
    (ready.root / "versions" / rotten / "keys.npy").write_bytes(b"rot")
    another = IndexStore(ready.root)
    monkeypatch.setattr(engine, "store", lambda: another)
    tasks.merge()
    (record,) = [each for each in caplog.records if each.message.startswith("merge: ")]
    assert (record.levelname, record.exc_info) == ("WARNING", None)
    assert "is damaged and was not merged" in record.message
    assert record.message.endswith("The next reindex builds it anew.")
    tasks.reindex()
    assert another.pointed() != rotten
    assert IndexStore(ready.root).current().manifest.count == 10


def test_staff_see_the_progress_of_a_run_while_it_runs(monkeypatch):
    ProductFactory()
    monkeypatch.setattr(runs, "SHOWN_EVERY_S", 0.0)
    seen = []

    def look(**options):
        options["progress"](3, 8)
        seen.append(IndexRun.objects.get().message)
        raise NothingToIndex("It was empty.")

    monkeypatch.setattr(runs, "reindex", look)
    with pytest.raises(NothingToIndex):
        runs.carry_out()
    assert seen == ["3 of 8 products embedded"]
    assert IndexRun.objects.get().message == "It was empty."


def test_the_callers_progress_is_called_as_well():
    ProductFactory()
    calls = []
    runs.carry_out(progress=lambda done, total: calls.append((done, total)))
    assert calls == [(1, 1)]


@pytest.mark.parametrize(
    ("workers", "queue", "asked"), [(0, "redis://queue/0", 0), (2, "", 0), (2, "redis://queue/0", 1)]
)
def test_workers_are_asked_where_there_are_some_and_a_queue(settings, monkeypatch, workers, queue, asked):
    settings.EMBEDDING_WORKERS, settings.QUEUE_URL = workers, queue
    runs_asked = []
    monkeypatch.setattr(publisher, "LEAST_BATCHES", 0)
    monkeypatch.setattr(publisher, "_invite", runs_asked.append)
    ProductFactory()
    assert runs.carry_out().embedded == 1
    assert len(runs_asked) == asked


def test_a_killed_runs_batches_are_embedded_by_no_worker_any_more(tiny_encoder):
    killed = batches.prepare(tiny_encoder.fingerprint, [1, 2], NOW)
    ProductFactory()
    runs.carry_out()
    assert batches.take(killed) is None
