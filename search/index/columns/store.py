"""Keeps the columns in step with the database."""

from __future__ import annotations

import threading
import time
from typing import cast

from catalog.models import Product
from search.index.columns.loading import follow_columns, load_columns
from search.index.columns.table import Columns
from search.index.product_index import ProductIndex

CHECK_SECONDS = 1.0
# A sync of a big catalogue is a new generation each second: following it may take a tenth of the time.
LOADING_SHARE = 0.1


class ColumnStore:
    """Keeps the columns of the index in service; follows changes of the catalogue and the index."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        # One reference, swapped whole, so that a reader never sees columns of one index beside another.
        self._held: tuple[str, Columns] | None = None
        self._next_check = 0.0

    def current(self, index: ProductIndex) -> Columns:
        """Columns aligned with ``index``, a second or ten loading times behind the database at most."""
        version, held = index.manifest.version, self._held
        usable = held is not None and held[0] == version
        if held and usable and time.monotonic() < self._next_check:
            return held[1]
        # One thread reads; the others wait only while there are no usable columns yet.
        if self._lock.acquire(blocking=not usable):
            try:
                started = time.monotonic()
                self._held = held = (version, self._refreshed(index))
                now = time.monotonic()
                self._next_check = now + max(CHECK_SECONDS, (now - started) / LOADING_SHARE)
            finally:
                self._lock.release()
        # The lock was taken without waiting only where usable columns were held.
        return cast("tuple[str, Columns]", held)[1]

    def expire(self) -> None:
        """Check the catalogue again on the next request."""
        self._next_check = 0.0

    def _refreshed(self, index: ProductIndex) -> Columns:
        held = self._held
        if held is None:
            return load_columns(index.keys)
        version, columns = held
        is_same = version == index.manifest.version
        if is_same and columns.generation == Product.objects.generation():
            return columns
        # The columns' own array, so that they know that their rows stay.
        return follow_columns(columns, columns.keys if is_same else index.keys)
