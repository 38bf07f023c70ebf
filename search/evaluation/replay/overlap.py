"""How two rankings of the same queries differ: pure functions over lists of product ids, best first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property

# What is compared product by product: the places that most shoppers look at.
FIRST = 10
# How likely somebody who looked at one place is to look at the next. With 0.9, the value that Webber, Moffat
# and Zobel use most, the first ten places have 86 % of the weight.
PERSISTENCE = 0.9


def rank_biased_overlap(ours: Sequence[str], theirs: Sequence[str], p: float = PERSISTENCE) -> float:
    """How alike two rankings are, in [0, 1]: 1 for the same products in the same order, 0 for none in common.

    W. Webber, A. Moffat and J. Zobel, "A similarity measure for indefinite rankings" (TOIS 2010), the
    extrapolated form: with X(d) products in common among the first d of either, down to the depth k,

        X(k)/k · pᵏ + (1 - p)/p · Σ X(d)/d · pᵈ,  d from 1 to k

    Both are cut at the same place, so a shorter list is an answer that ends there. It is compared down to the
    end of the longer one, with nothing in common where only that goes on. Ids occur once in a list.
    """
    # Exactly, whatever the sum below would round to; two empty lists are the same too.
    if list(ours) == list(theirs):
        return 1.0
    depth = max(len(ours), len(theirs))
    agreements = [len({*ours[:d]} & {*theirs[:d]}) / d for d in range(1, depth + 1)]
    weighted = sum(agreement * p**d for d, agreement in enumerate(agreements, start=1))
    return float(agreements[-1] * p**depth + (1 - p) / p * weighted)


@dataclass(frozen=True)
class RankedProduct:
    """A product among the first ten of one ranking, at ``at`` from 1, and its place on the first page of the
    other: None where it is not on it.
    """

    product_id: str
    at: int
    other: int | None

    @property
    def is_only_here(self) -> bool:
        """Whether the other ranking has it not among the first ten."""
        return self.other is None or self.other > FIRST

    @property
    def is_moved(self) -> bool:
        return not self.is_only_here and self.other != self.at


@dataclass(frozen=True)
class Change:
    """One query, how many searches were for it, and the first page of both rankings as product ids."""

    text: str
    searches: int
    before: tuple[str, ...]
    after: tuple[str, ...]

    @cached_property
    def rbo(self) -> float:
        return rank_biased_overlap(self.before, self.after)

    @property
    def is_changed(self) -> bool:
        """Whether the first ten are others, or stand in another order."""
        return self.before[:FIRST] != self.after[:FIRST]

    @property
    def overlap(self) -> int:
        """Products that both have among the first ten."""
        return len({*self.before[:FIRST]} & {*self.after[:FIRST]})

    @property
    def places_before(self) -> list[RankedProduct]:
        return _places(self.before, self.after)

    @property
    def places_after(self) -> list[RankedProduct]:
        return _places(self.after, self.before)

    @property
    def gained(self) -> list[RankedProduct]:
        return [place for place in self.places_after if place.is_only_here]

    @property
    def lost(self) -> list[RankedProduct]:
        return [place for place in self.places_before if place.is_only_here]


def _places(own: Sequence[str], other: Sequence[str]) -> list[RankedProduct]:
    there = {product_id: at for at, product_id in enumerate(other, start=1)}
    return [RankedProduct(each, at, there.get(each)) for at, each in enumerate(own[:FIRST], start=1)]


@dataclass(frozen=True)
class Replay:
    """The queries, most changed first."""

    queries: tuple[Change, ...]

    @property
    def searches(self) -> int:
        return sum(query.searches for query in self.queries)

    @property
    def changed(self) -> tuple[Change, ...]:
        """Those whose first ten change."""
        return tuple(query for query in self.queries if query.is_changed)

    @property
    def changed_share(self) -> float | None:
        """The share of searches whose first ten change, in [0, 1]; None without any."""
        changed = sum(query.searches for query in self.changed)
        return changed / self.searches if self.searches else None

    @property
    def mean_rbo(self) -> float | None:
        """Weighted by searches; None without any."""
        total = sum(query.searches * query.rbo for query in self.queries)
        return total / self.searches if self.searches else None


def compare(queries: Iterable[Change]) -> Replay:
    """All of them: most changed first, among equals most asked first."""
    return Replay(tuple(sorted(queries, key=lambda query: (query.rbo, -query.searches, query.text))))
