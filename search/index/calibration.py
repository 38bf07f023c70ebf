"""From raw cosines to readable scores, and from the shopper's fusion weight to α.

Cosines between a picture and products have another median, and spread wider, than those between words and
products (the modality gap). So each modality gets an affine scale, measured on the catalogue when the
index is built and stored in its version: the median product of an average query scores ``MEDIAN_SCORE``,
the 99.9th percentile ``TOP_SCORE``. Because both scales are affine, mixing the two scores by the
shopper's weight w is exactly a fusion of the vectors at another α:

    w·(si - ai)/bi + (1-w)·(st - at)/bt  =  k·(α·si + (1-α)·st) + constant
    with k = w/bi + (1-w)/bt and α = (w/bi)/k

which leaves Ef = α·Ei + (1-α)·Et unchanged, keeps w = 0 and w = 1 pure, and gives both modalities equal
influence at w = 0.5.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.vectors import Vectors

CALIBRATION_FILE = "calibration.json"
MEDIAN_SCORE = 0.35
TOP_SCORE = 0.85
# The catalogue's own words reach high scores; words it never uses score lower and still need results.
HIGHEST_CUTOFF = 0.6
# Enough pairs for a stable 99.9th percentile, few enough to be computed in a second.
SAMPLED_QUERIES = 256
SAMPLED_DOCUMENTS = 20_000


@dataclass(frozen=True)
class Scale:
    """One modality's affine scale, score = (cosine - origin) / span, and the lowest score of a result."""

    origin: float
    span: float
    cutoff: float

    def score(self, cosines: NDArray[np.float32]) -> NDArray[np.float32]:
        """Scores of raw cosines. Extremes may lie outside [0, 1]; they are clipped where they are shown."""
        return np.asarray((cosines - self.origin) / self.span, dtype=np.float32)

    def cosine(self, score: float) -> float:
        """The cosine that has this score."""
        return score * self.span + self.origin


@dataclass(frozen=True)
class Calibration:
    """The scales of both modalities of one index version."""

    image: Scale
    text: Scale

    def alpha(self, weight: float) -> float:
        """The α at which fused vectors rank exactly as the two scores mixed by ``weight``; both in [0, 1]."""
        return (weight / self.image.span) / self._gain(weight)

    def cutoff(self, weight: float) -> float:
        """The mixed score below which a product is no result, at this weight."""
        return weight * self.image.cutoff + (1.0 - weight) * self.text.cutoff

    def cosine(self, score: float, weight: float) -> float:
        """The value of α·si + (1-α)·st that corresponds to a mixed score."""
        return (score + self._offset(weight)) / self._gain(weight)

    def score(self, mixed: NDArray[np.float32], weight: float) -> NDArray[np.float32]:
        """The mixed scores of values of α·si + (1-α)·st: the inverse of ``cosine``."""
        return np.asarray(mixed * self._gain(weight) - self._offset(weight), np.float32)

    def _offset(self, weight: float) -> float:
        return weight * self.image.origin / self.image.span + (1 - weight) * self.text.origin / self.text.span

    def _gain(self, weight: float) -> float:
        return weight / self.image.span + (1.0 - weight) / self.text.span

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Calibration:
        return cls(image=Scale(**values["image"]), text=Scale(**values["text"]))


@dataclass(frozen=True)
class LabelledQueries:
    """Queries whose relevant products are known from the catalogue: (q, d) unit vectors.

    ``relevant`` holds, per query, the boolean mask (n,) of the relevant documents.
    """

    vectors: Vectors
    relevant: Sequence[NDArray[np.bool_]]


def calibrate(documents: Vectors, *, image: LabelledQueries, text: LabelledQueries) -> Calibration:
    """Measure both scales on (n, d) document vectors. A modality without queries takes the other's scale."""
    if not len(image.vectors) and not len(text.vectors):
        return Calibration(image=_DEFAULT, text=_DEFAULT)
    image_scale = _scale(documents, image) if len(image.vectors) else None
    text_scale = _scale(documents, text) if len(text.vectors) else None
    return Calibration(
        image=image_scale or text_scale or _DEFAULT,
        text=text_scale or image_scale or _DEFAULT,
    )


# For a catalogue on which nothing can be measured, such as one product: scores are cosines.
_DEFAULT = Scale(origin=0.0, span=1.0, cutoff=0.0)


def _scale(documents: Vectors, queries: LabelledQueries) -> Scale:
    vectors = queries.vectors[:SAMPLED_QUERIES]
    rows = np.linspace(0, len(documents) - 1, min(len(documents), SAMPLED_DOCUMENTS)).astype(np.int64)
    cosines = vectors @ documents[rows].T
    median, top = np.quantile(cosines, [0.5, 0.999])
    if top - median < 1e-4:
        return _DEFAULT
    span = float(top - median) / (TOP_SCORE - MEDIAN_SCORE)
    origin = float(median) - MEDIAN_SCORE * span
    scores = (cosines - origin) / span
    cutoff = _best_cutoff(scores, [mask[rows] for mask in queries.relevant[:SAMPLED_QUERIES]])
    return Scale(origin=origin, span=span, cutoff=cutoff)


def _best_cutoff(scores: NDArray[np.float32], relevant: Sequence[NDArray[np.bool_]]) -> float:
    """The cut-off that maximises the mean F2 over all queries.

    F2 weights recall above precision: a missing relevant product is worse than an irrelevant one, which
    only ranks low.
    """
    thresholds = np.linspace(MEDIAN_SCORE, HIGHEST_CUTOFF, 51)
    totals = np.zeros(len(thresholds))
    for row, mask in zip(scores, relevant, strict=True):
        totals += _f_beta(row, mask, thresholds, beta=2.0)
    return float(thresholds[int(np.argmax(totals))])


def _f_beta(
    scores: NDArray[np.float32], mask: NDArray[np.bool_], thresholds: NDArray[np.float64], *, beta: float
) -> NDArray[np.float64]:
    """F-beta (van Rijsbergen 1979) at each threshold (t,); zeros where no document is relevant."""
    if not mask.any():
        return np.zeros(len(thresholds))
    everything, relevant = np.sort(scores), np.sort(scores[mask])
    returned = len(everything) - np.searchsorted(everything, thresholds)
    hits = len(relevant) - np.searchsorted(relevant, thresholds)
    f_scores: NDArray[np.float64] = (1 + beta**2) * hits / np.maximum(beta**2 * len(relevant) + returned, 1)
    return f_scores
