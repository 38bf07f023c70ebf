"""Words beside a picture: a wish about what it shows ("in blue", "with a belt"), or a thing of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from search.language.complements import complements, without_trailing
from search.language.lexicon import (
    ASIDES,
    BEFORE_RECIPIENTS,
    COMPLEMENTS,
    FEATURES,
    GARMENTS,
    GENDER_OF,
    HEIGHTS,
    KIN,
    REACHES,
    RECIPIENTS,
)
from search.language.tokens import stem


def naming(words: Sequence[str]) -> Iterator[Sequence[str]]:
    """The words that may name a thing; none where they only describe one: "for men", "with a belt".

    "For men shoes" are shoes. What stands before "but" and behind it is read each for itself.
    """
    kept = [word for word in _without_recipient(words) if word not in ASIDES]
    for is_but, part in groupby(kept, lambda word: word == "but"):
        phrase = list(part)
        if not is_but and not _leads(phrase) and not _ends_on_a_feature(phrase):
            yield without_trailing(phrase)


def _ends_on_a_feature(words: Sequence[str]) -> bool:
    """Whether a part is named, before any complement: "crew neck", but not "shirt with this print"."""
    core = without_trailing(words[: next(complements(words), len(words))])
    return bool(core) and (core[-1] in FEATURES or " ".join(core[-2:]) in FEATURES)


def is_garment(words: Sequence[str]) -> bool:
    """Whether they end on a garment, sold here or not."""
    return bool(words) and stem(words[-1]) in GARMENTS


def _leads(words: Sequence[str]) -> bool:
    """Whether a complement of the picture's thing is all there is; "in a skirt" may be another thing."""
    first, after = words[0], next((each for each in words[1:] if each != "the"), "")
    return first in COMPLEMENTS - {"in"} and not (first in HEIGHTS and after in REACHES)


def _without_recipient(words: Sequence[str]) -> list[str]:
    """The words without "for my wife" or "for men"."""
    left: list[str] = []
    at = 0
    while at < len(words):
        end = at + 1
        while words[at] in RECIPIENTS and end < len(words) and words[end] in BEFORE_RECIPIENTS:
            end += 1
        is_recipient = words[at] in RECIPIENTS and end < len(words) and _is_person(words[end])
        if not is_recipient:
            left.append(words[at])
        at = end + 1 if is_recipient else at + 1
    return left


def _is_person(word: str) -> bool:
    return stem(word) in GENDER_OF or stem(word) in KIN
