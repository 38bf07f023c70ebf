"""Retrieval quality as numbers: pure functions over unit vectors and labels.

The measures are those published for fashion retrieval by Marqo for KAGL: recall and reciprocal rank for
title to picture, precision and reciprocal rank for attribute to product, averaged over queries. Beside
them: whether a picture finds its own type, and whether a picture with "in <colour>" finds that type in
that colour.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search.vectors import Rows, Vectors

DEPTH = 10
WEIGHTS = tuple(round(0.1 * step, 1) for step in range(11))
LARGEST_SAMPLE = 2000
# A query that fewer products answer cannot fill its first page, and would measure the catalogue instead.
FEWEST_ANSWERS = DEPTH

Flags = NDArray[np.bool_]
# Names of measures with their values.
Measures = dict[str, float]
Encode = Callable[[Sequence[str]], Vectors]
# (q, d) unit queries and a depth to the (q, depth) rows found, best first; -1 where fewer were found.
Search = Callable[[Vectors, int], Rows]


@dataclass(frozen=True)
class Catalogue:
    """Products to measure on: (n, d) unit vectors of pictures and of what is indexed, titles, labels.

    ``labels`` holds, per attribute ("type", "colour", ...), n strings; "" where a product has none.
    """

    images: Vectors
    documents: Vectors
    titles: Sequence[str]
    labels: Mapping[str, NDArray[np.str_]]

    def answers(self, attribute: str) -> dict[str, Flags]:
        """Per label of an attribute with enough products, which products bear it."""
        column = self.labels[attribute]
        found = {label: column == label for label in sorted(set(column.tolist())) if label}
        return {label: mask for label, mask in found.items() if mask.sum() >= FEWEST_ANSWERS}


def exact(documents: Vectors) -> Search:
    """Search by comparing with every document."""
    return lambda queries, depth: top(queries @ documents.T, depth)


def top(scores: NDArray[np.float32], depth: int = DEPTH) -> Rows:
    """(q, n) scores to the (q, depth) rows of the best, best first; fewer where n is smaller."""
    return np.asarray(np.argsort(-scores, axis=1, kind="stable")[:, :depth], np.int64)


def ranks_of_own(queries: Vectors, documents: Vectors, own: Rows) -> Rows:
    """The rank, from 1, of document ``own[i]`` for query i; a tie counts against it."""
    scores = queries @ documents.T
    best = scores[np.arange(len(queries)), own]
    return np.asarray((scores >= best[:, None]).sum(axis=1), np.int64)


def recall_and_mrr(ranks: Rows, depth: int = DEPTH) -> Measures:
    """Recall at 1 and at ``depth``, and the mean reciprocal rank cut off at ``depth``."""
    within = ranks <= depth
    return {
        "recall@1": float((ranks == 1).mean()),
        f"recall@{depth}": float(within.mean()),
        f"mrr@{depth}": float(np.where(within, 1 / ranks, 0.0).mean()),
    }


def precision_and_mrr(relevant: Flags) -> Measures:
    """From a (q, depth) table of which of the first documents are relevant, averaged over queries."""
    depth = relevant.shape[1]
    first = np.where(relevant.any(axis=1), relevant.argmax(axis=1) + 1, np.inf)
    return {
        "precision@1": float(relevant[:, 0].mean()),
        f"precision@{depth}": float(relevant.mean()),
        "mrr": float((1 / first).mean()),
    }


def title_to_image(catalogue: Catalogue, encode: Encode, *, queries: int, seed: int = 0) -> Measures:
    """Titles of sampled products must find their own picture among all pictures."""
    random = np.random.default_rng(seed)
    own = np.sort(random.choice(len(catalogue.titles), min(queries, len(catalogue.titles)), replace=False))
    vectors = encode([catalogue.titles[row] for row in own])
    return recall_and_mrr(ranks_of_own(vectors, catalogue.images, own)) | {"queries": float(len(own))}


def attribute_to_product(catalogue: Catalogue, attribute: str, encode: Encode, search: Search) -> Measures:
    """Each label, as words, must find products that bear it. Empty where no label has enough products."""
    answers = catalogue.answers(attribute)
    if not answers:
        return {}
    rows = search(encode(list(answers)), DEPTH)
    relevant = np.stack(
        [(mask[found] & (found >= 0)) for mask, found in zip(answers.values(), rows, strict=True)]
    )
    return precision_and_mrr(relevant) | {"queries": float(len(answers))}


def image_to_type(catalogue: Catalogue, search: Search, *, queries: int, seed: int = 0) -> Measures:
    """Pictures must find products of their own type; the product itself does not count."""
    types = catalogue.labels["type"]
    known = np.flatnonzero(types != "")
    if len(known) <= DEPTH:
        return {}
    own = np.random.default_rng(seed).choice(known, min(queries, len(known)), replace=False)
    found = search(catalogue.images[own], DEPTH + 1)
    shares = []
    for row, rows in zip(own, found, strict=True):
        others = rows[(rows != row) & (rows >= 0)][:DEPTH]
        shares.append((types[others] == types[row]).sum() / DEPTH)
    return {f"precision@{DEPTH}": float(np.mean(shares)), "queries": float(len(own))}


def hybrid(catalogue: Catalogue, encode: Encode, *, queries: int, seed: int = 0) -> dict[float, Measures]:
    """A picture and "in <colour>", over the weights: that type in that colour, among the first ten.

    Both sides are divided by their spread over the catalogue, the standard deviation of their cosines, as
    the shopper's weight is (docs/adr/0004). Empty where no type has enough products of another colour.
    """
    types, colours = catalogue.labels["type"], catalogue.labels["colour"]
    asked = _questions(types, colours, queries, np.random.default_rng(seed))
    if not asked:
        return {}
    words = {colour: encode([f"in {colour.lower()}"])[0] for colour in {colour for _, colour in asked}}
    by_words = {colour: _scaled(catalogue.documents @ vector) for colour, vector in words.items()}
    totals = {weight: np.zeros(2) for weight in WEIGHTS}
    for row, colour in asked:
        by_image = _scaled(catalogue.documents @ catalogue.images[row])
        for weight in WEIGHTS:
            scores = weight * by_image + (1 - weight) * by_words[colour]
            scores[row] = -np.inf
            first = top(scores[None])[0]
            of_type = types[first] == types[row]
            totals[weight] += [(of_type & (colours[first] == colour)).mean(), of_type.mean()]
    return {
        weight: {"type and colour": float(total[0] / len(asked)), "type": float(total[1] / len(asked))}
        for weight, total in totals.items()
    }


def _questions(
    types: NDArray[np.str_], colours: NDArray[np.str_], queries: int, random: np.random.Generator
) -> list[tuple[int, str]]:
    """Products, and another colour in which their type is there often enough."""
    pairs, counts = np.unique(np.stack([types, colours]), axis=1, return_counts=True)
    offered: dict[str, list[str]] = {}
    for (kind, colour), count in zip(pairs.T.tolist(), counts, strict=True):
        if kind and colour and count >= FEWEST_ANSWERS:
            offered.setdefault(kind, []).append(colour)
    asked = []
    for row in random.permutation(len(types)).tolist():
        others = [colour for colour in offered.get(str(types[row]), []) if colour != colours[row]]
        if others and colours[row]:
            asked.append((row, others[int(random.integers(len(others)))]))
        if len(asked) == queries:
            break
    return asked


def _scaled(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    return cast("NDArray[np.float32]", cosines / max(float(cosines.std()), 1e-6))
