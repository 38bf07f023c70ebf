"""The order of candidates: a weighted sum of terms in [0, 1] that stays linear in the shopper's weight.

    said  = (1 - r·c)·text + r·c·relevance⁴
    words = (1 - k·g)·said + k·g·kind
    score = [S·(w·image + (1 - w)·words) + Σ weight(t)·t] / (S + Σ weight(t))     over the terms t in play

c is the query-term coverage: the highest relevance that any product of the catalogue has for these words.
Where no product contains a word, c is 0 and the encoder decides alone; where one contains all, relevance
does. The fourth power keeps half of the words from counting as half an answer: they count a sixteenth.
kind is the evidence that the words mean a product's category, and g how surely they name a kind at all
(search/ranking/kinds.py): "striped" names none. None of these depends on the other candidates, so more
relevance never lowers a rank.

The score is linear in w, so a page re-ranks exactly the candidates it holds while the slider moves. At w = 1
the words count for nothing, at w = 0 the picture. A term without input (nobody known, nothing unwanted) is
not in play and lowers no score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from search.vectors import Scores

Order = NDArray[np.int64]

# The parts that the shopper's weight divides between them, and the kind's part of the words.
_SIDES = ("image", "words", "kind")
# The terms that it leaves alone.
_OTHERS = ("availability", "freshness", "taste", "popularity", "unwanted")
# How steeply having all of the words counts above having most (measured in docs/measurements.md).
_STEEPNESS = 4
# A product is half as new after so many days.
FRESHNESS_HALF_LIFE_DAYS = 60.0


@dataclass(frozen=True)
class Weights:
    """The weight of each term. ``relevance`` is r in [0, 1], the share of BM25 in the words' side where some
    product contains every word; ``kind`` is k in [0, 1], that of the kind where the words name one. Raises
    ValueError for a weight outside its range.
    """

    similarity: float = 1.0
    relevance: float = 0.0
    kind: float = 0.0
    taste: float = 0.0
    availability: float = 0.0
    freshness: float = 0.0
    popularity: float = 0.0
    # How much a likeness to what is not wanted costs.
    unwanted: float = 0.0

    def __post_init__(self) -> None:
        for each in fields(self):
            if not getattr(self, each.name) >= 0.0:  # also refuses NaN
                raise ValueError(f"The ranking weight {each.name} must be a number from 0 up.")
        if max(self.relevance, self.kind) > 1.0 or self.similarity == 0.0:
            raise ValueError(
                "The ranking weights of relevance and kind lie in [0, 1], that of similarity above 0."
            )


@dataclass(frozen=True)
class Ranked:
    """Scores of c candidates, aligned. ``score`` orders them; like the affine similarities it is made of, it
    may leave [0, 1] a little at the extremes, and is clipped only where it is shown.

    ``terms`` are the parts: ``score = w·terms["image"] + (1 - w)·terms["words"] + terms["rest"]``, where
    "rest" is the sum of the parts that the weight leaves alone, which follow under their own names. Where the
    words name a kind, "kind" is its part of "words", already counted there.
    """

    score: Scores
    # The contract's w·image + (1 - w)·text, without relevance.
    similarity: Scores
    terms: Mapping[str, Scores] = field(default_factory=dict)


def rank(
    *,
    weight: float,
    image: Scores | None = None,
    text: Scores | None = None,
    relevance: Scores | None = None,
    coverage: float = 1.0,
    kind: Scores | None = None,
    certainty: float = 1.0,
    taste: Scores | None = None,
    popularity: Scores | None = None,
    unwanted: Scores | None = None,
    curated: Scores | None = None,
    in_stock: NDArray[np.bool_],
    age_days: NDArray[np.floating],
    weights: Weights,
) -> Ranked:
    """Score c candidates. All arrays are (c,), the scores calibrated to [0, 1]; ``weight`` in [0, 1] is the
    picture's part: 1.0 for a picture alone, 0.0 for words alone. ``coverage`` in [0, 1] is the highest
    relevance in the whole catalogue, candidates or not, and ``certainty`` in [0, 1] says how surely the words
    name a kind. ``curated`` (c,) is added as it is: what staff pinned or buried (``curation.bonuses``).
    Raises ValueError for a weight, a coverage or a certainty outside [0, 1].
    """
    for name, share in (("weight", weight), ("coverage", coverage), ("certainty", certainty)):
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"{name}={share} lies outside 0 to 1.")
    nothing = np.zeros(len(in_stock), np.float32)
    picture = nothing if image is None else image
    words = nothing if text is None else text
    said = _said(words, relevance, weights.relevance, coverage)
    kind_share = weights.kind * certainty if kind is not None else 0.0
    kind_part = nothing if kind is None else np.asarray(kind_share * kind, np.float32)
    rest = _rest(
        in_stock=in_stock,
        age_days=age_days,
        others={
            "taste": taste,
            "popularity": popularity,
            "unwanted": None if unwanted is None else 1.0 - unwanted,
        },
        weights=weights,
    )
    total = weights.similarity + sum(share for share, _values in rest.values())
    terms = {
        "image": _part(picture, weights.similarity, total),
        "words": _part((1.0 - kind_share) * said + kind_part, weights.similarity, total),
        **{name: _part(values, share, total) for name, (share, values) in rest.items()},
    }
    if kind is not None:
        terms["kind"] = _part(kind_part, weights.similarity, total)
    if curated is not None:
        terms["curated"] = curated
    terms["rest"] = sum((values for name, values in terms.items() if name not in _SIDES), start=nothing)
    score = weight * terms["image"] + (1.0 - weight) * terms["words"] + terms["rest"]
    return Ranked(
        score=score.astype(np.float32),
        similarity=np.asarray(weight * picture + (1.0 - weight) * words, np.float32),
        terms=terms,
    )


def _said(text: Scores, relevance: Scores | None, share: float, best: float) -> Scores:
    """The words' side without the kind; the similarity alone where no product has any of the words."""
    if relevance is None:
        return text
    share *= best
    return np.asarray((1.0 - share) * text + share * relevance**_STEEPNESS, np.float32)


def _rest(
    *,
    in_stock: NDArray[np.bool_],
    age_days: NDArray[np.floating],
    others: Mapping[str, Scores | None],
    weights: Weights,
) -> dict[str, tuple[float, Scores]]:
    """The terms in play beside the similarity: (weight, values (c,) in [0, 1]) by name."""
    rest = {
        "availability": (weights.availability, in_stock.astype(np.float32)),
        "freshness": (weights.freshness, freshness(age_days)),
    }
    in_play = {name: values for name, values in others.items() if values is not None}
    return rest | {name: (getattr(weights, name), values) for name, values in in_play.items()}


def value_of(name: str, terms: Mapping[str, float], weights: Weights) -> float:
    """The value in [0, 1] of a term beside the similarity, from the parts of one product's score as ``rank``
    gives them under these weights; 0.0 for one that is not in play.
    """
    weight = getattr(weights, name)
    if not weight or name not in terms:
        return 0.0
    total = weights.similarity + sum(getattr(weights, each) for each in _OTHERS if each in terms)
    return float(terms[name] * total / weight)


def age_days(created: NDArray[np.float64], now: datetime) -> NDArray[np.float64]:
    """Whole days (UTC) since these moments, in seconds since the epoch; 0 for one that is still to come.

    Whole ones, so that products of one import are equally new: which of two float32 scores is rounded up
    would change from minute to minute, and the order with it.
    """
    return np.maximum(0.0, now.timestamp() // 86_400 - created // 86_400)


def freshness(age_days: NDArray[np.floating]) -> Scores:
    """1 for what is new, half as much every FRESHNESS_HALF_LIFE_DAYS."""
    return np.asarray(np.exp2(-np.maximum(age_days, 0.0) / FRESHNESS_HALF_LIFE_DAYS), np.float32)


def _part(values: Scores, share: float, total: float) -> Scores:
    return np.asarray(values * (share / total), np.float32)


def order(scores: Scores, keys: NDArray[np.int64]) -> Order:
    """Positions (c,) best first; equal scores stand by product key, so that no order is by chance."""
    return np.lexsort((keys, -scores)).astype(np.int64)
