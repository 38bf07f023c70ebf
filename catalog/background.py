"""Long work started from a page: in the task queue, or where there is none, in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from catalog.queue import NotQueued, enqueue

logger = logging.getLogger(__name__)


def start(task: Any, *arguments: Any, failed: Callable[[str], None]) -> None:
    """Start the Celery ``task`` once this transaction is committed, and return at once.

    ``failed`` is called with the reason where the queue does not accept it. Without a queue and with
    ``settings.TASKS_IN_BACKGROUND`` off the task runs in the caller, as tests need it.
    """

    def begin() -> None:
        if settings.CELERY_TASK_ALWAYS_EAGER and settings.TASKS_IN_BACKGROUND:
            # If the process ends first, the next run starts over: each task is safe to repeat.
            Thread(target=_carry_out, args=(task, *arguments), name=task.name, daemon=True).start()
            return
        try:
            enqueue(task, *arguments)
        except NotQueued as error:
            failed(str(error))

    transaction.on_commit(begin)


def _carry_out(task: Any, *arguments: Any) -> None:
    try:
        task(*arguments)
    except Exception:  # no caller waits for this thread, so the log is the only place for the error
        logger.exception("%s failed.", task.name)
    finally:
        connections.close_all()
