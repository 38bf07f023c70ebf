"""The sign test: of the visits that decided for one of two rankings, is either preferred?

F. Radlinski, M. Kurup and T. Joachims, "How does clickthrough data reflect retrieval quality?" (CIKM 2008),
and O. Chapelle, T. Joachims, F. Radlinski and Y. Yue, "Large-scale validation and analysis of interleaved
search evaluation" (TOIS 2012): without a preference each decided visit is a toss of a fair coin, and ties say
nothing.
The standard library is enough for it: scipy.stats would take a second to import in every process.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

# Of the interval, and of the test: five in a hundred equal rankings would be called different.
CONFIDENCE = 0.95
SIGNIFICANT = 1 - CONFIDENCE
# How surely a difference as large as the observed one is found with the visits that are said to be needed.
POWER = 0.8
# Fewer decided visits decide nothing, however they went.
LEAST_DECIDED = 30

_NORMAL = NormalDist()
_Z = _NORMAL.inv_cdf(1 - SIGNIFICANT / 2)
_Z_POWER = _NORMAL.inv_cdf(POWER)


@dataclass(frozen=True)
class SignTest:
    """Visits that preferred the shop's ranking, those that preferred the variant, and those that tied."""

    ours: int
    theirs: int
    ties: int = 0

    @property
    def decided(self) -> int:
        return self.ours + self.theirs

    @property
    def share(self) -> float | None:
        """The variant's share of the decided visits, in [0, 1]; None without any."""
        return self.theirs / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float]:
        """The share's 95 % interval (E. B. Wilson, 1927); (0, 1) without visits."""
        n = self.decided
        if not n:
            return 0.0, 1.0
        share, spread = self.theirs / n, _Z * _Z / n
        middle = (share + spread / 2) / (1 + spread)
        half = math.sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
        return max(middle - half, 0.0), min(middle + half, 1.0)

    @property
    def p_value(self) -> float:
        """How often equal rankings differ at least this much: exact, two-sided."""
        n, fewer = self.decided, min(self.ours, self.theirs)
        logs = (
            math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) - n * math.log(2)
            for k in range(fewer + 1)
        )
        return min(1.0, 2 * math.fsum(map(math.exp, logs)))

    @property
    def is_decided(self) -> bool:
        return self.decided >= LEAST_DECIDED and self.p_value < SIGNIFICANT

    @property
    def needed(self) -> int | None:
        """Further decided visits after which a difference as large as this one would be decided, in 80 of
        100 cases (sample size of a binomial test by the normal approximation); None without a difference.
        """
        share = self.share
        if share is None or share == 0.5:
            return None
        spread = 0.5 * _Z + math.sqrt(share * (1 - share)) * _Z_POWER
        total = math.ceil((spread / (share - 0.5)) ** 2)
        return max(max(total, LEAST_DECIDED) - self.decided, 0)
