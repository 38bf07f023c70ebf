"""Long work started from a page: in a thread where there is no queue, and never before the commit."""

import threading

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from catalog.background import start

pytestmark = pytest.mark.django_db(transaction=True)


class Work:
    """The part of a Celery task that start() uses."""

    name = "some work"

    def __init__(self, problem=None):
        self.problem = problem
        self.done_by = []

    def apply_async(self, arguments, **options):
        self(*arguments)

    def __call__(self, *arguments):
        self.done_by.append((threading.current_thread().name, *arguments))
        if self.problem:
            raise self.problem


def finished():
    for thread in threading.enumerate():
        if thread.name == Work.name:
            thread.join(60)


def test_without_a_queue_a_thread_does_it_after_the_commit(settings):
    settings.TASKS_IN_BACKGROUND = True
    work, problems = Work(), []
    with transaction.atomic():
        start(work, 7, failed=problems.append)
        finished()
        assert work.done_by == []
    finished()
    assert (work.done_by, problems) == ([("some work", 7)], [])


def test_what_goes_wrong_in_the_thread_is_logged(settings, caplog):
    settings.TASKS_IN_BACKGROUND = True
    start(Work(RuntimeError("no memory")), failed=pytest.fail)
    finished()
    assert caplog.messages == ["some work failed."]


def test_a_queue_takes_it_at_once(settings):
    settings.TASKS_IN_BACKGROUND = True
    settings.CELERY_TASK_ALWAYS_EAGER = False
    work = Work()
    start(work, 7, failed=pytest.fail)
    assert work.done_by == [(threading.current_thread().name, 7)]


def test_a_queue_that_does_not_answer_is_reported(settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    problems = []
    start(Work(OperationalError("Connection refused")), failed=problems.append)
    assert problems == ["The task queue does not answer (Connection refused). Check Redis."]
