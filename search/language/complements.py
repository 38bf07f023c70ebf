"""Where the thing that is asked for ends and a complement begins: "shirt with stripes", "belt for jeans".

What stands in a complement is not the kind of thing asked for, however much of the text it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from search.language.lexicon import (
    ARTICLES,
    ATTACHED,
    COMPANIONS,
    COMPLEMENTS,
    HEIGHTS,
    IDIOMS,
    MATCHING,
    MEASURES,
    PARTS,
    REACHES,
    STATEMENTS,
    TRAILING,
    WISHES,
)
from search.language.wording.ages import UNIT_WORDS

# "Pack of 3".
_PACKS = [[measure, "of"] for measure in MEASURES]


def complements(words: Sequence[str]) -> Iterator[int]:
    """The places at which a complement may begin, in order; never the first word."""
    return (at for at in range(1, len(words)) if _begins(words, at))


def wished(words: Sequence[str]) -> int:
    """Where the thing begins that the last "need a" or "looking for" in the words leads to; 0 for none."""
    for at in range(len(words) - 1, 0, -1):
        wish = next((each for each in WISHES if tuple(words[at : at + len(each)]) == each), ())
        start = at + len(wish)
        while wish and start < len(words) and words[start] in ARTICLES:
            start += 1
        if wish and start < len(words):
            return 0 if words[start] in COMPLEMENTS else start
    return 0


def without_trailing(words: Sequence[str]) -> Sequence[str]:
    """The words without those at the end that describe what stands before them: "skirt pleated", "shoes
    size 9". What is named with a part is a cut: "cap sleeve".
    """
    end = len(words)
    while width := _trailing_width(words[:end]):
        end -= width
    return words if end < len(words) and words[end] in PARTS else words[:end]


def _trailing_width(words: Sequence[str]) -> int:
    """How many words at the end describe what stands before them together; 0 for none."""
    if not words:
        return 0
    *before, last = words
    if _is_count(last) and before[-2:] in _PACKS:
        return 3
    counted = len(words)
    while counted and words[counted - 1] in UNIT_WORDS:
        counted -= 1
    for end in (counted, len(words) - (last in MEASURES)):
        if 0 < end < len(words) and _is_count(words[end - 1]):
            return len(words) - end + 1
    return int(last in TRAILING or _is_count(last) or last.endswith(("ed", "less")))


def _is_count(word: str) -> bool:
    """Whether it is a number, perhaps with its unit: "8", "6y", "3er"."""
    return word[0].isdigit()


def stated(complement: Sequence[str]) -> Sequence[str]:
    """The words of "with stripes"; those of "for the gym" are a purpose, which products seldom name."""
    return complement[1:] if complement[:1] and complement[0] in STATEMENTS else ()


def names_companion(complement: Sequence[str]) -> bool:
    """Whether it says what a thing is to go with: "to wear with a skirt", "matching a dress"."""
    return not COMPANIONS.isdisjoint(complement)


def _begins(words: Sequence[str], at: int) -> bool:
    word = words[at]
    after = next((each for each in words[at + 1 :] if each != "the"), "")
    if word in MATCHING:
        return bool(after)
    return word in COMPLEMENTS and not _belongs(word, words[at - 1], after)


def _belongs(word: str, before: str, after: str) -> bool:
    """Whether it is part of the thing's own name: "over the knee boots", "slip on shoes", "ready to wear",
    "pair of jeans".
    """
    return (
        (word in HEIGHTS and after in REACHES)
        or (word == "on" and before in ATTACHED)
        or (word == "to" and before in IDIOMS)
        or (word == "of" and before in MEASURES)
    )
