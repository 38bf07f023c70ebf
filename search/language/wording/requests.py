"""The words that a request is wrapped in: "do you have any brown boots?" asks for brown boots."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.language.lexicon import CLOSINGS, OPENINGS


def _alternatives(phrases: Iterable[str]) -> str:
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(re.escape(phrase).replace("'", "['\u2019]?") for phrase in longest_first)


# "Hi, I am looking for some ..."; what stands before the thing goes with it.
_OPENING = re.compile(
    rf"(?:[\s,!.\u00bf]*\b(?:{_alternatives(OPENINGS)})\b(?!-))+"
    r"[\s,:.!]*(?:(?:some|any|an?|the|all|your)\b\s*)*",
    re.IGNORECASE,
)
_CLOSING = re.compile(rf"(?:[\s,.]*\b(?:{_alternatives(CLOSINGS)})\b)+[\s?!.]*$", re.IGNORECASE)
_WORD = re.compile(r"\w")


def without_request(text: str) -> str:
    """``text`` without the words that only ask; as it is where it holds no others."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    closing = _CLOSING.search(text, start)
    left = text[start : closing.start() if closing else None]
    if not _WORD.search(left):
        return text
    return left.rstrip("?! ") if opening or closing else text
