"""Which colours are worn together (``data/harmony.toml``), by the families that shoppers filter by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any

from catalog.sources import colour_families
from search.looks.table import data

# A blue that is as quiet as a neutral, and several colours at once.
NAVY, MULTI = "Navy", "Multi"
_ANALOGOUS, _COMPLEMENTARY = 60, 150


class Relation(StrEnum):
    NEUTRAL = "neutral"
    TONAL = "tonal"
    ANALOGOUS = "analogous"
    COMPLEMENTARY = "complementary"
    TRIADIC = "triadic"
    PATTERNED = "patterned"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Harmony:
    """``score`` in [0, 1]: how good the pair is."""

    relation: Relation
    score: float


@lru_cache(maxsize=8192)
def tone(colour: str, *, is_denim: bool = False) -> str:
    """The family of a colour's name, NAVY for a dark or denim blue, "" for a colour that is not known."""
    family = colour_families.family(colour)
    words = colour.casefold()
    if family == "Blue" and (is_denim or any(word in words for word in _navy_words())):
        return NAVY
    return family


def tones() -> tuple[str, ...]:
    """Every answer of ``tone`` but ""."""
    return (*colour_families.FAMILIES, NAVY)


def is_neutral(tone: str) -> bool:
    return tone == NAVY or tone in _rules()["neutrals"]["families"]


@lru_cache(maxsize=1024)
def harmony(one: str, other: str) -> Harmony:
    """How two tones go together; the order does not matter."""
    relation = _relation(one, other)
    exception = _exceptions().get(frozenset((one, other)))
    return Harmony(relation, float(_rules()["scores"][relation] if exception is None else exception))


def _relation(one: str, other: str) -> Relation:
    if not one or not other:
        return Relation.UNKNOWN
    if {one, other} == {NAVY, "Blue"} or (one == other and one != MULTI):
        return Relation.TONAL
    if is_neutral(one) or is_neutral(other):
        return Relation.NEUTRAL
    if MULTI in (one, other):
        return Relation.PATTERNED
    wheel = _rules()["wheel"]
    apart = abs(wheel[one] - wheel[other])
    degrees = min(apart, 360 - apart)
    if degrees <= _ANALOGOUS:
        return Relation.ANALOGOUS
    return Relation.COMPLEMENTARY if degrees >= _COMPLEMENTARY else Relation.TRIADIC


@cache
def _rules() -> dict[str, dict[str, Any]]:
    return data("harmony")


@cache
def _navy_words() -> tuple[str, ...]:
    return tuple(str(_rules()["neutrals"]["words"]).split())


@cache
def _exceptions() -> dict[frozenset[str], float]:
    return {frozenset(pair.split()): score for pair, score in _rules()["pairs"].items()}
