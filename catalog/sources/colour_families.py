"""The families of a colour name, by which shoppers filter; a product keeps its shop's own word.

``data/colours.toml`` states which name belongs to which family, for facets, filters and the reading of words.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

_DATA: dict[str, Any] = tomllib.loads(
    (Path(__file__).parent / "data" / "colours.toml").read_text(encoding="utf-8")
)
_BETWEEN = {name: tuple(listed.split()) for name, listed in _DATA.pop("between").items()}
_PHRASES: dict[str, str] = _DATA.pop("phrases")
_TEXTURES = set(_DATA.pop("textures")["words"].split())
FAMILIES: tuple[str, ...] = tuple(_DATA)
# The English names of a family's shades, by which a query may ask for it.
SHADES: dict[str, tuple[str, ...]] = {
    family: (
        *(each.strip() for each in stated["shades"].split(",")),
        *(name for name, families in _BETWEEN.items() if family in families),
    )
    for family, stated in _DATA.items()
}
# A name of a family itself -> the family.
_NAMED = {name: family for family, stated in _DATA.items() for name in stated["names"].split()}
_FAMILIES_OF = (
    {
        word: (family,)
        for family, stated in _DATA.items()
        for word in (*SHADES[family], *stated["words"].split(), *stated["names"].split())
    }
    | _BETWEEN
    | {phrase: (family,) for phrase, family in _PHRASES.items()}
)
# German, Dutch and others write a shade and its colour as one word. Shorter names end other words ("tartan").
_ENDINGS = {name: family for name, family in _NAMED.items() if len(name) > 3 or not name.isascii()} | {
    "rot": "Red"
}
_SEPARATED = re.compile(
    r"\s*(?:[/,;&+|、・]|\b(?:and|und|et|y|e|en|och|og|i|ve|with|mit|avec|con)\b)\s*", re.IGNORECASE
)
# More colours than these make a product colourful as well.
_MOST_COLOURS = 2


def parts(colour: str) -> list[str]:
    """The colours that a name lists, casefolded: "Red/White" is two."""
    return [part for part in _SEPARATED.split(colour.casefold().strip()) if part]


@lru_cache(maxsize=8192)
def families(colour: str) -> tuple[str, ...]:
    """The families of every colour in a name, in its order, () where none is known: ("Red", "White") for
    "Red/White", ("Green", "Blue") for "Teal", with "Multi" for three colours.
    """
    each = [_families(part) for part in parts(colour)]
    found = [family for several in each for family in several]
    if len({several[0] for several in each if several}) > _MOST_COLOURS:
        found.append("Multi")
    return tuple(dict.fromkeys(found))


def family(colour: str) -> str:
    """The family that describes a colour best: "Blue" for "Midnight Navy", "Multi" for three colours, "" for
    an unknown name. The first colour of two counts, as in "Navy/White".
    """
    found = families(colour)
    return "Multi" if "Multi" in found else next(iter(found), "")


def choices(colour: str) -> tuple[str, ...]:
    """What a facet counts a product under: its families, or the shop's own word that no family claims."""
    return families(colour) or ((colour,) if colour else ())


def meant(value: str) -> str:
    """What a filter's value asks for: a family by any of its names ("Blau"), else the shop's own word."""
    return _NAMED.get(value.casefold().strip(), value)


def _families(name: str) -> tuple[str, ...]:
    """The families of one colour: of the names of families in it, the last first ("blue grey"), else of its
    last shade, which those before it describe, else of the end of a compound.
    """
    units = _units(re.findall(r"[^\W\d_]+", name))
    plain = [_FAMILIES_OF[unit] for unit in reversed(units) if unit in _NAMED or " " in unit]
    if plain:
        return tuple(dict.fromkeys(family for several in plain for family in several))
    shades = [unit for unit in reversed(units) if unit in _FAMILIES_OF]
    shade = min(shades, key=lambda unit: unit in _TEXTURES, default="")
    return _FAMILIES_OF[shade] if shade else next(_ends(units), ())


def _units(words: list[str]) -> list[str]:
    """The words, those of a known name of two words as one."""
    units: list[str] = []
    for word in words:
        if units and f"{units[-1]} {word}" in _FAMILIES_OF:
            units[-1] += f" {word}"
        else:
            units.append(word)
    return units


def _ends(words: list[str]) -> Iterator[tuple[str, ...]]:
    for word in reversed(words):
        for start in range(1, len(word)):
            if ending := _ENDINGS.get(word[start:]):
                yield (ending,)
