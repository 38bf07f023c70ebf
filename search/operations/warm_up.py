"""Load model and index when a process starts, so that no request waits for them.

A server calls this once in each of its processes, after the fork: a model that was used before a fork
hangs the child.
"""

from __future__ import annotations

import gc
import logging
import threading
import time

from django.db import DatabaseError, connections
from django.template.loader import get_template
from django.urls import get_resolver

from search import engine
from search.encoding.allocation import return_freed
from search.engine import NotReady

logger = logging.getLogger(__name__)

_running = threading.Event()


def in_progress() -> bool:
    """Whether this process is still loading; a search waits until it is done."""
    return _running.is_set()


def in_background() -> threading.Thread:
    """Warm up in a new thread, while the process already answers requests that need no model."""
    _running.set()
    thread = threading.Thread(target=warm_up, name="warm-up", daemon=True)
    thread.start()
    return thread


def warm_up() -> None:
    """Load views, templates, encoder and index. What is missing is logged; each search reports it as well.

    Loading the encoder also encodes a text and a picture, because torch initialises itself on first use.
    """
    started = time.monotonic()
    _running.set()
    try:
        _ = get_resolver().url_patterns
        get_template("search/results.html")
        engine.store().prepare()
        engine.snapshot()
    except NotReady as missing:
        logger.warning("This process cannot search yet: %s Run `%s`.", missing.reason, missing.command)
    except DatabaseError as error:
        logger.warning("This process cannot search yet: the database does not answer (%s).", error)
    else:
        logger.info("Ready to search after %.1f s.", time.monotonic() - started)
    finally:
        # What was read and packed while loading: some 80 MiB of the bundled encoder.
        return_freed()
        # What lives as long as the process is no longer searched for garbage. That took a quarter of a second
        # once in a hundred requests, and nobody was answered meanwhile.
        gc.collect()
        gc.freeze()
        _running.clear()
        # Connections belong to their thread, and this one ends here.
        connections.close_all()
