"""The flow of a search, for pages, API and the demo shop alike: one query in, one answer out.

prepare   words and picture → vectors, filters, chips        search/query_builder.py
answer    vector query → the frozen result set               search/candidates/
page      one page of the set → rows in two queries → SearchResult, logged
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from analytics.recording import SearchRecord, record_search
from catalog.models import Product
from search import engine
from search import frozen as frozen_answers
from search.candidates import result_set
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.engine import IndexSnapshot
from search.query import MAX_OFFSET, SearchQuery, Sort
from search.query_builder import PreparedQuery, QueryBuilder, prepare_similar
from search.ranking import curation
from search.result import Hit, SearchResult
from search.vectors import Rows

if TYPE_CHECKING:
    from accounts.models import User

# Digits of a score in an answer: they keep similarity = w·image + (1-w)·text true for any client.
SCORE_DIGITS = 6


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
    result = _search(query, snapshot, clock, user=user, now=now)
    if not result.total and any(chip.field != "exclude" for chip in result.chips):
        # The filters that were read from the words leave nothing: take the words literally.
        result = _search(replace(query, ignore=("all",)), snapshot, clock, user=user, now=now)
    if log:
        record_search(_record(result, user=user, now=now, track=track))
    return result


def similar(product: Product, *, top_k: int, now: datetime, offset: int = 0) -> SearchResult:
    """Products nearest to one product's own vector, never the product itself.

    Logged under a kind of its own: clicks may name it, and no figure about searches counts it.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    with clock.stage("encode"):
        prepared = prepare_similar(product, snapshot, top_k=top_k, now=now)
    prepared = replace(prepared, query=replace(prepared.query, offset=offset))
    result = _answer(prepared, snapshot, clock, user=None, now=now)
    record_search(replace(_record(result, user=None, now=now, track=False), query_type="similar"))
    return result


def _search(
    query: SearchQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, user: User | None, now: datetime
) -> SearchResult:
    with clock.stage("encode"):
        prepared = QueryBuilder(query, snapshot, user=user, now=now).build()
    return _answer(prepared, snapshot, clock, user=user, now=now)


def _frozen(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime
) -> tuple[ResultSet, bool]:
    """The result set of a query as it was first computed, and whether it was known.

    A first page follows the index and the catalogue; later pages follow the first one.
    """
    key = prepared.vector_query.cache_key()
    known = result_set.load(key)
    if known is not None and (prepared.query.offset or _is_current(known, snapshot)):
        return known, True
    computed = CandidateGenerator(prepared.vector_query, snapshot, now=now).result_set(clock.stage)
    result_set.save(key, computed)
    return computed, False


def _is_current(known: ResultSet, snapshot: IndexSnapshot) -> bool:
    same_index = known.index_version == snapshot.index.manifest.version
    return same_index and known.generation == snapshot.columns.generation


def _answer(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, user: User | None, now: datetime
) -> SearchResult:
    answered, was_frozen = _frozen(prepared, snapshot, clock, now=now)
    query_id = uuid.uuid4()
    frozen_answers.save(query_id, prepared, answered, user=user, now=now)
    return page_of(prepared, answered, query_id, snapshot, clock, was_frozen=was_frozen)


def page_of(
    prepared: PreparedQuery,
    frozen: ResultSet,
    query_id: uuid.UUID,
    snapshot: IndexSnapshot,
    clock: Stopwatch,
    *,
    was_frozen: bool,
) -> SearchResult:
    """The page of a result set that the query asks for."""
    query = prepared.query
    with clock.stage("rows"):
        page = _sorted_positions(frozen, query.sort)[query.offset : query.offset + query.top_k]
        rerank_pool = np.arange(frozen.total, len(frozen.keys)) if query.offset == 0 else page[:0]
        hits = _hits(
            frozen,
            [*page, *rerank_pool],
            first_rank=query.offset + 1,
            notes=_notes(prepared, frozen, page, snapshot),
        )
    following = query.offset + query.top_k
    return SearchResult(
        query_id=query_id,
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
        hits=tuple(hit for hit in hits if hit.rank <= frozen.total),
        facets=frozen.facets,
        cache_hit=was_frozen,
        chips=prepared.parsed.chips,
        did_you_mean=_did_you_mean(prepared, snapshot),
        rerank_pool=tuple(hit for hit in hits if hit.rank > frozen.total),
    )


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
    return curation.notes(
        keys,
        snapshot.columns.rows_of([int(key) for key in keys]),
        prepared.words,
        placements=prepared.vector_query.placements,
        curation=curation.current(),
        lexical=snapshot.lexical,
    )


def _hits(
    frozen: ResultSet, positions: Sequence[int], *, first_rank: int, notes: dict[int, tuple[str, ...]]
) -> list[Hit]:
    """Hits for positions of the result set, from one query for products and one for their pictures."""
    keys = [int(frozen.keys[at]) for at in positions]
    others = [key for at in positions if at < frozen.total for key in frozen.variants[at]]
    products = Product.objects.active().for_cards().in_bulk([*keys, *others])
    hits = []
    for place, (at, key) in enumerate(zip(positions, keys, strict=True)):
        # A product that left the shop since the set was frozen is skipped.
        if key in products:
            rank = first_rank + place if at < frozen.total else int(at) + 1
            hits.append(_hit(frozen, int(at), rank, products, notes.get(key, ())))
    return hits


def _hit(frozen: ResultSet, at: int, rank: int, products: dict[int, Product], notes: tuple[str, ...]) -> Hit:
    variants = frozen.variants[at] if at < frozen.total else ()
    return Hit(
        rank=rank,
        product=products[int(frozen.keys[at])],
        score=_rounded(frozen.score[at]),
        similarity=_rounded(frozen.similarity[at]),
        image_score=None if frozen.image is None else _rounded(frozen.image[at]),
        text_score=None if frozen.text is None else _rounded(frozen.text[at]),
        relevance=None if frozen.relevance is None else _rounded(frozen.relevance[at]),
        terms={name: float(values[at]) for name, values in frozen.terms.items()},
        notes=notes,
        variants=tuple(products[key] for key in variants if key in products),
    )


def _rounded(score: float) -> float:
    """A score as clients see it: clipped to [0, 1]."""
    return round(float(min(max(score, 0.0), 1.0)), SCORE_DIGITS)


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
