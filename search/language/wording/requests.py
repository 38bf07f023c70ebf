"""The words that a request is wrapped in: "do you have any brown boots?" asks for brown boots."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.language.lexicon import ARTICLES, CLOSINGS, OPENINGS


def _alternatives(phrases: Iterable[str]) -> str:
    """The phrases, the longest first; "est ce que" is written with hyphens too."""
    longest_first = sorted(phrases, key=len, reverse=True)
    escaped = (re.escape(phrase).replace(r"\ ", r"[\s-]+") for phrase in longest_first)
    return "|".join(phrase.replace("'", "['\u2019]?") for phrase in escaped)


# "Hi, I am looking for some ..."; what stands before the thing goes with it.
_OPENING = re.compile(
    rf"(?:[\s,!.\u00bf\u00a1]*(?<!\w)(?:{_alternatives(OPENINGS)})(?![\w-]))+"
    rf"[\s,:.!]*(?:(?:{_alternatives(ARTICLES)})(?:(?<=')|(?<=\u2019)|(?!\w))\s*)*",
    re.IGNORECASE,
)
# Without what stands around it, and looked for at the end alone: a pattern that also takes the blanks before
# it would try each of a long run of them.
_CLOSING = re.compile(rf"(?<!\w)(?:{_alternatives(CLOSINGS)})$", re.IGNORECASE)
_BEFORE_CLOSING, _BEHIND = ",.? ", "?!. "
_WORD = re.compile(r"\w")


def without_request(text: str) -> str:
    """``text`` without the words that only ask; as it is where it holds no others."""
    opening = _OPENING.match(text)
    asked = text[opening.end() :] if opening else text
    left = _without_closings(asked)
    if not _WORD.search(left):
        return text
    return left.rstrip("?! ") if opening or left != asked else text


def _without_closings(text: str) -> str:
    """``text`` as it is, or without the closings that it ends on and what stands around them."""
    left = text
    while closing := _CLOSING.search(ended := left.rstrip(_BEHIND)):
        left = ended[: closing.start()].rstrip(_BEFORE_CLOSING)
    return left
