"""Diversity: the variants of one style share a card, and near-copies can be spread over the results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.ranking.score import order as ranked_order
from search.vectors import Keys, Rows, Scores, Vectors

# How many of the best results are re-ordered: the pages a shopper looks at.
TOP = 200
# At diversity 1.0 likeness to better results weighs as much as the score. More would show anything.
_HIGHEST_SHARE = 0.5
_BLOCK = 20
_NONE: Rows = np.empty(0, np.int64)


def diversify(
    scores: Scores, vectors: Vectors, diversity: float, *, keys: Rows | None = None, top: int = TOP
) -> tuple[Rows, Scores]:
    """Order c candidates by maximal marginal relevance (Carbonell and Goldstein, 1998) over the best ``top``.

    ``scores`` is (c,), ``vectors`` (c, d) unit rows, ``diversity`` in [0, 1]; ``keys`` break ties, else
    positions do. Returns positions (c,) in their new order and the scores in that order, lowered where
    needed so that they never rise: the list stays ordered by its scores.
    """
    keys = np.arange(len(scores)) if keys is None else keys
    first = ranked_order(scores, keys)
    head = first[:top]
    if diversity > 0.0 and len(head) > 1:
        share = np.float32(diversity * _HIGHEST_SHARE)
        head = head[_marginal_order(scores[head], np.asarray(vectors[head]), share)]
    positions = np.concatenate([head, first[top:]])
    return positions, np.minimum.accumulate(scores[positions])


def _marginal_order(scores: Scores, vectors: Vectors, share: np.float32) -> Rows:
    """Greedy MMR over candidates (c,) that stand best first; argmax takes the better of equals."""
    likeness = _likeness(vectors)
    gain = (1 - share) * scores
    nearest = np.zeros(len(scores), np.float32)
    chosen = np.empty(len(scores), np.int64)
    for place in range(len(scores)):
        pick = int(np.argmax(gain - share * nearest))
        chosen[place] = pick
        gain[pick] = -np.inf
        np.maximum(nearest, likeness[pick], out=nearest)
    return chosen


def _likeness(vectors: Vectors) -> Scores:
    """Cosines of all pairs (c, c), in blocks too small for BLAS to wake its threads: waiting for them on
    a busy machine costs fifty times the multiplication."""
    starts = range(0, len(vectors), _BLOCK)
    parts = [vectors[start : start + _BLOCK] for start in starts]
    return np.block([[left @ right.T for right in parts] for left in parts])


@dataclass(frozen=True)
class Folded:
    """``cards``: positions of the candidates that show, best first; ``variants``: for each card, the
    positions of the others of its style, best first."""

    cards: Rows
    variants: tuple[Rows, ...]

    def variants_of(self, keys: Keys) -> tuple[tuple[int, ...], ...]:
        """For each card, the keys of its variants; ``keys`` (c,) are those of the candidates."""
        # Most styles have none, and a thousand look-ups of nothing take as long as the scores.
        return tuple(tuple(keys[others].tolist()) if len(others) else () for others in self.variants)


def fold(rows: Rows, groups: NDArray[np.int64]) -> Folded:
    """One card per style; ``rows`` (c,) are index rows in their order, ``groups`` (n,) each row's style.

    The best of a style becomes its card. Total, pages and facets count cards.
    """
    _styles, first, member_of = np.unique(groups[rows], return_index=True, return_inverse=True)
    rank_of_style = np.argsort(np.argsort(first))
    cards = np.sort(first)
    # A stable sort by card keeps each style's members in their order, the card itself in front.
    card_of = rank_of_style[member_of]
    by_card = np.argsort(card_of, kind="stable")
    sizes = np.bincount(card_of, minlength=len(cards))
    ends = np.cumsum(sizes)
    variants = [_NONE] * len(cards)
    for card in np.flatnonzero(sizes > 1):
        variants[card] = by_card[ends[card] - sizes[card] + 1 : ends[card]]
    return Folded(cards.astype(np.int64), tuple(variants))


def count_cards(codes: NDArray[np.int32], groups: NDArray[np.int64], values: int) -> NDArray[np.int64]:
    """How many styles show each of ``values`` codes: what a facet says, since variants share a card.

    ``codes`` (c,) holds the facet's value of each candidate, -1 for none; ``groups`` (c,) its style.
    """
    known = codes >= 0
    pairs = distinct(groups[known].astype(np.int64) * values + codes[known])
    return np.bincount(pairs % values, minlength=values) if values else np.zeros(0, np.int64)


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The different numbers, ascending. Ten times as fast as numpy's unique, which hashes them."""
    ordered = np.sort(numbers)
    is_first = np.ones(len(ordered), dtype=bool)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]
