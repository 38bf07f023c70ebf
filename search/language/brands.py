"""Brands that shoppers ask for by name (``data/brands.txt``), though no product here is of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from search.language.lexicon import ALL_JOINERS, ALL_MAKERS, ALL_NEGATORS
from search.language.tokens import words

_FILE = Path(__file__).parent / "data" / "brands.txt"
_WRITTEN = re.compile(r"[^\s,;/]+")
# "United Colors of Benetton", and "H & M" with blanks.
_LONGEST = 4
# In the place of a brand that is taken out.
_GONE = "\0"
# "Puma or nike shoes", "shoes by nike", "shoes but not nike".
_JOINED = re.compile(
    rf"{_GONE}(?:\s*[,/&+]?\s*(?:\b(?:{'|'.join(sorted(ALL_JOINERS))})\b)?\s*{_GONE})+", re.I
)
_LED_TO = re.compile(rf"(?:\b(?:{'|'.join(sorted(ALL_MAKERS | ALL_NEGATORS))})\s+)*{_GONE}", re.I)


@cache
def _brands() -> frozenset[tuple[str, ...]]:
    """The folded words of every brand."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(tuple(words(line)) for line in lines if not line.startswith("#"))


def is_brand(word: str) -> bool:
    """Whether a folded word is the name of a brand."""
    return (word,) in _brands()


def missing_brands(text: str, carries: Callable[[str], bool]) -> list[str]:
    """The brands that ``text`` names and no product has, as they are written, in order.

    ``carries`` says whether a product has these words.
    """
    written, found, at = list(_WRITTEN.finditer(text)), [], 0
    while at < len(written):
        name = _brand_at(text, written[at : at + _LONGEST])
        if name and not carries(name):
            found.append(name)
        at += len(name.split()) or 1
    return found


def _brand_at(text: str, written: Sequence[re.Match[str]]) -> str:
    """The longest brand that a text names from the first of these words on, or ""."""
    spans = (text[written[0].start() : each.end()] for each in reversed(written))
    return next((span for span in spans if tuple(words(span)) in _brands()), "")


def without(text: str, brands: Sequence[str]) -> str:
    """``text`` without these brands, each once, as written, and without what leads to them or joins two of
    them; "" for nothing else.
    """
    for brand in brands:
        text = re.sub(rf"(?<![^\s,;/]){re.escape(brand)}(?![^\s,;/])", _GONE, text, count=1)
    text = _LED_TO.sub(" ", _JOINED.sub(_GONE, text)) if brands else text
    return " ".join(text.split())
