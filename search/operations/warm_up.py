"""Make a fresh process ready to search, so that no shopper waits for the model to load.

A server calls this once in each of its processes, after the fork: a model that was used before a fork
hangs the child.
"""

from __future__ import annotations

import logging
import threading
import time

from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver

from search import engine
from search.engine import NotReady

logger = logging.getLogger(__name__)

_running = threading.Event()


def in_progress() -> bool:
    """Whether this process is still getting ready; a search asked now waits until it is."""
    return _running.is_set()


def in_background() -> threading.Thread:
    """Get ready in a thread of its own, while the process already answers what needs no model."""
    _running.set()
    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def warm_up() -> None:
    """Load views, templates, encoder and index. What is missing is logged, and each search goes on saying it.

    Loading the encoder encodes a word and a picture once it is laid out, which is when torch sets itself up.
    """
    started = time.monotonic()
    _running.set()
    try:
        _ = get_resolver().url_patterns
        get_template("search/results.html")
        engine.snapshot()
    except NotReady as missing:
        logger.warning("This process cannot search yet: %s Run `%s`.", missing.reason, missing.command)
    except DatabaseError as error:
        logger.warning("This process cannot search yet: the database does not answer (%s).", error)
    else:
        logger.info("Ready to search after %.1f s.", time.monotonic() - started)
    finally:
        _running.clear()
        # They belong to this thread, which ends here.
        connections.close_all()
