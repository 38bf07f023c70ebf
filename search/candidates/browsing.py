"""Browsing: the products that pass the filters, without words or a picture to compare them with.

    score = availability + popularity + freshness, weighted, + what staff add

A result set holds as many cards as any other, so the order asked for decides which: the cheapest of a shop
are not among its most popular.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce

import numpy as np

from search.candidates import staff
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.engine import IndexSnapshot
from search.ranking import diversity, orders, popularity, score
from search.ranking.facets import FacetCounter, passing_all_but_one
from search.vectors import Mask, Rows, Scores

# In stock comes first; what sells comes before what is new.
WEIGHTS = {"availability": 0.5, "popularity": 0.3, "freshness": 0.2}


@dataclass(frozen=True)
class _Ranked:
    """Scores of index rows (r,), and the parts that they are the sum of."""

    rows: Rows
    score: Scores
    terms: Mapping[str, Scores]


def result_set(
    query: VectorQuery,
    snapshot: IndexSnapshot,
    *,
    permitted: Callable[[Mask], Mask],
    cap: int,
    now: datetime,
) -> ResultSet:
    """The first ``cap`` cards in the query's order; ``permitted`` keeps what of rows (n,) may answer."""
    columns = snapshot.columns
    pool = np.flatnonzero(permitted(passing_all_but_one(columns, query.filters)))
    counter = FacetCounter(columns, query.filters, pool, cap=cap)
    ranked = _ranked(query, snapshot, counter.passing(), now)
    best = score.order(ranked.score, columns.keys[ranked.rows])
    order = best[orders.positions_in(query.order, ranked.rows[best], columns)]
    kept, is_capped = orders.first_styles(columns.group[ranked.rows[order]], cap)
    order = order[kept]
    folded = diversity.fold(ranked.rows[order], columns.group)
    cards = order[folded.cards]
    rows, keys = ranked.rows[cards], np.asarray(columns.keys)[ranked.rows]
    return ResultSet(
        keys=columns.keys[rows],
        score=ranked.score[cards],
        similarity=np.zeros(len(cards), np.float32),
        image=None,
        text=None,
        relevance=None,
        terms={name: values[cards] for name, values in ranked.terms.items()},
        variants=tuple(
            tuple(keys[order[others]].tolist()) if len(others) else () for others in folded.variants
        ),
        total=len(cards),
        is_capped=is_capped,
        cutoff=0.0,
        facets=counter.facets(),
        index_version=snapshot.index.manifest.version,
        generation=columns.generation,
    )


def _ranked(query: VectorQuery, snapshot: IndexSnapshot, rows: Rows, now: datetime) -> _Ranked:
    columns = snapshot.columns
    popular = popularity.shares(columns, rows) if query.popularity else None
    values: dict[str, Scores] = {
        "availability": columns.in_stock[rows].astype(np.float32),
        "popularity": np.zeros(len(rows), np.float32) if popular is None else popular,
        "freshness": score.freshness(score.age_days(columns.created[rows], now)),
    }
    terms = {name: np.asarray(share * values[name], np.float32) for name, share in WEIGHTS.items()}
    curated = staff.bonuses(query, columns, rows)
    if curated is not None:
        terms["curated"] = curated
    total = reduce(np.add, terms.values())
    return _Ranked(rows, total, {**terms, "rest": total})
