"""Two rankings of one query drawn into one answer by team draft: shoppers choose between them unasked.

F. Radlinski, M. Kurup and T. Joachims, "How does clickthrough data reflect retrieval quality?" (CIKM 2008):
in each round a coin says which team picks first, and each picks the best of its ranking that is not taken
yet. What both rankings show alike from the top belongs to no team: a click on it prefers neither.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.candidates.result_set import ResultSet
from search.result import Facets
from search.vectors import Rows, Scores

# Places that are drawn, more than the pages that shoppers look at; what follows stands as the shop ranks it.
DEPTH = 100

Styles = NDArray[np.int64]


def team_draft(ours: Sequence[int], theirs: Sequence[int], seed: str) -> list[tuple[int, bool]]:
    """The styles of both rankings, best first, each once, and whether the second ranking placed it.

    The first DEPTH places are drawn; the rest of ``ours`` and then of ``theirs`` follows.
    """
    coins = _coins(seed)
    taken: dict[int, bool] = {}
    at = [0, 0]
    rankings = (ours, theirs)
    for first in coins:
        for team in (first, 1 - first):
            ranking = rankings[team]
            while at[team] < len(ranking) and ranking[at[team]] in taken:
                at[team] += 1
            if at[team] < len(ranking):
                taken[ranking[at[team]]] = bool(team)
    placed = list(taken.items())[:DEPTH]
    known = {style for style, _theirs in placed}
    placed += [(style, False) for style in ours if style not in known]
    known.update(ours)
    return placed + [(style, True) for style in theirs if style not in known]


def _coins(seed: str) -> list[int]:
    """DEPTH tosses, always the same for the same seed."""
    bits = hashlib.shake_256(seed.encode()).digest(-(-DEPTH // 8))
    coins: list[int] = np.unpackbits(np.frombuffer(bits, np.uint8))[:DEPTH].tolist()
    return coins


def drafted(
    ours: ResultSet,
    theirs: ResultSet,
    styles: tuple[Styles, Styles],
    *,
    seed: str,
    facets: Facets,
    cap: int,
) -> ResultSet:
    """One result set with the cards of both; ``styles`` (n,) are those of their rows, ``facets`` the union's.

    Each card has the scores and the terms of the ranking that placed it.
    """
    ranked = [each[: found.total].tolist() for each, found in zip(styles, (ours, theirs), strict=True)]
    alike = _alike(ranked[0], ranked[1])
    union = team_draft(ranked[0], ranked[1], seed)
    placed = [(style, is_theirs and at >= alike) for at, (style, is_theirs) in enumerate(union[:cap])]
    places = [{style: at for at, style in enumerate(each)} for each in ranked]
    answer = {style for style, _theirs in placed}
    close = [at for at in range(ours.total, ours.total + ours.close) if int(styles[0][at]) not in answer]
    outside = range(ours.total + ours.close, len(ours.keys))
    variant = np.array([is_theirs for _style, is_theirs in placed], bool)
    # Rows of the one set behind those of the other.
    rows = [places[is_theirs][style] + is_theirs * len(ours.keys) for style, is_theirs in placed]
    kept = np.array([*rows, *close, *outside], np.int64)
    return replace(
        ours,
        **_columns(ours, theirs, kept),
        variants=tuple((theirs if own else ours).variants[places[own][style]] for style, own in placed),
        total=len(placed),
        is_capped=ours.is_capped or theirs.is_capped or len(union) > cap,
        facets=facets,
        close=len(close),
        kind=ours.kind if ours.kind == theirs.kind else "",
        theirs=np.concatenate([variant, np.zeros(len(kept) - len(placed), bool)]),
        alike=alike,
        pinned=None,
    )


def _columns(ours: ResultSet, theirs: ResultSet, kept: Rows) -> dict[str, Any]:
    """The arrays of both sets, one behind the other, at the rows that are kept."""

    def joined(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
        return np.concatenate([one, other])[kept]

    names = ("keys", "score", "similarity")
    columns: dict[str, Any] = {name: joined(getattr(ours, name), getattr(theirs, name)) for name in names}
    for name in ("image", "text", "relevance"):
        one, other = getattr(ours, name), getattr(theirs, name)
        columns[name] = None if one is None or other is None else joined(one, other)
    return columns | {"terms": _terms(ours, theirs, joined)}


def _terms(ours: ResultSet, theirs: ResultSet, joined: Any) -> Mapping[str, Scores]:
    """A term that one of the rankings does not have adds nothing to its scores."""

    def term(found: ResultSet, name: str) -> Scores:
        return found.terms.get(name, np.zeros(len(found.keys), np.float32))

    names = dict.fromkeys([*ours.terms, *theirs.terms])
    return {name: joined(term(ours, name), term(theirs, name)) for name in names}


def _alike(ours: Sequence[int], theirs: Sequence[int]) -> int:
    """How many places from the top both rankings fill with the same styles."""
    pairs = enumerate(zip(ours, theirs, strict=False))
    shorter = min(len(ours), len(theirs))
    return next((at for at, (one, other) in pairs if one != other), shorter)
