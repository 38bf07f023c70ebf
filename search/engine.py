"""The process-wide singletons: the encoder, the index store, the embedding cache, the index snapshot.

Everything loads on first use, under a lock, and so after gunicorn and Celery have forked: a torch model
or a FAISS index that was used before a fork hangs the child.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from analytics.metrics import timed
from search.admission import inferences
from search.encoding.cache import EmbeddingCache
from search.encoding.encoder import BUNDLED, Encoder
from search.encoding.errors import EncoderError
from search.index.calibration import CALIBRATION_FILE, Calibration
from search.index.categories import Categories, CategoryNames
from search.index.columns import Columns, ColumnStore
from search.index.engines.not_ready import NotReady as NotReady  # what callers of the engine catch
from search.index.product_index import ProductIndex
from search.index.segments.opening import base_name
from search.index.segments.words import Words, load_words
from search.index.storage.opening import Stores, published_by_another
from search.index.store import REBUILD, RETRY_SECONDS, IndexMissing, IndexStore
from search.lexical.bm25 import LexicalError, LexicalIndex
from search.lexical.suggestions import Suggestions
from search.vectors import Vectors

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexSnapshot:
    """One index version, what was built from the same products, and the catalogue's current columns."""

    index: ProductIndex
    calibration: Calibration
    lexical: LexicalIndex
    columns: Columns
    categories: Categories


_lock = threading.Lock()


def encoder() -> Encoder:
    """The configured encoder. Raises EncoderError when it cannot be loaded; then it is tried again after
    RETRY_SECONDS, as reading a damaged model takes seconds.
    """
    global _failure
    # The lock keeps two first requests from loading the model twice; functools.cache alone would not.
    with _lock:
        if _failure is not None and time.monotonic() - _failure[0] < RETRY_SECONDS:
            # The same exception again: its traceback must not grow with every request.
            raise _failure[1].with_traceback(None)
        try:
            return _load_encoder()
        except EncoderError as error:
            logger.exception("encoder_failed", extra={"reason": error.explained})
            _failure = (time.monotonic(), error)
            raise


_failure: tuple[float, EncoderError] | None = None


@cache
def _load_encoder() -> Encoder:
    model = BUNDLED if settings.CLIP_MODEL == "bundled" else settings.CLIP_MODEL
    return Encoder.load(
        model,
        device=settings.ENCODER_DEVICE,
        backend=settings.ENCODER_BACKEND,
        calls=settings.ENCODER_CONCURRENCY,
    )


_stores = Stores()


def store() -> IndexStore:
    """The index of the configured encoder under DATA_DIR, and in object storage where that is configured.

    Where the encoder cannot be loaded, that of the model that published last: completions need no vectors.
    """
    try:
        return _stores.of(encoder().fingerprint)
    except EncoderError:
        return _stores.latest()


@cache
def embeddings() -> EmbeddingCache:
    """Vectors of queries, by content and fingerprint."""
    return EmbeddingCache()


def index() -> ProductIndex:
    """The index in service, made by the configured encoder. Raises NotReady otherwise."""
    own = store()
    try:
        current = own.current()
        is_comparable = current.manifest.fingerprint == ready_encoder().fingerprint
    except IndexMissing as error:
        if published_by_another(own, error) is None:
            raise NotReady(error.reason, error.command) from error
        is_comparable = False
    if not is_comparable:
        raise NotReady(
            _("The index was made by another model than the configured one, so they cannot be compared."),
            "manage.py reindex",
        )
    return current


def snapshot() -> IndexSnapshot:
    """The index in service with everything built for it. Raises NotReady as ``index`` does."""
    global _derived
    current, held = index(), _derived
    if held is None or held.index is not current:
        with _lock:
            held = _derived = _load_derived(current, held)
    columns = column_store().current(current)
    categories = _categories_of(current, columns, held.names)
    return IndexSnapshot(current, held.calibration, held.words.index, columns, categories)


@dataclass(frozen=True)
class _Derived:
    """What is loaded beside an index."""

    index: ProductIndex
    calibration: Calibration
    words: Words
    names: CategoryNames


_derived: _Derived | None = None


def _load_derived(current: ProductIndex, held: _Derived | None) -> _Derived:
    """What belongs to this index; what it shares with the one before, its base above all, is taken over."""
    assert current.folder is not None  # noqa: S101 - a published index lies in a folder
    has_same_base = held is not None and base_name(held.index) == base_name(current)
    try:
        words = load_words(current, held.words if held else None)
        if held is not None and has_same_base:
            return _Derived(current, held.calibration, words, held.names)
        calibration = json.loads((current.folder / CALIBRATION_FILE).read_text())
        return _Derived(
            current, Calibration.from_dict(calibration), words, CategoryNames.load(current.folder)
        )
    except (LexicalError, OSError, ValueError, KeyError, TypeError) as error:
        logger.exception("index_damaged", extra={"reason": str(error)})
        raise NotReady(_("The index is damaged."), REBUILD) from error


def _categories_of(current: ProductIndex, columns: Columns, names: CategoryNames) -> Categories:
    """The categories of these columns, computed once for them; two threads may compute them at once."""
    global _categories
    held = _categories
    # A price changes the columns and none of these.
    sources = (current, columns.keys, columns.active, columns.category, columns.steps, columns.colour)
    if held is None or any(one is not other for one, other in zip(held[0], sources, strict=True)):
        found = Categories.of(columns, current.vectors, names, ready_encoder().encode_text)
        held = _categories = (sources, found)
    return held[1]


_categories: tuple[tuple[object, ...], Categories] | None = None


def suggestions() -> Suggestions:
    """The completions of the index in service, also without the encoder; none without an index."""
    global _suggestions
    try:
        current = store().current()
    except IndexMissing:
        return Suggestions([])
    held = _suggestions
    if held is None or held[0] != base_name(current):
        assert current.folder is not None  # noqa: S101 - a published index lies in a folder
        # Two threads may load them at once; a lock would let one version's loading delay every request.
        held = _suggestions = (base_name(current), Suggestions.load(current.folder))
    return held[1]


_suggestions: tuple[str, Suggestions] | None = None


@cache
def column_store() -> ColumnStore:
    """Keeps the columns of the index in service."""
    return ColumnStore()


def ready_encoder() -> Encoder:
    """The encoder, or NotReady with the reason."""
    try:
        return encoder()
    except EncoderError as error:
        raise NotReady(str(error), "manage.py doctor") from error


@contextmanager
def inference() -> Iterator[Encoder]:
    """The encoder, for a bounded number of callers at once. Raises NotReady, or Busy without a free slot."""
    model = ready_encoder()
    with inferences.taken():
        try:
            yield model
        except EncoderError as error:
            logger.exception("encoding_failed", extra={"reason": error.explained})
            raise NotReady(str(error), "manage.py doctor") from error


def embed(kind: str, content: str, encode: Callable[[Encoder], Vectors], *, now: datetime) -> Vectors:
    """The (d,) unit vector of words or of a picture's id, from the cache or by ``encode`` in a slot.

    Raises NotReady, or Busy when no slot comes free.
    """

    def in_slot() -> Vectors:
        with inference() as model, timed(f"encode_{kind}"):
            return encode(model)

    return embeddings().get(kind, content, ready_encoder().fingerprint, in_slot, now=now)


def forget() -> None:
    """Drop the singletons, for tests and for a change of settings within one process."""
    global _derived, _categories, _suggestions, _failure, _stores
    _derived = _categories = _suggestions = _failure = None
    _stores = Stores()
    for singleton in (_load_encoder, embeddings, column_store):
        singleton.cache_clear()
