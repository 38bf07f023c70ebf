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
    while end and _trails(words[end - 1]):
        end -= 1
    return words if end < len(words) and words[end] in PARTS else words[:end]


def _trails(word: str) -> bool:
    return word in TRAILING or word.isdigit() or word.endswith(("ed", "less"))


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
