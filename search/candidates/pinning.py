"""The products that staff pinned stand at their places among those that answer.

The ranking has them lead in their order, each as the card of its style (``curation.bonuses``). Here they
move to their places, and the others fill the rest in the order that they have: page, endpoints and agents
read this one set. A pin that the filters leave out is not in it, and leaves no gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from search.candidates.result_set import ResultSet
from search.vectors import Mask, Rows, Scores


def at_places(answer: ResultSet, pins: Sequence[tuple[int, int]]) -> ResultSet:
    """The answer with its pinned cards at their places; ``pins`` are primary keys and places from 1, in their
    order.
    """
    at = {key: row for row, key in enumerate(answer.keys[: answer.total].tolist())}
    found = [(at[key], place) for key, place in pins if key in at]
    if not found:
        return answer
    rows = np.arange(len(answer.keys))
    pinned = np.zeros(len(rows), np.bool_)
    pinned[places([place for _row, place in found], answer.total)] = True
    cards = np.array([row for row, _place in found])
    order = np.empty_like(rows)
    order[pinned], order[~pinned] = cards, np.setdiff1d(rows, cards)
    return _scored(_ordered(answer, order), pinned)


def places(wanted: Sequence[int], total: int) -> list[int]:
    """Rows from 0, ascending, for places from 1 that are wanted in ascending order, of ``total`` rows: where
    one is taken the next is, and what is wanted behind the end stands there.
    """
    found: list[int] = []
    for number, place in enumerate(wanted):
        following = max(place - 1, found[-1] + 1) if found else place - 1
        found.append(min(following, total - (len(wanted) - number)))
    return found


def _ordered(answer: ResultSet, order: Rows) -> ResultSet:
    """The same rows in another order."""

    def ordered(values: Any) -> Any:
        return None if values is None else values[order]

    names = ("keys", "score", "similarity", "image", "text", "relevance", "theirs")
    return replace(
        answer,
        **{name: ordered(getattr(answer, name)) for name in names},
        terms={name: values[order] for name, values in answer.terms.items()},
        variants=tuple(answer.variants[row] for row in order[: answer.total].tolist()),
    )


def _scored(answer: ResultSet, pinned: Mask) -> ResultSet:
    """Scores never rise down the list: a pin behind another card takes that one's score, and what staff add
    to its own makes up the difference.
    """
    score = answer.score.copy()
    for row in np.flatnonzero(pinned).tolist():
        if not pinned[: row + 1].all():
            score[row] = score[row - 1]
    added = score - answer.score
    changed: dict[str, Scores] = {name: answer.terms[name] + added for name in ("curated", "rest")}
    return replace(answer, score=score, terms=answer.terms | changed, pinned=pinned)
