"""Labelled wishes: a product's picture, words that change one thing about it, and the products they mean."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.evaluation.labelled_queries import Entry
from search.evaluation.metrics import MIN_RELEVANT
from search.evaluation.queries import LabelledProduct, Split
from search.evaluation.wishes.rules import UNWANTED, WISHES
from search.language.tokens import stems
from search.vectors import Mask

# Wishes of a group at most, drawn evenly over its texts.
MOST_WISHES = 60
_SEED = 11
GENDERS = ("Women", "Men", "Girls", "Boys")


@dataclass(frozen=True)
class Wish:
    """The picture of the product in ``row`` with ``text``. ``kind`` (n,) are all products of its kind,
    ``wanted`` (n,) those of them that the words mean.
    """

    row: int
    text: str
    wanted: Mask
    kind: Mask


@dataclass(frozen=True)
class _Candidate:
    """Words, the products that may be asked with, and those that are so."""

    text: str
    asked: Mask
    meant: Mask


class LabelledWishes:
    """The wishes that a catalogue of n products has answers for, by group; the same for the same catalogue.

    ``prices`` is (n,), NaN where unknown; ``pictured`` (n,) is true where there is a picture to ask with.
    """

    def __init__(
        self,
        products: Sequence[LabelledProduct],
        prices: NDArray[np.float64],
        pictured: Mask,
        split: Split = Split.ALL,
    ) -> None:
        self._prices = prices
        names = np.array([product.kind for product in products])
        self._kinds = np.unique(names, return_inverse=True)[1]
        self._colours = np.array([product.colour for product in products])
        self._genders = np.array([product.gender for product in products])
        self._stems = [frozenset(stems(f"{product.title} {product.said}")) for product in products]
        self._askable = pictured & (names != "") & _part_of(products, split)

    def groups(self) -> dict[str, list[Wish]]:
        """Group name -> its wishes; groups without any are left out."""
        groups = {
            "colour": self._drawn(self._labels(self._colours, "in {}")),
            "for whom": self._drawn(self._labels(self._genders, "for {}", GENDERS)),
            **{name: self._drawn(self._ruled(rules)) for name, rules in WISHES.items()},
            "without": self._drawn(self._unwanted()),
            "cheaper": self._cheaper(),
        }
        return {name: wishes for name, wishes in groups.items() if wishes}

    def _labels(
        self, labels: NDArray[np.str_], words: str, known: Sequence[str] | None = None
    ) -> Iterator[_Candidate]:
        for label in sorted(set(labels.tolist()) - {""}):
            if known is None or label in known:
                is_so = labels == label
                yield _Candidate(words.format(label.lower()), ~is_so & (labels != ""), is_so)

    def _ruled(self, rules: dict[str, str]) -> Iterator[_Candidate]:
        for text, condition in rules.items():
            is_so = self._meeting(condition)
            yield _Candidate(text, ~is_so, is_so)

    def _unwanted(self) -> Iterator[_Candidate]:
        for thing, condition in UNWANTED.items():
            has_it = self._meeting(condition)
            yield _Candidate(f"without {thing}", has_it, ~has_it)

    def _meeting(self, condition: str) -> Mask:
        entries = [frozenset(Entry.parse(entry).words) for entry in condition.split("|")]
        return np.array([any(entry <= said for entry in entries) for said in self._stems], bool)

    def _cheaper(self) -> list[Wish]:
        found: list[Wish] = []
        for row in self._shuffled(self._askable & ~np.isnan(self._prices)):
            kind = self._kinds == self._kinds[row]
            wanted = kind & (self._prices < self._prices[row])
            if wanted.sum() >= MIN_RELEVANT and len(found) < MOST_WISHES:
                found.append(Wish(row, "cheaper", wanted, kind))
        return found

    def _drawn(self, candidates: Iterator[_Candidate]) -> list[Wish]:
        """Of every text as many wishes as of the others, as far as there are any."""
        queues = [list(self._answerable(each)) for each in candidates]
        turns = [queue[turn] for turn in range(MOST_WISHES) for queue in queues if turn < len(queue)]
        return turns[:MOST_WISHES]

    def _answerable(self, candidate: _Candidate) -> Iterator[Wish]:
        answers = np.bincount(self._kinds[candidate.meant], minlength=len(self._kinds))[self._kinds]
        asked = self._askable & candidate.asked & (answers >= MIN_RELEVANT)
        for row in self._shuffled(asked)[:MOST_WISHES]:
            kind = self._kinds == self._kinds[row]
            yield Wish(row, candidate.text, kind & candidate.meant, kind)

    def _shuffled(self, mask: Mask) -> list[int]:
        found: list[int] = np.random.default_rng(_SEED).permutation(np.flatnonzero(mask)).tolist()
        return found


def _part_of(products: Sequence[LabelledProduct], split: Split) -> Mask:
    """(n,): all products, or one half of those that the bundled encoder was not trained on."""
    if split is Split.ALL:
        return np.ones(len(products), bool)
    halves = [_half_of(product) for product in products]
    return np.array([each is split for each in halves], bool)


def _half_of(product: LabelledProduct) -> Split | None:
    """By a hash of its title, so that products of one title are in one half; None for no held-out product."""
    if not product.is_held_out:
        return None
    digest = hashlib.sha1(product.title.encode(), usedforsecurity=False).digest()
    return Split.CHOOSE if digest[0] % 2 == 0 else Split.REPORT
