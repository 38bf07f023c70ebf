"""Bootstrap intervals (Efron 1979): how far a mean over queries may be off, from the queries themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000
# The interval that holds the mean in 95 of 100 resamples.
QUANTILES = (0.025, 0.975)
_SEED = 20_26


@dataclass(frozen=True)
class Estimate:
    """A mean over queries with its 95 % interval."""

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Estimate:
        """The same for the same values: the resampling is seeded. Raises ValueError without values."""
        if not values:
            raise ValueError("A mean needs at least one value.")
        sample = np.asarray(values, np.float64)
        picks = np.random.default_rng(_SEED).integers(0, len(sample), (RESAMPLES, len(sample)))
        low, high = np.quantile(sample[picks].mean(axis=1), QUANTILES)
        return cls(float(sample.mean()), float(low), float(high))

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}-{self.high:.3f}]"
