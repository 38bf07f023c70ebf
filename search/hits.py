"""Hits from a frozen result set: the products of some of its rows, with their scores."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from catalog.display.cards import Card, HeldCards
from search.candidates.result_set import ResultSet
from search.result import Hit

# Digits of a score in an answer: they keep similarity = w·image + (1-w)·text true for any client.
SCORE_DIGITS = 6


def hits_at(
    frozen: ResultSet, ranks: Mapping[int, int], notes: Mapping[int, tuple[str, ...]], cards: HeldCards
) -> dict[int, Hit]:
    """Hits by position, for positions with their ranks; two queries where some cards are not held yet.

    A product that left the shop since the set was frozen is skipped.
    """
    keys = {at: int(frozen.keys[at]) for at in ranks}
    others = [key for at in ranks if at < frozen.total for key in frozen.variants[at]]
    products = cards.of([*keys.values(), *others])
    return {
        at: _hit(frozen, at, rank, products, notes.get(keys[at], ()))
        for at, rank in ranks.items()
        if keys[at] in products
    }


def reasons(hit: Hit) -> tuple[str, ...]:
    """Sentences about what besides its similarity brought a hit up: large ranking terms, and curation."""
    sentences = []
    if (hit.relevance or 0) >= 0.5:
        sentences.append(_("Says your words in its description."))
    if hit.terms.get("taste", 0.0) >= 0.02:
        sentences.append(_("Close to what you have liked."))
    return (*sentences, *hit.notes)


def _hit(frozen: ResultSet, at: int, rank: int, products: Mapping[int, Card], notes: tuple[str, ...]) -> Hit:
    variants = frozen.variants[at] if at < frozen.total else ()
    return Hit(
        rank=rank,
        product=products[int(frozen.keys[at])],
        score=_rounded(frozen.score[at]),
        similarity=_rounded(frozen.similarity[at]),
        image_score=None if frozen.image is None else _rounded(frozen.image[at]),
        text_score=None if frozen.text is None else _rounded(frozen.text[at]),
        relevance=None if frozen.relevance is None else _rounded(frozen.relevance[at]),
        terms={name: float(values[at]) for name, values in frozen.terms.items()},
        notes=notes,
        variants=tuple(products[key] for key in variants if key in products),
    )


def _rounded(score: float) -> float:
    """A score as clients see it: clipped to [0, 1]."""
    return round(float(min(max(score, 0.0), 1.0)), SCORE_DIGITS)
