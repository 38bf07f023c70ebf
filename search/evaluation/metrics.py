"""Retrieval quality: pure functions over unit vectors and labels.

The measures are those that Marqo published for fashion retrieval on KAGL: recall and reciprocal rank for
title to picture, precision and reciprocal rank for attribute to product, averaged over queries. Two more
measure whether a picture finds products of its type, and with "in <colour>" those of its type in that colour.
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
# A query with fewer relevant products cannot reach full precision: it would measure the catalogue.
MIN_RELEVANT = DEPTH

Flags = NDArray[np.bool_]
# Names of measures with their values.
Measures = dict[str, float]
Encode = Callable[[Sequence[str]], Vectors]
# (q, d) unit queries and a depth to the (q, depth) rows found, best first; -1 where fewer were found.
Search = Callable[[Vectors, int], Rows]


@dataclass(frozen=True)
class Catalogue:
    """n products to measure on: (n, d) unit vectors of pictures and of indexed documents, titles, labels.

    ``labels`` holds, per attribute ("type", "colour", ...), n strings; "" where a product has none.
    """

    images: Vectors
    documents: Vectors
    titles: Sequence[str]
    labels: Mapping[str, NDArray[np.str_]]

    def relevant(self, attribute: str) -> dict[str, Flags]:
        """Per label of an attribute with enough products, which products have it."""
        column = self.labels[attribute]
        found = {label: column == label for label in sorted(set(column.tolist())) if label}
        return {label: mask for label, mask in found.items() if mask.sum() >= MIN_RELEVANT}


def exact(documents: Vectors) -> Search:
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
    """How well titles of sampled products find their own picture among all pictures."""
    random = np.random.default_rng(seed)
    own = np.sort(random.choice(len(catalogue.titles), min(queries, len(catalogue.titles)), replace=False))
    vectors = encode([catalogue.titles[row] for row in own])
    return recall_and_mrr(ranks_of_own(vectors, catalogue.images, own)) | {"queries": float(len(own))}


def attribute_to_product(catalogue: Catalogue, attribute: str, encode: Encode, search: Search) -> Measures:
    """How well each label, as text, finds products that have it; {} where no label has enough products."""
    labels = catalogue.relevant(attribute)
    if not labels:
        return {}
    rows = search(encode(list(labels)), DEPTH)
    relevant = np.stack(
        [(mask[found] & (found >= 0)) for mask, found in zip(labels.values(), rows, strict=True)]
    )
    return precision_and_mrr(relevant) | {"queries": float(len(labels))}


def image_to_type(catalogue: Catalogue, search: Search, *, queries: int, seed: int = 0) -> Measures:
    """How well pictures find other products of their type; {} where too few products have a type."""
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

    Both similarities are divided by the standard deviation of their cosines over the catalogue, as in the
    fusion (docs/adr/0004). Empty where no type has enough products of another colour.
    """
    types, colours = catalogue.labels["type"], catalogue.labels["colour"]
    pairs = _colour_queries(types, colours, queries, np.random.default_rng(seed))
    if not pairs:
        return {}
    texts = {colour: encode([f"in {colour.lower()}"])[0] for colour in {colour for _, colour in pairs}}
    by_text = {colour: _scaled(catalogue.documents @ vector) for colour, vector in texts.items()}
    totals = {weight: np.zeros(2) for weight in WEIGHTS}
    for row, colour in pairs:
        by_image = _scaled(catalogue.documents @ catalogue.images[row])
        for weight in WEIGHTS:
            scores = weight * by_image + (1 - weight) * by_text[colour]
            scores[row] = -np.inf
            first = top(scores[None])[0]
            of_type = types[first] == types[row]
            totals[weight] += [(of_type & (colours[first] == colour)).mean(), of_type.mean()]
    return {
        weight: {"type and colour": float(total[0] / len(pairs)), "type": float(total[1] / len(pairs))}
        for weight, total in totals.items()
    }


def _colour_queries(
    types: NDArray[np.str_], colours: NDArray[np.str_], queries: int, random: np.random.Generator
) -> list[tuple[int, str]]:
    """Up to ``queries`` rows of products, each with another colour that enough products of its type have."""
    kinds, counts = np.unique(np.stack([types, colours]), axis=1, return_counts=True)
    offered: dict[str, list[str]] = {}
    for (kind, colour), count in zip(kinds.T.tolist(), counts, strict=True):
        if kind and colour and count >= MIN_RELEVANT:
            offered.setdefault(kind, []).append(colour)
    pairs = []
    for row in random.permutation(len(types)).tolist():
        others = [colour for colour in offered.get(str(types[row]), []) if colour != colours[row]]
        if others and colours[row]:
            pairs.append((row, others[int(random.integers(len(others)))]))
        if len(pairs) == queries:
            break
    return pairs


def _scaled(cosines: NDArray[np.float32]) -> NDArray[np.float32]:
    return cast("NDArray[np.float32]", cosines / max(float(cosines.std()), 1e-6))
