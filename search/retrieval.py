"""The flow of a search, for pages, API and the demo shop alike: one query in, one answer out.

prepare   words and picture → vectors, filters, chips        search/query_builder/
answer    vector query → the frozen result set               search/candidates/
page      one page of the set → rows in two queries → SearchResult, logged and kept    search/answers/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from analytics.experiments.participation import Draw
from analytics.experiments.running import Variant
from analytics.recording import SearchRecord, record_search
from catalog.models import Product
from search import engine, relaxation
from search.answers import frozen
from search.answers.pages import Stopwatch, page_of
from search.candidates import readings, result_set
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.engine import IndexSnapshot
from search.query import SearchQuery
from search.query_builder import PreparedQuery, QueryBuilder, prepare_similar
from search.query_builder.variant import drawn, varied
from search.ranking.taste import Likes
from search.result import SearchResult

if TYPE_CHECKING:
    from accounts.models import User


def search(
    query: SearchQuery,
    *,
    user: User | None,
    now: datetime,
    track: bool,
    session: str = "",
    log: bool = True,
    draw: Draw | None = None,
    variant: Variant | None = None,
) -> SearchResult:
    """Answer a query for a person (or nobody) at a moment, log it, and keep it for further pages.

    ``session`` is the key of the visitor's (``analytics.sessions.keys.of_request``), "" for none.

    ``track`` False keeps the person and the words out of the log; it has no default, because only the
    request knows (``analytics.recording.tracking_allowed``). ``log`` False, for answers that nobody asked
    for, such as picks on a page, neither logs nor keeps. ``draw`` draws the answer from the shop's ranking
    and from that of the running experiment. ``variant`` answers as that ranking alone would, for staff to
    compare; such a result set is not cached. Raises InvalidQuery, InvalidImage, UnknownImage, and NotReady or
    Busy from the engine.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    likes = Likes(user, session, snapshot, now)
    answers: dict[UUID, tuple[_Answered, SearchResult]] = {}

    def prepared_for(asked: SearchQuery) -> PreparedQuery:
        with clock.stage("encode"):
            prepared = QueryBuilder(asked, snapshot, user=user, now=now, likes=likes).build()
            return drawn(varied(prepared, variant, snapshot, now=now), draw, snapshot, now=now)

    def answer(asked: SearchQuery) -> SearchResult:
        prepared = prepared_for(asked)
        answered, result = _answer(prepared, snapshot, clock, now=now, cached=variant is None)
        answers[result.query_id] = _Answered(prepared, answered), result
        return result

    def has_answer(asked: SearchQuery) -> bool:
        prepared = prepared_for(asked)
        return _frozen(prepared, snapshot, clock, now=now, cached=variant is None)[0].total > 0

    result = answer(query)
    found = answers[result.query_id][0]
    parsed, asked = found.prepared.parsed, found.prepared.vector_query
    if readings.leave_nothing(parsed, asked, found.result_set, snapshot, now=now):
        result = relaxation.with_reading_let_go(result, parsed.chips, answer, has_answer)
    if not result.total:
        result = relaxation.with_filter_let_go(result, answer)
    result = relaxation.without_sizes(result, found.prepared.sizes_not_sold)
    if log:
        if result.close_id is not None:
            looser, its_result = answers[result.close_id]
            looser.keep(its_result, user=user, now=now)
        answers[result.query_id][0].keep(result, user=user, now=now, asked=query)
        record_search(_record(result, user=user, now=now, track=track, session=session))
    return result


def similar(product: Product, *, top_k: int, now: datetime, offset: int = 0) -> SearchResult:
    """Products nearest to one product's own vector that can be bought, never of its own style.

    Logged under a kind of its own: clicks may name it, and no figure about searches counts it.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    with clock.stage("encode"):
        prepared = prepare_similar(product, snapshot, top_k=top_k, now=now)
    prepared = replace(prepared, query=replace(prepared.query, offset=offset))
    answered, result = _answer(prepared, snapshot, clock, now=now)
    frozen.save(result, prepared, answered, user=None, now=now)
    record_search(replace(_record(result, user=None, now=now, track=False), query_type="similar"))
    return result


@dataclass(frozen=True)
class _Answered:
    prepared: PreparedQuery
    result_set: ResultSet

    def keep(
        self, result: SearchResult, *, user: User | None, now: datetime, asked: SearchQuery | None = None
    ) -> None:
        frozen.save(result, self.prepared, self.result_set, user=user, now=now, asked=asked)


def _frozen(
    prepared: PreparedQuery, snapshot: IndexSnapshot, clock: Stopwatch, *, now: datetime, cached: bool
) -> tuple[ResultSet, bool]:
    """The result set of a query as it was first computed, and whether it was known.

    A first page follows the index and the catalogue; later pages follow the first one.
    """
    key = prepared.vector_query.cache_key()
    known = result_set.load(key) if cached else None
    if known is not None and (prepared.query.offset or known.is_current(snapshot)):
        return known, True
    computed = CandidateGenerator(prepared.vector_query, snapshot, now=now).result_set(clock.stage)
    if cached:
        result_set.save(key, computed)
    return computed, False


def _answer(
    prepared: PreparedQuery,
    snapshot: IndexSnapshot,
    clock: Stopwatch,
    *,
    now: datetime,
    cached: bool = True,
) -> tuple[ResultSet, SearchResult]:
    answered, was_known = _frozen(prepared, snapshot, clock, now=now, cached=cached)
    return answered, page_of(prepared, answered, uuid4(), snapshot, clock, was_frozen=was_known)


def _record(
    result: SearchResult, *, user: User | None, now: datetime, track: bool, session: str = ""
) -> SearchRecord:
    """What the log keeps of an answer: no picture, no address."""
    query, best = result.query, result.hits[0] if result.hits else None
    return SearchRecord(
        query_id=result.query_id,
        query_type="image" if result.query_type == "for_you" else result.query_type,
        timestamp=now,
        # A page that staff lead the search to is what it finds, whatever products do.
        results_count=max(result.total, 1) if result.redirect else result.total,
        took_ms=result.took_ms,
        user=user,
        session=session,
        text=query.text,
        image_id=result.image_id or "",
        weight=query.weight if result.query_type == "hybrid" else None,
        top_result_id=best.product.product_id if best else "",
        top_score=best.similarity if best and not result.redirect else None,
        cutoff=result.cutoff,
        cache_hit=result.cache_hit,
        index_version=result.index_version,
        filters=query.filters.in_use(),
        track=track,
        experiment=result.experiment,
        teams=result.teams,
    )
