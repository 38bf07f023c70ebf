"""Wishes answered at several weights: by the whole search, by document vectors, and by picture vectors.

Titles often name what a wish asks for, and documents hold them; picture vectors show what the encoder sees.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import numpy as np

from catalog.models import Product
from search import images
from search.candidates.generator import CandidateGenerator
from search.engine import IndexSnapshot
from search.evaluation.bootstrap import Estimate
from search.evaluation.metrics import DEPTH, Encode
from search.evaluation.wishes.labelled import Wish
from search.fusion import fuse
from search.models import ProductEmbedding
from search.query import SearchQuery
from search.query_builder import QueryBuilder
from search.vectors import Mask, Rows, Scores, Vectors, from_bytes

WEIGHTS = (0.1, 0.3, 0.5, 0.7, 0.9)
MEASURES = (f"p@{DEPTH}", f"kind p@{DEPTH}")

# A wish and a weight to the first index rows of its answer.
Method = Callable[[Wish, float], Rows]
# Group -> method -> weight -> measure.
WishTable = dict[str, dict[str, dict[float, dict[str, Estimate]]]]


@dataclass(frozen=True)
class Pictures:
    """Picture vectors (n, d) by index row, zeros where a product has none, which ``known`` (n,) says."""

    vectors: Vectors
    known: Mask

    @classmethod
    def of(cls, snapshot: IndexSnapshot) -> Pictures:
        manifest, keys = snapshot.index.manifest, snapshot.columns.keys
        vectors, known = np.zeros((len(keys), manifest.dimension), np.float32), np.zeros(len(keys), bool)
        stored = ProductEmbedding.objects.filter(
            fingerprint=manifest.fingerprint, image_vector__isnull=False
        ).values_list("product_id", "image_vector")
        for key, data in stored.iterator():
            rows = snapshot.columns.rows_of([key])
            vectors[rows], known[rows] = from_bytes(data or b""), True
        return cls(vectors, known)


class WishMeasures:
    """Measures wishes over one snapshot of the index; ``now`` is the moment of the searches."""

    def __init__(self, snapshot: IndexSnapshot, pictures: Pictures, encode: Encode, *, now: datetime) -> None:
        self._snapshot = snapshot
        self._pictures = pictures
        self._text = cache(lambda text: encode([text])[0])
        self._now = now
        self._ids = {
            product.pk: images.product_image_id(product)
            for product in Product.objects.active().only("pk", "product_id")
        }

    def table(self, groups: Mapping[str, Sequence[Wish]]) -> WishTable:
        methods: dict[str, Method] = {
            "search": self._search,
            "document vectors": self._documents,
            "picture vectors": self._by_pictures,
        }
        return {
            group: {name: _by_weight(method, wishes) for name, method in methods.items()}
            for group, wishes in groups.items()
        }

    def _search(self, wish: Wish, weight: float) -> Rows:
        image_id = self._ids[int(self._snapshot.columns.keys[wish.row])]
        query = SearchQuery(text=wish.text, image_id=image_id, weight=weight)
        built = QueryBuilder(query, self._snapshot, user=None, now=self._now).build()
        found = CandidateGenerator(built.vector_query, self._snapshot, now=self._now).result_set(
            lambda _stage: nullcontext()
        )
        return self._snapshot.columns.rows_of(found.keys[: min(found.total, DEPTH)].tolist())

    def _documents(self, wish: Wish, weight: float) -> Rows:
        alpha = self._snapshot.calibration.alpha(weight)
        query = fuse(self._pictures.vectors[wish.row], self._text(wish.text), alpha)
        return _first(self._snapshot.index.vectors @ query, wish, self._snapshot.columns.active)

    def _by_pictures(self, wish: Wish, weight: float) -> Rows:
        """Both sides divided by the spread of their cosines, as a catalogue without words would be."""
        picture = self._pictures.vectors @ self._pictures.vectors[wish.row]
        text = self._pictures.vectors @ self._text(wish.text)
        scores = weight * picture / self._spread(picture) + (1 - weight) * text / self._spread(text)
        return _first(scores, wish, self._snapshot.columns.active & self._pictures.known)

    def _spread(self, cosines: Scores) -> float:
        return max(float(cosines[self._pictures.known].std()), 1e-6)


def _by_weight(method: Method, wishes: Sequence[Wish]) -> dict[float, dict[str, Estimate]]:
    return {weight: _measured(method, wishes, weight) for weight in WEIGHTS}


def _measured(method: Method, wishes: Sequence[Wish], weight: float) -> dict[str, Estimate]:
    values: list[tuple[float, float]] = []
    for wish in wishes:
        rows = method(wish, weight)
        values.append((wish.wanted[rows].sum() / DEPTH, wish.kind[rows].sum() / DEPTH))
    return {
        name: Estimate.of(column) for name, column in zip(MEASURES, zip(*values, strict=True), strict=True)
    }


def _first(scores: Scores, wish: Wish, allowed: Mask) -> Rows:
    """The first rows among ``allowed`` (n,), without the product that is asked with."""
    scores = np.where(allowed, scores, -np.inf)
    scores[wish.row] = -np.inf
    return np.asarray(np.argsort(-scores, kind="stable")[:DEPTH], np.int64)
