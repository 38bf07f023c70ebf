"""Enqueueing never waits for a Redis that hangs, and fails with one type of error."""

import socket
import threading

import pytest
from celery import Celery
from django.conf import settings as project_settings
from kombu.exceptions import OperationalError
from redis.exceptions import ResponseError

from catalog import circuit_breaker
from catalog.queue import NotQueued, enqueue
from config.celery import app


class Task:
    """The part of a Celery task that enqueue() uses."""

    def __init__(self, problem=None):
        self.problem = problem
        self.calls = []

    def apply_async(self, arguments, **options):
        self.calls.append((arguments, options))
        if self.problem:
            raise self.problem


def test_the_queue_gets_the_task_once():
    task = Task()
    enqueue(task, "shop", 7, countdown=5)
    assert task.calls == [(("shop", 7), {"countdown": 5, "retry": False})]


@pytest.mark.parametrize(
    "problem", [OperationalError("away"), TimeoutError("away"), OSError("away"), ResponseError("away")]
)
def test_every_failure_is_one_error_and_the_next_caller_does_not_wait(problem):
    task = Task(problem)
    with pytest.raises(NotQueued, match=r"does not answer \(away\)"):
        enqueue(task)
    with pytest.raises(NotQueued, match="a moment ago"):
        enqueue(task)
    assert len(task.calls) == 1


@pytest.mark.parametrize(
    ("caches", "queue", "shared"),
    [
        ("redis://caches/0", "redis://queue/0", False),
        ("redis://redis/0", "redis://redis/1", True),
        ("redis://redis/0", "redis://redis/0", True),
        ("", "redis://queue/0", False),
    ],
)
def test_the_caches_wait_for_a_failed_queue_only_where_its_server_is_theirs(settings, caches, queue, shared):
    settings.REDIS_URL, settings.QUEUE_URL = caches, queue
    with pytest.raises(NotQueued):
        enqueue(Task(OSError("away")))
    assert circuit_breaker.breaker.is_open == shared
    assert circuit_breaker.of_queue().is_open


def test_a_fault_of_the_caller_is_not_taken_for_one_of_the_queue():
    with pytest.raises(TypeError):
        enqueue(Task(TypeError("not serialisable")))


def test_a_redis_that_accepts_and_never_answers_does_not_hold_the_thread():
    with socket.socket() as black_hole:
        black_hole.bind(("127.0.0.1", 0))
        black_hole.listen(64)
        broken = Celery(broker=f"redis://127.0.0.1:{black_hole.getsockname()[1]}/0", set_as_current=False)
        broken.conf.broker_transport_options = {
            **project_settings.CELERY_BROKER_TRANSPORT_OPTIONS,
            "socket_timeout": 0.05,
        }
        outcome = []

        @broken.task(name="nothing")
        def nothing():
            pass

        def caller():
            try:
                enqueue(nothing)
            except NotQueued as error:
                outcome.append(error)

        # A daemon: without a timeout it would wait for good.
        thread = threading.Thread(target=caller, daemon=True)
        thread.start()
        thread.join(60)
    assert [type(each) for each in outcome] == [NotQueued]


def test_the_settings_bound_the_wait_but_not_a_workers_brpop():
    options = project_settings.CELERY_BROKER_TRANSPORT_OPTIONS
    assert 1 < options["socket_timeout"] <= 5
    assert options["socket_connect_timeout"] <= 5


def test_tasks_are_json_alone():
    assert app.conf.task_serializer == "json"
    assert list(app.conf.accept_content) == ["json"]
