"""Builds the look of one product: slot by slot, the piece that scores best with it and with those chosen.

    score = .35·harmony + .25·occasion + .2·fit + .2·style + .3·bought

``harmony`` is that of the colours, ``occasion`` how well the occasions go together, ``fit`` how usual the
garment is in its slot, ``style`` the cosine of the stored vectors, scaled to [0, 1] within the slot,
``bought`` how often people bought both, where that is known. What
does not go together at all (occasions, warm with cold, garments of the table) is left out before.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.looks.harmony import harmony
from search.looks.staff import Wishes
from search.looks.table import Garment, table
from search.looks.wardrobe import Wardrobe
from search.looks.wearers import groups_with
from search.vectors import Mask, Rows, Scores, Vectors

WEIGHTS = {"harmony": 0.35, "occasion": 0.25, "fit": 0.2, "style": 0.2, "bought": 0.3}
# Of harmony and fit, the part of the pieces that were chosen before.
AMONG_PIECES = 0.3
# Rows of one slot that are compared by their vectors: 4,000 of 512 dimensions take about 1 ms.
POOL = 4000
MAX_PIECES = 8
# Where an occasion is not stated but follows from the kind of garment, it counts a little less.
_PRESUMED = 0.9
# An outfit has a top and a bottom, or a dress; other slots add to any of them.
_CORE = frozenset(("top", "bottom", "dress"))
_OTHER_SLOT = "other"


@dataclass(frozen=True)
class Anchor:
    """The product that is completed; ``tone``, ``occasion`` "" where not known, ``vector`` (d,) or None."""

    key: int
    garment: Garment
    tone: str
    occasion: str
    wearer: int
    style: int | None = None
    vector: Vectors | None = None


@dataclass(frozen=True)
class Piece:
    """One chosen row, and the parts of its score, each in [0, 1]."""

    slot: str
    row: int
    garment: str
    tone: str
    terms: Mapping[str, float]
    is_fixed: bool = False

    @property
    def score(self) -> float:
        return sum(weight * self.terms[name] for name, weight in WEIGHTS.items())


@dataclass(frozen=True)
class LookBuilder:
    """``vectors`` (n, d) are the index's unit rows, ``bought`` scores by primary key in (0, 1]."""

    anchor: Anchor
    wardrobe: Wardrobe
    vectors: Vectors
    wishes: Wishes
    bought: Mapping[int, float] = field(default_factory=dict)

    def look(self) -> list[Piece]:
        """At most MAX_PIECES pieces, one for each slot, those that staff chose first."""
        slots = table().complements.get(self.anchor.garment.name, {})
        looks = [self._look(slots, group) for group in groups_with(self.anchor.wearer)]
        return max(looks, key=lambda pieces: (len(pieces), sum(piece.score for piece in pieces)))

    def _look(self, slots: Mapping[str, Mapping[str, float]], wearers: tuple[int, ...]) -> list[Piece]:
        pieces = self._fixed
        for slot, fits in slots.items():
            if len(pieces) == MAX_PIECES:
                break
            if slot not in {piece.slot for piece in pieces}:
                wearable = {
                    name: _fit_among(table().garments[name], fit, pieces)
                    for name, fit in fits.items()
                    if self._suits(name, pieces)
                }
                pieces = [*pieces, *self._best(slot, wearable, wearers, pieces)]
        return pieces

    # --- What may be chosen --------------------------------------------------------------------

    def _suits(self, name: str, pieces: list[Piece]) -> bool:
        """Whether a garment can be worn with the product and with every piece."""
        garment = table().garments[name]
        others = [
            self.anchor.garment,
            *(table().garments[piece.garment] for piece in pieces if piece.garment),
        ]
        if any({garment.weather, other.weather} == {"warm", "cold"} for other in others):
            return False
        return name != self.anchor.garment.name and all(_are_worn_together(garment, each) for each in others)

    @cached_property
    def _forbidden(self) -> Mask:
        columns = self.wardrobe.columns
        mask = columns.steps.mask(self.wishes.forbidden_categories)
        mask[columns.rows_of([*self.wishes.forbidden, self.anchor.key])] = True
        if self.anchor.style is not None:
            mask |= columns.group == self.anchor.style
        return mask

    @cached_property
    def _fixed(self) -> list[Piece]:
        """What staff chose, where it can be bought; of two for one slot the first."""
        columns, pieces = self.wardrobe.columns, dict[str, Piece]()
        for row in columns.rows_of(list(self.wishes.fixed)).tolist():
            number = int(self.wardrobe.garment[row])
            name = self.wardrobe.garments[number] if number >= 0 else ""
            slot = (table().garments[name].slot if name else "") or _OTHER_SLOT
            if columns.active[row] and columns.in_stock[row] and not self._forbidden[row]:
                terms = self._terms(np.array([row]), np.ones(1, np.float32), [])
                pieces.setdefault(
                    slot, self._piece(slot, row, name, {k: v[0] for k, v in terms.items()}, is_fixed=True)
                )
        return list(pieces.values())[:MAX_PIECES]

    # --- What is best --------------------------------------------------------------------------

    def _best(
        self, slot: str, fits: Mapping[str, float], wearers: tuple[int, ...], pieces: list[Piece]
    ) -> list[Piece]:
        """The best piece for a slot, as a list of one; [] where nothing can be bought."""
        by_garment = self.wardrobe.rows_of(fits, wearers)
        if not by_garment:
            return []
        rows = np.concatenate(list(by_garment.values()))
        fit = np.concatenate(
            [np.full(len(part), fits[name], np.float32) for name, part in by_garment.items()]
        )
        occasions = self._occasion_fits[self.wardrobe.garment[rows], self.wardrobe.occasion[rows]]
        allowed = (occasions > 0.0) & ~self._forbidden[rows]
        rows, fit = rows[allowed], fit[allowed]
        if not len(rows):
            return []
        kept = self._promising(rows, fit, pieces)
        rows, terms = rows[kept], self._terms(rows[kept], fit[kept], pieces)
        score = _weighted(terms)
        # The lower key of equals, so that the answer is always the same.
        at = int(np.lexsort((self.wardrobe.columns.keys[rows], -score))[0])
        name = self.wardrobe.garments[int(self.wardrobe.garment[rows[at]])]
        return [self._piece(slot, int(rows[at]), name, {each: values[at] for each, values in terms.items()})]

    def _promising(self, rows: Rows, fit: Scores, pieces: list[Piece]) -> Rows:
        """Positions of the POOL rows that score best without their vectors."""
        if len(rows) <= POOL:
            return np.arange(len(rows))
        terms = self._terms(rows, fit, pieces, with_style=False)
        return np.sort(np.argsort(-_weighted(terms), kind="stable")[:POOL])

    def _terms(
        self, rows: Rows, fit: Scores, pieces: list[Piece], *, with_style: bool = True
    ) -> dict[str, Scores]:
        numbers = self.wardrobe.tone[rows]
        colours = self._harmonies(self.anchor.tone)[numbers]
        if pieces:
            among = np.mean([self._harmonies(piece.tone)[numbers] for piece in pieces], axis=0)
            colours = (1 - AMONG_PIECES) * colours + AMONG_PIECES * among
        return {
            "harmony": np.asarray(colours, np.float32),
            "occasion": self._occasion_fits[self.wardrobe.garment[rows], self.wardrobe.occasion[rows]],
            "fit": fit,
            "style": self._styles(rows) if with_style else np.zeros(len(rows), np.float32),
            "bought": self._bought[rows],
        }

    def _styles(self, rows: Rows) -> Scores:
        if self.anchor.vector is None:
            return np.zeros(len(rows), np.float32)
        cosines = np.asarray(self.vectors[rows]) @ self.anchor.vector
        spread = float(np.ptp(cosines))
        return np.asarray((cosines - cosines.min()) / (spread or 1.0), np.float32)

    @cached_property
    def _bought(self) -> Scores:
        """(n,) by row: the scores of what was bought with the product, the best of them 1."""
        columns, scores = self.wardrobe.columns, np.zeros(len(self.wardrobe.columns.keys), np.float32)
        best = max(self.bought.values(), default=1.0)
        rows = columns.rows_of(list(self.bought))
        scores[rows] = [self.bought[int(key)] / best for key in columns.keys[rows]]
        return scores

    def _harmonies(self, tone: str) -> Scores:
        """(t + 1,) by number of the other tone; the last is for a tone that is not known."""
        return np.array([harmony(tone, other).score for other in (*self.wardrobe.tones, "")], np.float32)

    @cached_property
    def _occasion_fits(self) -> NDArray[np.float32]:
        """(g + 1, o + 1) by garment and stated occasion; the last of each is for none."""
        stated = (*self.wardrobe.occasions, "")
        garments = [*(table().garments[name] for name in self.wardrobe.garments), Garment("", "", (), "")]
        return np.array(
            [[self._occasion_fit(garment, each) for each in stated] for garment in garments], np.float32
        )

    def _occasion_fit(self, garment: Garment, stated: str) -> float:
        own = (self.anchor.occasion,) if self.anchor.occasion else self.anchor.garment.occasions
        theirs = (stated,) if stated else garment.occasions
        fits = (table().occasion_fit(one, other) for one in own for other in theirs)
        return max(fits, default=0.0) * (1.0 if self.anchor.occasion and stated else _PRESUMED)

    def _piece(
        self, slot: str, row: int, garment: str, terms: Mapping[str, float], *, is_fixed: bool = False
    ) -> Piece:
        number = int(self.wardrobe.tone[row])
        tone = self.wardrobe.tones[number] if number >= 0 else ""
        return Piece(
            slot, row, garment, tone, {name: float(value) for name, value in terms.items()}, is_fixed
        )


def _weighted(terms: Mapping[str, Scores]) -> Scores:
    return np.asarray(sum(weight * terms[name] for name, weight in WEIGHTS.items()), np.float32)


def _fit_among(garment: Garment, fit: float, pieces: Sequence[Piece]) -> float:
    """The fit of a garment to the product, and to the pieces whose tables speak of its slot."""
    tables = [table().complements.get(piece.garment, {}).get(garment.slot, {}) for piece in pieces]
    fits = [listed[garment.name] for listed in tables if garment.name in listed]
    return (1 - AMONG_PIECES) * fit + AMONG_PIECES * float(np.mean(fits)) if fits else fit


def _are_worn_together(one: Garment, other: Garment) -> bool:
    """Whether the table of either, where it speaks of the other's slot, has the other."""
    return all(_allows(first, second) for first, second in ((one, other), (other, one)))


def _allows(garment: Garment, other: Garment) -> bool:
    listed = table().complements.get(garment.name, {}).get(other.slot)
    if listed is None:
        return not (garment.slot in _CORE and other.slot in _CORE)
    return other.name in listed
