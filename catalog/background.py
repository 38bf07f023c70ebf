"""Long work that a person asks for in a page: by the queue, or where there is none, in a thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def start(task: Any, *arguments: Any, failed: Callable[[str], None]) -> None:
    """Have the Celery ``task`` done once this transaction is committed; nobody waits for it.

    ``failed`` is told why where the queue does not take it. With ``settings.TASKS_IN_BACKGROUND`` off a
    task that has no queue is done at once, as tests need it.
    """

    def hand_over() -> None:
        if settings.CELERY_TASK_ALWAYS_EAGER and settings.TASKS_IN_BACKGROUND:
            # Where the process ends first, the next run begins anew: each task is safe to repeat.
            Thread(target=_carry_out, args=(task, *arguments), name=task.name, daemon=True).start()
            return
        try:
            task.delay(*arguments)
        except OperationalError as error:
            failed(f"The task queue does not answer ({error}). Check Redis.")

    transaction.on_commit(hand_over)


def _carry_out(task: Any, *arguments: Any) -> None:
    try:
        task(*arguments)
    except Exception:  # nobody waits for this thread, so whatever went wrong is said in the log or nowhere
        logger.exception("%s failed.", task.name)
    finally:
        connections.close_all()
