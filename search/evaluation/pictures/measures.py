"""Measures on labelled pictures and the vectors of them: values per query, averaged with intervals.

A query is a kind, a colour and a kind, a title, a picture, or a picture with a wish for another colour. Other
pictures of the query's own title, such as the same product in another colour, count neither way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.evaluation.metrics import DEPTH
from search.evaluation.pictures.shop import ShopPicture
from search.vectors import Mask, Rows, Scores, Vectors, unit

# Colours of one kind are few in a small shop: measured on a shorter page, with labels that fill it.
SHORT = 5
MOST_WISHES = 500
_SEED = 7

Encode = Callable[[Sequence[str]], Vectors]
Values = list[float]


@dataclass(frozen=True)
class Labelled:
    """n pictures' vectors (n, d) and labels (n,)."""

    vectors: Vectors
    kinds: NDArray[np.str_]
    colours: NDArray[np.str_]
    titles: NDArray[np.str_]

    @classmethod
    def of(cls, pictures: Sequence[ShopPicture], vectors: Vectors) -> Labelled:
        return cls(
            vectors,
            np.array([picture.kind for picture in pictures]),
            np.array([picture.colour for picture in pictures]),
            np.array([picture.title for picture in pictures]),
        )

    def part(self, mask: Mask) -> Labelled:
        return Labelled(self.vectors[mask], self.kinds[mask], self.colours[mask], self.titles[mask])

    def own(self, row: int) -> Mask:
        """(n,): the picture in ``row`` and those of the same title."""
        own: Mask = (self.titles == self.titles[row]) & (self.titles[row] != "")
        own[row] = True
        return own


def words_of(kind: str) -> list[str]:
    """What a shopper types for a kind: each of "blouse/shirt"."""
    return [name.strip().lower() for name in kind.split("/") if name.strip()]


def kinds_by_words(shop: Labelled, encode: Encode) -> Values:
    """Per kind with enough pictures the precision of the first ten for its name."""
    return [
        _precision(_first(shop.vectors @ _text(encode, words_of(kind)), DEPTH), shop.kinds == kind)
        for kind in _common(shop.kinds, DEPTH)
    ]


def colour_and_kind(shop: Labelled, encode: Encode) -> Values:
    """Per colour and kind with enough pictures the precision of the first five for both words."""
    pairs = np.array([f"{c} {k}" if c and k else "" for c, k in zip(shop.colours, shop.kinds, strict=True)])
    values = []
    for pair in _common(pairs, SHORT):
        row = int(np.argmax(pairs == pair))
        words = [f"{shop.colours[row].lower()} {name}" for name in words_of(str(shop.kinds[row]))]
        values.append(_precision(_first(shop.vectors @ _text(encode, words), SHORT), pairs == pair))
    return values


def title_ranks(shop: Labelled, encode: Encode) -> list[int]:
    """For each distinct title the rank, from 1, of the first picture that has it."""
    titles = [title for title in sorted(set(shop.titles.tolist())) if title]
    if not titles:
        return []
    scores = encode(titles) @ shop.vectors.T
    own = np.stack([shop.titles == title for title in titles])
    best = np.where(own, scores, -np.inf).max(axis=1)
    return [int(rank) for rank in (~own & (scores >= best[:, None])).sum(axis=1) + 1]


def kinds_by_picture(shop: Labelled, rows: Rows, queries: Vectors) -> Values:
    """Per query picture the share of its kind among the nearest ten; (q,) ``rows`` are what they show."""
    scores = queries @ shop.vectors.T
    common = set(_common(shop.kinds, DEPTH + 1))
    return [
        _precision(_first(_without_own(of_query, shop, row), DEPTH), shop.kinds == shop.kinds[row])
        for row, of_query in zip(rows.tolist(), scores, strict=True)
        if shop.kinds[row] in common
    ]


def recognised(shop: Labelled, encode: Encode, rows: Rows, queries: Vectors) -> Values:
    """Per query picture 1.0 where, of all kinds' names, that of its own is the nearest to it."""
    kinds = [kind for kind in sorted(set(shop.kinds.tolist())) if kind]
    if len(kinds) < 2:
        return []
    names = np.stack([_text(encode, words_of(kind)) for kind in kinds])
    nearest = (queries @ names.T).argmax(axis=1)
    own = shop.kinds[rows].tolist()
    return [float(kinds[best] == kind) for best, kind in zip(nearest, own, strict=True) if kind]


def picture_and_wish(shop: Labelled, encode: Encode, weight: float) -> Values:
    """A picture and "in <another colour>": the share of its kind in that colour among the first five.

    Both similarities are divided by their standard deviation, as in the fusion (docs/adr/0004).
    """
    values = []
    for row, colour in _wishes(shop):
        text = shop.vectors @ encode([f"in {colour.lower()}"])[0]
        picture = shop.vectors @ shop.vectors[row]
        scores = weight * picture / max(float(picture.std()), 1e-6)
        scores = scores + (1 - weight) * text / max(float(text.std()), 1e-6)
        scores[row] = -np.inf
        wanted = (shop.kinds == shop.kinds[row]) & (shop.colours == colour)
        values.append(_precision(_first(scores, SHORT), wanted))
    return values


def _wishes(shop: Labelled) -> list[tuple[int, str]]:
    """Rows of pictures, each with another colour in which there are enough of its kind."""
    random = np.random.default_rng(_SEED)
    offered: dict[str, list[str]] = {}
    pairs, counts = np.unique(np.stack([shop.kinds, shop.colours]), axis=1, return_counts=True)
    for (kind, colour), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
        if kind and colour and count >= SHORT:
            offered.setdefault(kind, []).append(colour)
    found = []
    for row in random.permutation(len(shop.kinds)).tolist():
        others = [c for c in offered.get(str(shop.kinds[row]), []) if c != shop.colours[row]]
        if others and shop.colours[row]:
            found.append((row, others[int(random.integers(len(others)))]))
    return found[:MOST_WISHES]


def _without_own(scores: Scores, shop: Labelled, row: int) -> Scores:
    return np.where(shop.own(row), np.float32(-np.inf), scores)


def _common(labels: NDArray[np.str_], least: int) -> list[str]:
    found, counts = np.unique(labels, return_counts=True)
    return [
        label
        for label, count in zip(found.tolist(), counts.tolist(), strict=True)
        if label and count >= least
    ]


def _text(encode: Encode, words: Sequence[str]) -> Vectors:
    return unit(encode(words).mean(axis=0))


def _first(scores: Scores, depth: int) -> Rows:
    return np.asarray(np.argsort(-scores, kind="stable")[:depth], np.int64)


def _precision(rows: Rows, relevant: Mask) -> float:
    return float(relevant[rows].mean())
