"""Hits from a frozen result set: the products of some of its rows, with their scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from catalog.display.cards import HeldCards
from search.candidates.result_set import ResultSet
from search.candidates.vector_query import VectorQuery
from search.ranking.score import Weights, value_of
from search.ranking.weights import configured_weights
from search.result import Hit
from search.vectors import Rows, Scores

# Digits of a score in an answer: they keep similarity = w·image + (1-w)·text true for any client.
SCORE_DIGITS = 6
# From where on a hit is said to hold the words, and to be close to an interest: as a product is close to a
# picture that it answers (the highest cut-off), where any product is so by 0.35.
SAYS_THE_WORDS, CLOSE_TO_TASTE = 0.5, 0.6


def hits_at(
    frozen: ResultSet,
    asked: VectorQuery,
    ranks: Mapping[int, int],
    notes: Mapping[int, tuple[str, ...]],
    cards: HeldCards,
) -> dict[int, Hit]:
    """Hits by position, for positions with their ranks, of the answer to ``asked``; two queries where some
    cards are not held yet.

    A product that left the shop since the set was frozen is skipped.
    """
    rows = np.fromiter(ranks, np.int64, len(ranks))
    keys = dict(zip(ranks, frozen.keys[rows].tolist(), strict=True))
    variants = {at: frozen.variants[at] if at < frozen.total else () for at in ranks}
    products = cards.of([*keys.values(), *(key for others in variants.values() for key in others)])
    sides = (frozen.score, frozen.similarity, frozen.image, frozen.text, frozen.relevance)
    score, similarity, image, text, relevance = (_rounded(each, rows) for each in sides)
    terms = {name: values[rows].tolist() for name, values in frozen.terms.items()}
    parts = [{name: values[place] for name, values in terms.items()} for place in range(len(rows))]
    weights = _weights(frozen, asked, rows)
    return {
        at: Hit(
            rank=rank,
            product=products[keys[at]],
            score=score[place],
            similarity=similarity[place],
            image_score=image[place],
            text_score=text[place],
            relevance=relevance[place],
            terms=parts[place],
            notes=notes.get(keys[at], ()),
            is_pinned=frozen.pinned is not None and bool(frozen.pinned[at]),
            taste=value_of("taste", parts[place], weights[place]),
            variants=tuple(products[key] for key in variants[at] if key in products),
        )
        for place, (at, rank) in enumerate(ranks.items())
        if keys[at] in products
    }


def reasons(hit: Hit) -> tuple[str, ...]:
    """Sentences about what besides its similarity brought a hit up: large ranking terms, and curation."""
    sentences = []
    if (hit.relevance or 0.0) >= SAYS_THE_WORDS:
        sentences.append(_("Your words are in its title or details."))
    if hit.taste >= CLOSE_TO_TASTE:
        sentences.append(_("Close to what you have liked."))
    return (*sentences, *hit.notes)


def _weights(frozen: ResultSet, asked: VectorQuery, rows: Rows) -> list[Weights]:
    """The weights that each row's score was made with: an experiment's other ranking has its own."""
    ours = asked.weights or configured_weights()
    if frozen.theirs is None or asked.draft is None:
        return [ours] * len(rows)
    theirs = asked.draft.rival.weights or configured_weights()
    return [theirs if is_theirs else ours for is_theirs in frozen.theirs[rows].tolist()]


def _rounded(scores: Scores | None, rows: Rows) -> list[Any]:
    """Scores of rows as clients see them, clipped to [0, 1]; None for each where there are none."""
    if scores is None:
        return [None] * len(rows)
    return [round(score, SCORE_DIGITS) for score in np.clip(scores[rows], 0.0, 1.0).tolist()]
