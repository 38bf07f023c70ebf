"""Runs of reindex that the disk or the database fails, before they begin or while they run."""

import pytest
from celery.exceptions import Retry
from django.db import OperationalError, connection

from search import tasks
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
    assert run.message.startswith("The disk failed (Is a directory).")


def test_a_change_that_a_shop_announced_is_published_later_where_the_database_is_away(ready, monkeypatch):
    def away(**_options):
        raise OperationalError("the connection is closed")

    ProductFactory()
    with monkeypatch.context() as outage:
        outage.setattr(runs, "reindex", away)
        with pytest.raises(Retry, match=f"{tasks.AWAY_RETRY_SECONDS}s"):
            tasks.follow_changes.apply(throw=True)
    assert IndexRun.objects.get().message == "the connection is closed"
    tasks.follow_changes.apply(throw=True)
    assert ready.current().manifest.count == 1


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
    assert (run.state, "terminating connection" in run.message) == ("failed", True)
