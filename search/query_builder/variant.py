"""The same query as a variant of the ranking would have it: nothing but what the variant changes differs."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime

from analytics.experiments.participation import Draw
from analytics.experiments.running import Variant
from search.candidates.vector_query import Draft, VectorQuery
from search.engine import IndexSnapshot
from search.language.lexicon import USUAL_NAMES
from search.query import Sort
from search.query_builder.encoding import encode_words
from search.query_builder.prepared import PreparedQuery
from search.ranking.curation import Curation
from search.ranking.score import Weights
from search.ranking.weights import configured_weights


def under(query: VectorQuery, variant: Variant, snapshot: IndexSnapshot, *, now: datetime) -> VectorQuery:
    """``query`` under the variant. Raises ValueError for a weight out of its range; NotReady or Busy where
    words have to be encoded anew.
    """
    changed = replace(query, weights=Weights(**asdict(configured_weights()) | variant.weights))
    if not variant.curation:
        changed = replace(changed, pins=(), buried=(), rules=())
    return changed if variant.synonyms else _without_synonyms(changed, snapshot, now)


def _without_synonyms(query: VectorQuery, snapshot: IndexSnapshot, now: datetime) -> VectorQuery:
    """With the names that the language itself has for a thing, and none of staff's."""
    synonyms = Curation(synonyms=USUAL_NAMES).relevant_synonyms(query.words)
    if synonyms == query.synonyms or not query.words:
        return query
    return replace(query, synonyms=synonyms, text=encode_words(query.words, snapshot, synonyms, now))


def varied(
    prepared: PreparedQuery, variant: Variant | None, snapshot: IndexSnapshot, *, now: datetime
) -> PreparedQuery:
    """The query as the variant alone would answer it. Raises as ``under`` does."""
    if variant is None:
        return prepared
    return replace(prepared, vector_query=under(prepared.vector_query, variant, snapshot, now=now))


def drawn(
    prepared: PreparedQuery, draw: Draw | None, snapshot: IndexSnapshot, *, now: datetime
) -> PreparedQuery:
    """The query with the variant to draw its answer from. Words alone take part: beside a picture the page
    re-ranks by itself while the slider moves, and while browsing and in another order nothing is compared.
    """
    is_compared = prepared.query_type == "text" and prepared.order is Sort.RELEVANCE
    is_compared &= not prepared.vector_query.is_browse
    if draw is None or not is_compared:
        return prepared
    query = prepared.vector_query
    rival = under(query, draw.variant, snapshot, now=now)
    draft = Draft(draw.experiment, draw.seed, rival)
    return replace(prepared, vector_query=replace(query, draft=draft))
