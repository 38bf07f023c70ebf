"""The words that a request is wrapped in: "do you have any brown boots?" asks for brown boots."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import whitespace

from search.language.lexicon import AFTER_NO, CLOSINGS, GREETINGS, REQUESTS

_APOSTROPHE = "['\u2019]"
# Between the words of a phrase: "est-ce que", "j'ai besoin".
_GAP = r"[\s'\u2019-]+"
# Not within a word: "a-line" begins with no article, and "o'neill" neither.
_END = r"(?![\w'\u2019-])"


# "Are there no show socks" asks for a kind of socks.
_END_OF_NO = rf"{_END}(?!{_GAP}(?:{'|'.join(AFTER_NO)})(?!\w))"


def _any_of(phrases: Iterable[str]) -> str:
    """One of the phrases, the longest first; one that ends on an apostrophe may stand before a word."""
    return "|".join(map(_written, sorted(phrases, key=len, reverse=True))) or r"(?!)"


def _written(phrase: str) -> str:
    words = [word for word in re.split(r"[ ']", phrase) if word]
    end = _APOSTROPHE if phrase.endswith("'") else _END_OF_NO if words[-1] == "no" else _END
    return _GAP.join(map(re.escape, words)) + end


def _request(openings: Iterable[str], articles: Iterable[str]) -> re.Pattern[str]:
    """ "I am looking for some": openings, one after the other, and the articles behind them."""
    opening = rf"(?:[\s,!.\u00bf\u00a1]*(?:{_any_of(openings)}))+"
    return re.compile(rf"{opening}[\s,:.!]*(?:(?:{_any_of(articles)})\s*)*", re.IGNORECASE)


_GREETING = re.compile(rf"(?:[\s,!.\u00a1]*(?:{_any_of(GREETINGS)}))+", re.IGNORECASE)
_PAUSE = re.compile(r"\s*[,:.!]+\s*")
_REQUESTS = [_request(openings, articles) for openings, articles in REQUESTS]
# Looked for where a text ends: a pattern that also took the blanks before it would try each of a long run.
_CLOSING = re.compile(rf"(?<!\w)(?:{_any_of(CLOSINGS)})$", re.IGNORECASE)
_LONGEST_CLOSING = max(map(len, CLOSINGS))
_BEFORE_CLOSING, _BEHIND = f",.?{whitespace}", f"?!.{whitespace}"
_WORD = re.compile(r"\w")


def without_request(text: str) -> str:
    """``text`` without the words that only ask; as it is where it holds no others."""
    asked = text[_start(text) :]
    left = _without_closings(asked)
    if left == text or not _WORD.search(left):
        return text
    return left.rstrip(_BEHIND)


def _start(text: str) -> int:
    """Where a text begins to say what is looked for."""
    greeting = _GREETING.match(text)
    at = greeting.end() if greeting else 0
    requests = [found.end() for pattern in _REQUESTS if (found := pattern.match(text, at))]
    if requests:
        return max(requests)
    pause = _PAUSE.match(text, at) if greeting else None
    return pause.end() if pause else 0


def _without_closings(text: str) -> str:
    """``text`` as it is, or without the closings that it ends on and what stands around them."""
    left = text
    while True:
        ended = left.rstrip(_BEHIND)
        closing = _CLOSING.search(ended, max(0, len(ended) - _LONGEST_CLOSING))
        if not closing:
            return left
        left = ended[: closing.start()].rstrip(_BEFORE_CLOSING)
