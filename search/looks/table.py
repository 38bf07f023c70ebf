"""The maintained table of what is worn with what (``data/complements.toml``)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from search.language.tokens import phrase_key

_DATA = Path(__file__).parent / "data"
# Each place further down a list of what is worn with a garment costs this much of its fit.
_STEP, _LEAST_FIT = 0.12, 0.3
_INHERITS = "like"


@dataclass(frozen=True)
class Garment:
    """One kind of garment; ``slot`` is "" for what is part of no outfit, ``weather`` "warm", "cold" or ""."""

    name: str
    slot: str
    occasions: tuple[str, ...]
    weather: str

    @property
    def usual(self) -> str:
        """The occasion that it is mostly worn for; "" where it has none."""
        return self.occasions[0] if self.occasions else ""


@dataclass(frozen=True)
class Table:
    """``by_phrase`` maps the stems of a category's name to its garment, ``by_title`` what a title may say to
    what it makes of a garment of the same slot, ``complements`` a garment to its slots in their order, and
    each slot to garments with their fit in (0, 1].
    """

    garments: Mapping[str, Garment]
    by_phrase: Mapping[str, str]
    by_title: Mapping[str, str]
    complements: Mapping[str, Mapping[str, Mapping[str, float]]]
    slots: tuple[str, ...]
    occasion_words: Mapping[str, str]
    occasion_pairs: Mapping[frozenset[str], float]

    def occasion_fit(self, one: str, other: str) -> float:
        """How well two occasions go together, in [0, 1]; 0 for never."""
        return 1.0 if one == other else self.occasion_pairs.get(frozenset((one, other)), 0.0)


def data(name: str) -> dict[str, Any]:
    """A file of the folder ``data``."""
    return tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def table() -> Table:
    written = data("complements")
    return Table(
        garments={
            name: Garment(name, row["slot"], tuple(row["occasions"].split()), row.get("weather", ""))
            for name, row in written["garments"].items()
        },
        by_phrase={
            phrase_key(phrase): name
            for name, row in written["garments"].items()
            for phrase in row["names"].split(",")
        },
        by_title={
            phrase.strip(): name
            for name, row in written["garments"].items()
            for phrase in row.get("titles", "").split(",")
            if phrase
        },
        complements={name: _slots(written["complements"], name) for name in written["complements"]},
        slots=tuple(written["slots"]),
        occasion_words={
            phrase_key(word): occasion
            for occasion, words in written["occasions"].items()
            for word in words.split()
        },
        occasion_pairs={frozenset(pair.split()): fit for pair, fit in written["occasion_pairs"].items()},
    )


def _slots(rows: Mapping[str, Mapping[str, str]], name: str) -> dict[str, dict[str, float]]:
    row = rows[rows[name].get(_INHERITS, name)]
    return {
        slot: {each: max(1.0 - _STEP * place, _LEAST_FIT) for place, each in enumerate(listed.split())}
        for slot, listed in row.items()
    }
