"""One page of a result set: rows in few queries, with what is said about them."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from analytics.experiments.credit import OURS, THEIRS
from catalog.display import cards
from search.candidates.drafting import DEPTH
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.hits import hits_at
from search.language.parsed_query import ORDER
from search.language.patterns import trim_connectives
from search.query import MAX_OFFSET, Chip, SearchQuery
from search.query_builder import PreparedQuery
from search.ranking import curation, rules
from search.ranking.curation import Curation
from search.ranking.kinds import KIND, kind_words
from search.result import Hit, SearchResult
from search.vectors import Keys, Rows


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
    following = query.offset + query.top_k
    with clock.stage("rows"):
        shown = _shown(prepared, frozen, snapshot)
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
        hits=shown.hits,
        facets=frozen.facets,
        cache_hit=was_frozen,
        searched=prepared.searched,
        order=prepared.order,
        usual_order=prepared.usual_order,
        is_popularity_known=prepared.is_popularity_known,
        chips=(*_read_chips(prepared), *_kind_chip(prepared, frozen, snapshot)),
        did_you_mean=prepared.did_you_mean,
        text_corrected=prepared.text_corrected or None,
        unknown_words=prepared.unknown_words,
        not_sold=prepared.not_sold,
        redirect=prepared.redirect,
        rerank_pool=shown.rerank_pool,
        close=shown.close,
        **_drawn(prepared, frozen),
    )


@dataclass(frozen=True)
class _Shown:
    """The hits of one page, and those beside it."""

    hits: tuple[Hit, ...]
    close: tuple[Hit, ...]
    rerank_pool: tuple[Hit, ...]


def _shown(prepared: PreparedQuery, frozen: ResultSet, snapshot: IndexSnapshot) -> _Shown:
    """The hits of the page that the query asks for: the same objects while set, cards and notes stand."""
    query = prepared.query
    page = range(query.offset, min(query.offset + query.top_k, frozen.total))
    close, rerank_pool = _outside(frozen, query)
    notes = _notes(prepared, frozen, np.array([*page, *close], np.int64), snapshot)
    ranks = {at: at + 1 for at in (*page, *rerank_pool)} | {at: at - frozen.total + 1 for at in close}
    held = cards.current()

    def made() -> _Shown:
        hits = hits_at(frozen, prepared.vector_query, ranks, notes, held)
        parts = (page, close, rerank_pool)
        return _Shown(*(tuple(hits[at] for at in part if at in hits) for part in parts))

    return held.made((frozen, tuple(ranks.items()), tuple(notes.items())), made)


def _outside(frozen: ResultSet, query: SearchQuery) -> tuple[range, range]:
    """Positions of the looser matches and of the rerank pool, as far as this page shows them.

    Looser matches belong to the first page, for clients that ask for one, and behind the last.
    """
    first, behind = query.offset == 0, frozen.total + frozen.close
    is_last = query.offset + query.top_k >= frozen.total
    close = range(frozen.total, behind if first or is_last else frozen.total)
    return close, range(behind, len(frozen.keys) if first else behind)


def _read_chips(prepared: PreparedQuery) -> Iterator[Chip]:
    """What was read from the words and holds: another order that was chosen replaces theirs."""
    chips = prepared.parsed.beside(prepared.query.filters).chips
    return (each for each in chips if each.field != ORDER or each.value == prepared.order)


def _kind_chip(prepared: PreparedQuery, frozen: ResultSet, snapshot: IndexSnapshot) -> list[Chip]:
    """The kind that the answer is limited to, as a chip that takes it back; without words where it is that of
    the picture.
    """
    is_pictured = prepared.vector_query.image is not None
    words = "" if is_pictured else trim_connectives(kind_words(prepared.words, snapshot.categories))
    return [Chip(KIND, frozen.kind, words)] if frozen.kind else []


def _drawn(prepared: PreparedQuery, frozen: ResultSet) -> dict[str, Any]:
    """The experiment that drew the set, and the products that each ranking placed where they differ."""
    draft = prepared.vector_query.draft
    if draft is None or frozen.theirs is None:
        return {}
    drawn = _places_of_teams(frozen)
    keys, theirs = frozen.keys[drawn], frozen.theirs[drawn]
    teams = {OURS: tuple(keys[~theirs].tolist()), THEIRS: tuple(keys[theirs].tolist())}
    return {"experiment": draft.experiment, "teams": teams if len(keys) else {}}


def _places_of_teams(frozen: ResultSet) -> Rows:
    """Rows that the teams placed: what both pin led both rankings before it moved to its places."""
    is_free = np.ones(frozen.total, np.bool_) if frozen.pinned is None else ~frozen.pinned[: frozen.total]
    pins = frozen.total - np.count_nonzero(is_free)
    return np.flatnonzero(is_free)[max(frozen.alike - pins, 0) : max(DEPTH - pins, 0)]


def _notes(
    prepared: PreparedQuery, frozen: ResultSet, page: Rows, snapshot: IndexSnapshot
) -> dict[int, tuple[str, ...]]:
    """What staff's curation did to the products of this page, by primary key: under the ranking that placed
    each of them.
    """
    query = prepared.vector_query
    if frozen.theirs is None or query.draft is None or query.is_curated_as(query.draft.rival):
        return _curated(prepared.words, query, frozen.keys[page], snapshot)
    theirs = frozen.theirs[page]
    ours = _curated(prepared.words, query, frozen.keys[page[~theirs]], snapshot)
    return ours | _curated(prepared.words, query.draft.rival, frozen.keys[page[theirs]], snapshot)


def _curated(
    words: str, query: VectorQuery, keys: Keys, snapshot: IndexSnapshot
) -> dict[int, tuple[str, ...]]:
    rows = snapshot.columns.rows_of(keys.tolist())
    keys = snapshot.columns.keys[rows]
    noted = curation.notes(
        keys,
        rows,
        words,
        placements=query.placements,
        # Those that were applied, whatever staff changed since.
        curation=Curation(synonyms=query.synonyms),
        lexical=snapshot.lexical,
    )
    moved = rules.notes(query.rules, snapshot.columns, keys)
    return {key: (*noted.get(key, ()), *moved.get(key, ())) for key in {**noted, **moved}}
