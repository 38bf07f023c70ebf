"""THE flow: one query in, one answer out, for pages and API alike. One short function per step.

words and picture → vectors (through the cache)         asking.py
→ frozen answer set (through the cache)                 candidates.py
→ one page of rows in one query → result, logged        here
"""

from __future__ import annotations

import hashlib
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from django.core.cache import caches
from numpy.typing import NDArray

from analytics.recording import SearchRecord, record_search
from catalog.models import Product
from search import engine
from search.candidates.generator import CandidateGenerator, ResultSet
from search.engine import IndexSnapshot
from search.query import MAX_OFFSET, SearchQuery, Sort
from search.query_builder import PreparedQuery, QueryBuilder, prepare_similar
from search.ranking import curation
from search.result import Hit, SearchResult

if TYPE_CHECKING:
    from accounts.models import User

# How long an answer set stays frozen: enough to page through it, short enough for a changing shop.
ANSWER_SECONDS = 600


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
    query: SearchQuery, *, user: User | None, now: datetime, track: bool = True, log: bool = True
) -> SearchResult:
    """Answer a query for a person (or nobody) at a moment, and log it.

    ``track`` False keeps the person and the words out of the log; ``log`` False is for answers that nobody
    asked for, such as picks on a page. Raises InvalidQuery, InvalidImage,
    UnknownImage, and NotReady or Busy from the engine.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    result = _search(query, snapshot, clock, user=user, now=now)
    if not result.total and any(chip.field != "exclude" for chip in result.chips):
        # What was read into the words leaves nothing: take them as they stand.
        result = _search(replace(query, ignore=("all",)), snapshot, clock, user=user, now=now)
    if log:
        record_search(_record(result, user=user, now=now, track=track))
    return result


def similar(product: Product, *, top_k: int, now: datetime) -> SearchResult:
    """Products nearest to one product's own vector, never the product itself. Not logged as a search."""
    clock = Stopwatch()
    snapshot = engine.snapshot()
    with clock.stage("encode"):
        prepared = prepare_similar(product, snapshot, top_k=top_k, now=now)
    return _result(prepared, snapshot, clock, now=now)


def _search(
    query: SearchQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, user: User | None, now: datetime
) -> SearchResult:
    with clock.stage("encode"):
        prepared = QueryBuilder(query, snapshot, user=user, now=now).build()
    return _result(prepared, snapshot, clock, now=now)


# In the keys of kept answers: a release that keeps other fields must not meet those of the one before.
_SHAPE = hashlib.sha256(repr([each.name for each in fields(ResultSet)]).encode()).hexdigest()[:8]


def _frozen(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime
) -> tuple[ResultSet, bool]:
    """The answer set of a vector_query as it was first answered, and whether it was known.

    A first page follows the index and the catalogue; later pages follow the first one.
    """
    key = f"answer:{_SHAPE}:{prepared.vector_query.digest()}"
    known: ResultSet | None = caches["answers"].get(key)
    if known is not None and (prepared.query.offset or _is_current(known, snapshot)):
        return known, True
    answers = CandidateGenerator(prepared.vector_query, snapshot, now=now).answer(clock.stage)
    caches["answers"].set(key, answers, ANSWER_SECONDS)
    return answers, False


def _is_current(answers: ResultSet, snapshot: IndexSnapshot) -> bool:
    same_index = answers.index_version == snapshot.index.manifest.version
    return same_index and answers.generation == snapshot.columns.generation


def _result(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime
) -> SearchResult:
    answers, was_frozen = _frozen(prepared, snapshot, clock, now=now)
    query = prepared.query
    with clock.stage("rows"):
        page = _sorted_positions(answers, query.sort)[query.offset : query.offset + query.top_k]
        behind = np.arange(answers.total, len(answers.keys)) if query.offset == 0 else page[:0]
        hits = _hits(
            answers,
            [*page, *behind],
            first_rank=query.offset + 1,
            notes=_notes(prepared, answers, page, snapshot),
        )
    following = query.offset + query.top_k
    return SearchResult(
        query_id=uuid.uuid4(),
        query=query,
        query_type=prepared.query_type,
        image_id=prepared.image_id,
        text_truncated=prepared.text_truncated,
        index_version=answers.index_version,
        cutoff=answers.cutoff,
        total=answers.total,
        total_is_capped=answers.is_capped,
        next_offset=following if following < min(answers.total, MAX_OFFSET + 1) else None,
        took_ms=clock.took(),
        hits=tuple(hit for hit in hits if hit.rank <= answers.total),
        facets=answers.facets,
        cache_hit=was_frozen,
        chips=prepared.parsed.chips,
        did_you_mean=_did_you_mean(prepared, snapshot),
        rerank_pool=tuple(hit for hit in hits if hit.rank > answers.total),
    )


def _did_you_mean(prepared: PreparedQuery, snapshot: IndexSnapshot) -> str:
    """The words with those corrected that no product has; "" when there is nothing better."""
    if not prepared.words:
        return ""
    return snapshot.lexical.did_you_mean(
        prepared.words, synonyms=curation.current().synonyms, is_word=engine.ready_encoder().knows
    )


def _sorted_positions(answers: ResultSet, sort: Sort) -> NDArray[np.int64]:
    """Positions of the answer in the asked order; equals stay in the order of relevance."""
    positions = np.arange(answers.total)
    if sort is Sort.RELEVANCE:
        return positions
    if sort is Sort.NEWEST:
        return positions[np.argsort(-answers.created[positions], kind="stable")]
    # argsort puts NaN last, so a product without a price ends either list.
    price = answers.price[positions]
    return positions[np.argsort(-price if sort is Sort.PRICE_DESCENDING else price, kind="stable")]


def _notes(
    prepared: PreparedQuery, answers: ResultSet, page: NDArray[np.int64], snapshot: IndexSnapshot
) -> dict[int, tuple[str, ...]]:
    """What staff's word did to the products of this page, by product key."""
    keys = answers.keys[page]
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
    answers: ResultSet, positions: Sequence[int], *, first_rank: int, notes: dict[int, tuple[str, ...]]
) -> list[Hit]:
    """Hits for positions of the answer set, from one query for products and one for their pictures."""
    keys = [int(answers.keys[at]) for at in positions]
    others = [key for at in positions if at < answers.total for key in answers.variants[at]]
    products = Product.objects.active().for_cards().in_bulk([*keys, *others])
    hits = []
    for place, (at, key) in enumerate(zip(positions, keys, strict=True)):
        if key in products:
            rank = first_rank + place if at < answers.total else int(at) + 1
            hits.append(_hit(answers, int(at), rank, products, notes.get(key, ())))
    return hits


def _hit(answers: ResultSet, at: int, rank: int, products: dict[int, Product], notes: tuple[str, ...]) -> Hit:
    variants = answers.variants[at] if at < answers.total else ()
    return Hit(
        rank=rank,
        product=products[int(answers.keys[at])],
        score=_shown(answers.score[at]),
        similarity=_shown(answers.similarity[at]),
        image_score=None if answers.image is None else _shown(answers.image[at]),
        text_score=None if answers.text is None else _shown(answers.text[at]),
        relevance=None if answers.relevance is None else _shown(answers.relevance[at]),
        terms={name: float(values[at]) for name, values in answers.terms.items()},
        notes=notes,
        variants=tuple(products[key] for key in variants if key in products),
    )


def _shown(score: float) -> float:
    # Six digits keep similarity = w·image + (1-w)·text true to the eye of any client.
    return round(float(min(max(score, 0.0), 1.0)), 6)


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
