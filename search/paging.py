"""Pages of an answer by its ``query_id``, and what the answer holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from catalog.models import Product
from search import engine
from search.answers import frozen
from search.answers.frozen import AnswerExpired, FrozenAnswer
from search.answers.pages import Stopwatch, page_of
from search.candidates import result_set
from search.candidates.generator import CandidateGenerator
from search.candidates.result_set import ResultSet
from search.engine import IndexSnapshot
from search.ranking import popularity
from search.result import SearchResult

if TYPE_CHECKING:
    from accounts.models import User


def page(
    query_id: UUID, *, offset: int, top_k: int | None = None, user: User | None, now: datetime
) -> SearchResult:
    """A page of an earlier answer, exactly as it was frozen, with ``top_k`` results, by default
    as many as before. Not logged again.

    Raises AnswerExpired for an answer that is not kept, or belongs to somebody else.
    """
    clock = Stopwatch()
    snapshot = engine.snapshot()
    found = frozen.find(query_id, user=user)
    result = _page(found, query_id, snapshot, clock, offset=offset, top_k=top_k or found.asked.top_k)
    if found.close_id is not None:
        looser = frozen.find(found.close_id, user=user)
        first = _page(looser, found.close_id, snapshot, clock, offset=0, top_k=looser.asked.top_k)
        result = replace(result, close=first.hits, close_id=found.close_id)
    return replace(result, relaxed=found.relaxed)


def _page(
    found: FrozenAnswer,
    query_id: UUID,
    snapshot: IndexSnapshot,
    clock: Stopwatch,
    *,
    offset: int,
    top_k: int,
) -> SearchResult:
    known = found.result_set() or _again(found, snapshot, clock)
    query = replace(found.prepared.query, offset=offset, top_k=top_k)
    return page_of(replace(found.prepared, query=query), known, query_id, snapshot, clock, was_frozen=True)


def _again(found: FrozenAnswer, snapshot: IndexSnapshot, clock: Stopwatch) -> ResultSet:
    """The same set again, after the cache has dropped it. Raises AnswerExpired where it would differ."""
    asked = found.prepared.vector_query
    if asked.popularity not in ("", popularity.version()):
        raise AnswerExpired
    # Asked first: its vectors may be of another model than the index here, even of another dimension.
    if result_set.address_in(snapshot, asked.cache_key()) != found.address:
        raise AnswerExpired
    computed = CandidateGenerator(asked, snapshot, now=found.asked_at).result_set(clock.stage)
    result_set.save(asked.cache_key(), computed)
    return computed


def answer_holds(query_id: UUID, product_id: str) -> bool | None:
    """Whether a product is in the answer, its looser matches or its rerank pool; None once it has expired."""
    found = frozen.load(query_id)
    answered = None if found is None else found.result_set()
    if found is None or answered is None:
        return None
    key = Product.objects.filter(product_id=product_id).values_list("pk", flat=True).first()
    if key in answered.keys or any(key in variants for variants in answered.variants):
        return True
    return answer_holds(found.close_id, product_id) if found.close_id else False
