"""Mail leaves by a thread of its own.

No answer waits for a mail server, and none tells by its time whether there was anyone to write to.
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

# Letters that may wait in one process; what comes above is dropped, and logged.
CAPACITY = 200
# Letters wait until the answers beside them have left: what is written, and whether, slows none of them down.
DELAY = 1.0
Letter = Callable[[], None]

_places = BoundedSemaphore(CAPACITY)
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mail")


def post(letter: Letter) -> None:
    """Call ``letter`` later or, with ``settings.MAIL_IN_BACKGROUND`` off, now; the caller sees no failure."""
    if not settings.MAIL_IN_BACKGROUND:
        _deliver(letter)
    elif _places.acquire(blocking=False):
        _postman.submit(_deliver_and_hang_up, letter, time.monotonic() + DELAY)
    else:
        logger.error("mail_dropped", extra={"reason": f"{CAPACITY} letters wait already"})


def _deliver(letter: Letter) -> None:
    try:
        letter()
    except Exception:  # nobody waits for this thread, so whatever went wrong is said in the log or nowhere
        logger.exception("mail_failed")


def _deliver_and_hang_up(letter: Letter, due: float) -> None:
    try:
        time.sleep(max(0.0, due - time.monotonic()))
        _deliver(letter)
    finally:
        connections.close_all()
        _places.release()
