"""The products of one catalogue as looks need them: by garment, wearer, tone and occasion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index.columns import STEP, Columns
from search.language.tokens import stems
from search.looks import harmony
from search.looks.garments import garments_of
from search.looks.table import table
from search.looks.wearers import CHILDREN_WORDS, wearer
from search.vectors import Rows

# What products state an occasion under, by the names of catalog.attributes.
OCCASION_NAMES = ("occasion", "usage")
_WEARERS = 8
SmallCodes = NDArray[np.int16]


@dataclass(frozen=True)
class Wardrobe:
    """Arrays are (n,), by index row; numbers point into ``garments``, ``tones`` and ``occasions``, -1 for
    none.

    ``rows`` maps a garment and a wearer to its rows that can be bought, ascending.
    """

    columns: Columns
    garments: tuple[str, ...]
    tones: tuple[str, ...]
    occasions: tuple[str, ...]
    garment: SmallCodes
    tone: SmallCodes
    occasion: SmallCodes
    wearer: SmallCodes
    rows: Mapping[tuple[str, int], Rows]

    @classmethod
    def of(
        cls,
        columns: Columns,
        synonyms: Mapping[str, Sequence[str]],
        rows_with: Callable[[str], Rows] = lambda _phrase: np.empty(0, np.int64),
    ) -> Wardrobe:
        """``rows_with`` returns the rows whose products have a word or phrase outside their descriptions."""
        garments, tones = tuple(table().garments), harmony.tones()
        occasions = tuple(dict.fromkeys(table().occasion_words.values()))
        garment = _by_title(_garments(columns, garments, synonyms), garments, rows_with)
        wearers = _wearers(columns, rows_with)
        return cls(
            columns=columns,
            garments=garments,
            tones=tones,
            occasions=occasions,
            garment=garment,
            tone=_tones(columns, tones, garment == garments.index("jeans")),
            occasion=_occasions(columns, occasions),
            wearer=wearers,
            rows=_rows(garment, wearers, garments, columns),
        )

    def rows_of(self, garments: Iterable[str], wearers: Iterable[int]) -> dict[str, Rows]:
        """By garment, the rows that these people wear and that can be bought, where there are any."""
        who = tuple(wearers)
        found = {}
        for name in garments:
            parts = [self.rows[name, each] for each in who if (name, each) in self.rows]
            if parts:
                found[name] = np.sort(np.concatenate(parts))
        return found


def occasion_of(values: Iterable[Any]) -> str:
    """The occasion that a product states in words; "" for none that is known."""
    found = {table().occasion_words.get(stem, "") for value in values for stem in stems(str(value))}
    return next((each for each in table().occasion_words.values() if each in found), "")


def _number(name: str, names: Sequence[str]) -> int:
    return names.index(name) if name in names else -1


def _garments(columns: Columns, names: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> SmallCodes:
    """By the last step of the category path that names a garment."""
    labels = (*columns.category.values, *columns.steps.values)
    plain = [label for label in labels if STEP not in label]
    known = dict(zip(plain, garments_of(plain, synonyms), strict=True))
    own = [_number(known.get(label, ""), names) for label in columns.category.values]
    found = np.array([*own, -1], np.int16)[columns.category.codes]
    missing = np.flatnonzero(found < 0)
    at, codes = columns.steps.pairs(missing)
    of_step = np.array([_number(known.get(label, ""), names) for label in columns.steps.values], np.int16)
    named = of_step[codes] >= 0 if len(codes) else np.zeros(0, bool)
    # Of several steps the last one is written last.
    found[missing[at[named]]] = of_step[codes[named]]
    return found


def _by_title(found: SmallCodes, names: Sequence[str], rows_with: Callable[[str], Rows]) -> SmallCodes:
    """Shops keep winter hats among caps; their titles tell."""
    slots = np.array([*(table().garments[name].slot for name in names), ""])
    for phrase, name in table().by_title.items():
        rows = rows_with(phrase)
        same_slot = rows[slots[found[rows]] == table().garments[name].slot]
        found[same_slot] = _number(name, names)
    return found


def _tones(columns: Columns, names: Sequence[str], is_denim: NDArray[np.bool_]) -> SmallCodes:
    plain, denim = (
        np.array(
            [*(_number(harmony.tone(each, is_denim=flag), names) for each in columns.colour.values), -1],
            np.int16,
        )
        for flag in (False, True)
    )
    codes = columns.colour.codes
    return np.where(is_denim, denim[codes], plain[codes])


def _occasions(columns: Columns, names: Sequence[str]) -> SmallCodes:
    found = np.full(len(columns.keys), -1, np.int16)
    for stated in (columns.attributes.get(name) for name in reversed(OCCASION_NAMES)):
        if stated is not None:
            at, codes = stated.pairs(np.arange(len(found)))
            of_value = np.array([_number(occasion_of([value]), names) for value in stated.values], np.int16)
            known = of_value[codes] >= 0
            found[at[known]] = of_value[codes[known]]
    return found


def _wearers(columns: Columns, rows_with: Callable[[str], Rows]) -> SmallCodes:
    ages = columns.attributes.get("age_group")
    by_gender = np.array([*(wearer(each) for each in columns.gender.values), wearer("")], np.int16)
    found = by_gender[columns.gender.codes]
    if ages is not None:
        at, codes = ages.pairs(np.arange(len(found)))
        genders = (*columns.gender.values, "")
        grid = np.array([[wearer(gender, age) for age in ages.values] for gender in genders], np.int16)
        found[at] = grid[columns.gender.codes[at], codes]
    # Shops label many children's products as adults'; their titles tell.
    for word, children in CHILDREN_WORDS.items():
        rows = rows_with(word)
        found[rows] = np.array(children, np.int16)[found[rows]]
    return found


def _rows(
    garment: SmallCodes, wearers: SmallCodes, names: Sequence[str], columns: Columns
) -> dict[tuple[str, int], Rows]:
    buyable = np.flatnonzero((garment >= 0) & columns.active & columns.in_stock)
    combined = garment[buyable].astype(np.int64) * _WEARERS + wearers[buyable]
    order = np.argsort(combined, kind="stable")
    kinds, starts = np.unique(combined[order], return_index=True)
    parts = np.split(buyable[order], starts[1:])
    return (
        {
            (names[kind // _WEARERS], int(kind % _WEARERS)): rows
            for kind, rows in zip(kinds.tolist(), parts, strict=True)
        }
        if len(kinds)
        else {}
    )
