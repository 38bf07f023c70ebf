"""A bounded queue of mails and the one thread that sends them.

A request neither waits for the mail server nor reveals by its duration whether an account exists.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore

from django.conf import settings
from django.db import connections

logger = logging.getLogger(__name__)

# Mails that one process queues; a further one is dropped, and logged.
CAPACITY = 200
# Seconds from queueing to sending: by then the response has left, so the work on a mail cannot slow it down.
DELAY = 1.0
Job = Callable[[], None]

_free_slots = BoundedSemaphore(CAPACITY)
_executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def enqueue(job: Job) -> None:
    """Run ``job`` in the worker after DELAY or, with ``settings.MAIL_IN_BACKGROUND`` off, at once.

    Failures are logged as ``mail_failed`` and never raised.
    """
    if not settings.MAIL_IN_BACKGROUND:
        _run(job)
    elif _free_slots.acquire(blocking=False):
        _executor.submit(_run_when_due, job, time.monotonic() + DELAY)
    else:
        logger.error("mail_dropped", extra={"reason": f"{CAPACITY} mails are queued already"})


def _run(job: Job) -> None:
    try:
        job()
    except Exception:  # nothing reads this thread's result, so only the log can tell what went wrong
        logger.exception("mail_failed")


def _run_when_due(job: Job, due: float) -> None:
    try:
        time.sleep(max(0.0, due - time.monotonic()))
        _run(job)
    finally:
        # The thread lives as long as the process, and would otherwise keep a connection open between mails.
        connections.close_all()
        _free_slots.release()
