"""A change that a shop announces is followed by one run of the task that publishes it."""

from django.core.cache import cache
from kombu.exceptions import OperationalError

from catalog import queue
from config.celery import app
from search import tasks


def test_several_changes_are_followed_by_one_run(announced):
    for _message in range(3):
        queue.announce_change()
    assert announced == [queue.GATHER_SECONDS]


def test_a_change_after_the_run_began_is_followed_by_another_one(announced):
    queue.announce_change()
    queue.change_is_followed()
    queue.announce_change()
    assert len(announced) == 2


def test_a_queue_that_is_away_leaves_the_change_to_the_clock(announced, monkeypatch, caplog):
    def refuse(*arguments, **options):
        raise OperationalError("no")

    monkeypatch.setattr(tasks.follow_changes, "apply_async", refuse)
    queue.announce_change()
    assert "waits for its next time" in caplog.text
    assert cache.add(queue._DUE, 1)


def test_without_a_queue_nothing_is_announced(announced, settings):
    settings.CATALOGUE_CHANGED_TASK = ""
    queue.announce_change()
    assert announced == []


def test_a_web_process_that_did_not_import_the_task_enqueues_it_by_its_name(announced, monkeypatch):
    name, sent = tasks.follow_changes.name, []
    with monkeypatch.context() as web:
        web.delitem(app.tasks, name)
        web.setattr(app, "send_task", lambda name, *_arguments, **options: sent.append((name, options)))
        queue.announce_change()
    assert announced == []
    ((called, options),) = sent
    assert (called, options["countdown"], options["retry"]) == (name, queue.GATHER_SECONDS, False)
