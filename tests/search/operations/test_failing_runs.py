"""Runs of reindex that the disk, the database or a second delivery of their task would spoil."""

from contextlib import ExitStack

import pytest
from celery.exceptions import Retry
from django.db import OperationalError, connection

from search import tasks
from search.index.store import IndexStore
from search.models import IndexRun
from search.operations import runs
from tests.factories import NOW, ProductFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("ready")]


@pytest.mark.parametrize("asked_for", [True, False])
def test_a_disk_that_refuses_the_lock_itself_is_the_reason(ready, asked_for):
    (ready.root / "WRITER").mkdir(parents=True)
    with pytest.raises(IsADirectoryError):
        runs.carry_out(IndexRun.objects.create(asked_at=NOW) if asked_for else None)
    (run,) = IndexRun.objects.all()
    assert run.state == "failed"
    assert run.message.startswith(f"The disk failed (Is a directory at {ready.root / 'WRITER'}).")


def test_a_change_that_a_shop_announced_is_published_later_where_the_database_is_away(ready, monkeypatch):
    def away(**_options):
        raise OperationalError("the connection is closed")

    ProductFactory()
    with monkeypatch.context() as outage:
        outage.setattr(runs, "reindex", away)
        with pytest.raises(Retry, match=f"{tasks.AWAY_RETRY_SECONDS}s"):
            tasks.follow_changes.apply(throw=True)
    assert IndexRun.objects.get().message.startswith("The database does not answer.")
    tasks.follow_changes.apply(throw=True)
    assert ready.current().manifest.count == 1


@pytest.fixture
def published_then(ready, monkeypatch):
    """``published_then(act)`` has each publication followed by ``act()``."""

    def follow(act):
        publish = ready.publish

        def publish_and_act(*arguments, **options):
            version = publish(*arguments, **options)
            act()
            return version

        monkeypatch.setattr(ready, "publish", publish_and_act)

    return follow


def test_nothing_that_the_database_refuses_comes_between_a_publication_and_its_report(
    ready, published_then, monkeypatch
):
    def refuse(execute, statement, *others):
        # Locks of PostgreSQL go with a connection that really breaks.
        if "pg_advisory_unlock" in statement or "set_config" in statement:
            return execute(statement, *others)
        raise OperationalError("the connection is closed")

    saved = []
    monkeypatch.setattr(runs, "save_ended", saved.append)
    ProductFactory()
    with ExitStack() as outage:
        published_then(lambda: outage.enter_context(connection.execute_wrapper(refuse)))
        report = runs.carry_out()
    assert report.version == ready.pointed()
    assert [run.state for run in saved] == ["done"]


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_run_whose_connection_breaks_behind_its_publication_is_done(published_then):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")

    def cut_off():
        with pytest.raises(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        # As where PostgreSQL was restarted between two statements.
        connection.errors_occurred = False

    ProductFactory()
    published_then(cut_off)
    runs.carry_out()
    assert IndexRun.objects.get().state == "done"


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_a_run_whose_connection_breaks_says_so(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")

    def cut_off(**_options):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(runs, "reindex", cut_off)
    with pytest.raises(OperationalError, match="terminating connection"):
        runs.carry_out()
    (run,) = IndexRun.objects.all()
    assert (run.state, run.message.startswith("The database does not answer.")) == ("failed", True)


def test_a_run_that_is_delivered_again_while_it_is_carried_out_keeps_its_report(ready, monkeypatch):
    ProductFactory()
    run = IndexRun.objects.create(state="running", asked_at=NOW, started_at=NOW)
    going = ExitStack()
    going.enter_context(IndexStore(ready.root).writing(NOW))

    def end_it(_seconds):
        IndexRun.objects.update(state="done", message="Published index 1.")
        going.close()

    monkeypatch.setattr(runs.time, "sleep", end_it)
    assert "delivered twice" in tasks.reindex(run.pk)
    run.refresh_from_db()
    assert (run.state, run.message) == ("done", "Published index 1.")
