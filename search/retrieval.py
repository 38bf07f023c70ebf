"""The flow of a search, for pages, API and the demo shop alike: one query in, one answer out.

prepare   words and picture → vectors, filters, chips        search/query_builder/
answer    vector query → the frozen result set               search/candidates/
page      one page of the set → rows in two queries → SearchResult, logged
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from analytics.recording import SearchRecord, record_search
from catalog.models import Product
from search import engine, relaxation
from search.candidates import readings, result_set
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.engine import IndexSnapshot
from search.hits import hits_at
from search.query import MAX_OFFSET, Chip, SearchQuery, Sort
from search.query_builder import PreparedQuery, QueryBuilder, prepare_similar
from search.ranking import curation, rules
from search.ranking.kinds import KIND, kind_words
from search.result import Hit, SearchResult
from search.vectors import Rows

if TYPE_CHECKING:
    from accounts.models import User


class Stopwatch:
    """Milliseconds by stage of one search."""

    def __init__(self) -> None:
        self._started = time.perf_counter()
        self._stages = {"encode": 0.0, "search": 0.0, "rank": 0.0, "rows": 0.0}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        before = time.perf_counter()
        yield
        self._stages[name] += (time.perf_counter() - before) * 1000

    def took(self) -> dict[str, float]:
        """Every stage, and the total so far."""
        total = (time.perf_counter() - self._started) * 1000
        return {name: round(value, 2) for name, value in {**self._stages, "total": total}.items()}


def search(
    query: SearchQuery, *, user: User | None, now: datetime, track: bool, log: bool = True
) -> SearchResult:
    """Answer a query for a person (or nobody) at a moment, and log it.

    ``track`` False keeps the person and the words out of the log; it has no default, because only the
    request knows (``analytics.recording.tracking_allowed``). ``log`` False is for answers that nobody asked
    for, such as picks on a page. Raises InvalidQuery, InvalidImage, UnknownImage, and NotReady or Busy from
    the engine.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    prepared, result = _search(query, snapshot, clock, user=user, now=now)

    def again(changed: SearchQuery) -> SearchResult:
        return _search(changed, snapshot, clock, user=user, now=now)[1]

    if readings.leave_nothing(prepared.parsed, prepared.vector_query, snapshot, now=now):
        result = relaxation.with_reading_let_go(result, prepared.parsed.chips, again)
    if not result.total:
        result = relaxation.with_filter_let_go(result, again)
    if log:
        record_search(_record(result, user=user, now=now, track=track))
    return result


def similar(product: Product, *, top_k: int, now: datetime) -> SearchResult:
    """Products nearest to one product's own vector, never the product itself. Not logged as a search."""
    clock = Stopwatch()
    snapshot = engine.snapshot()
    with clock.stage("encode"):
        prepared = prepare_similar(product, snapshot, top_k=top_k, now=now)
    return _answer(prepared, snapshot, clock, now=now)


def _search(
    query: SearchQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, user: User | None, now: datetime
) -> tuple[PreparedQuery, SearchResult]:
    with clock.stage("encode"):
        prepared = QueryBuilder(query, snapshot, user=user, now=now).build()
    return prepared, _answer(prepared, snapshot, clock, now=now)


def _frozen(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime
) -> tuple[ResultSet, bool]:
    """The result set of a query as it was first computed, and whether it was known.

    A first page follows the index and the catalogue; later pages follow the first one.
    """
    key = prepared.vector_query.cache_key()
    known = result_set.load(key)
    if known is not None and (prepared.query.offset or known.is_current(snapshot)):
        return known, True
    computed = CandidateGenerator(prepared.vector_query, snapshot, now=now).result_set(clock.stage)
    result_set.save(key, computed)
    return computed, False


def _answer(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime
) -> SearchResult:
    frozen, was_frozen = _frozen(prepared, snapshot, clock, now=now)
    query = prepared.query
    with clock.stage("rows"):
        following = query.offset + query.top_k
        page = _sorted_positions(frozen, query.sort)[query.offset : following]
        close, rerank_pool = _outside(frozen, query)
        ranks = {int(at): query.offset + 1 + place for place, at in enumerate(page)}
        ranks |= {at: at + 1 for at in rerank_pool} | {at: at - frozen.total + 1 for at in close}
        hits = hits_at(frozen, ranks, _notes(prepared, frozen, np.array([*page, *close], np.int64), snapshot))
    return SearchResult(
        query_id=uuid.uuid4(),
        query=query,
        query_type=prepared.query_type,
        image_id=prepared.image_id,
        text_truncated=prepared.text_truncated,
        index_version=frozen.index_version,
        cutoff=frozen.cutoff,
        total=frozen.total,
        total_is_capped=frozen.is_capped,
        next_offset=following if following < min(frozen.total, MAX_OFFSET + 1) else None,
        took_ms=clock.took(),
        hits=_present(hits, page.tolist()),
        facets=frozen.facets,
        cache_hit=was_frozen,
        chips=(*prepared.parsed.beside(query.filters).chips, *_kind_chip(prepared, frozen, snapshot)),
        did_you_mean="" if prepared.text_corrected else _did_you_mean(prepared, snapshot),
        text_corrected=prepared.text_corrected or None,
        unknown_words=prepared.unknown_words,
        redirect=prepared.redirect,
        rerank_pool=_present(hits, rerank_pool),
        close=_present(hits, close),
    )


def _outside(frozen: ResultSet, query: SearchQuery) -> tuple[range, range]:
    """Positions of the looser matches and of the rerank pool, as far as this page shows them.

    Looser matches belong to the first page, for clients that ask for one, and behind the last.
    """
    first, behind = query.offset == 0, frozen.total + frozen.close
    is_last = query.offset + query.top_k >= frozen.total
    close = range(frozen.total, behind if first or is_last else frozen.total)
    return close, range(behind, len(frozen.keys) if first else behind)


def _present(hits: Mapping[int, Hit], positions: Iterable[int]) -> tuple[Hit, ...]:
    return tuple(hits[at] for at in positions if at in hits)


def _kind_chip(prepared: PreparedQuery, frozen: ResultSet, snapshot: IndexSnapshot) -> list[Chip]:
    """The kind that the answer is limited to, as a chip that takes it back."""
    words = kind_words(prepared.words, snapshot.categories)
    return [Chip(KIND, frozen.kind, words)] if frozen.kind else []


def _did_you_mean(prepared: PreparedQuery, snapshot: IndexSnapshot) -> str:
    """The words with those corrected that no product has; "" when there is nothing better."""
    if not prepared.words:
        return ""
    return snapshot.lexical.did_you_mean(
        prepared.words, synonyms=curation.current().synonyms, is_word=engine.ready_encoder().knows
    )


def _sorted_positions(frozen: ResultSet, sort: Sort) -> Rows:
    """Positions of the result set in the order asked for; equals stay in the order of relevance."""
    positions = np.arange(frozen.total)
    if sort is Sort.RELEVANCE:
        return positions
    if sort is Sort.NEWEST:
        return positions[np.argsort(-frozen.created[positions], kind="stable")]
    # argsort puts NaN last, so a product without a price ends either list.
    price = frozen.price[positions]
    return positions[np.argsort(-price if sort is Sort.PRICE_DESCENDING else price, kind="stable")]


def _notes(
    prepared: PreparedQuery, frozen: ResultSet, page: Rows, snapshot: IndexSnapshot
) -> dict[int, tuple[str, ...]]:
    """The effect of staff's curation on the products of this page, by primary key."""
    keys = frozen.keys[page]
    keys = keys[np.isin(keys, snapshot.columns.keys)]
    noted = curation.notes(
        keys,
        snapshot.columns.rows_of([int(key) for key in keys]),
        prepared.words,
        placements=prepared.vector_query.placements,
        curation=curation.current(),
        lexical=snapshot.lexical,
    )
    moved = rules.notes(prepared.vector_query.rules, snapshot.columns, keys)
    return {key: (*noted.get(key, ()), *moved.get(key, ())) for key in {**noted, **moved}}


def _record(result: SearchResult, *, user: User | None, now: datetime, track: bool) -> SearchRecord:
    """What the log keeps of an answer: no picture, no address."""
    query, best = result.query, result.hits[0] if result.hits else None
    return SearchRecord(
        query_id=result.query_id,
        query_type="image" if result.query_type == "for_you" else result.query_type,
        timestamp=now,
        results_count=result.total,
        took_ms=result.took_ms,
        user=user,
        text=query.text,
        image_id=result.image_id or "",
        weight=query.weight if result.query_type == "hybrid" else None,
        top_result_id=best.product.product_id if best else "",
        top_score=best.similarity if best else None,
        cutoff=result.cutoff,
        cache_hit=result.cache_hit,
        index_version=result.index_version,
        filters=query.filters.in_use(),
        track=track,
    )
