"""Which garment a category's name means, whatever the shop calls its categories and in which language."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate

from search.language.languages import Kind
from search.language.lexicon import BROADER_NAMES, USUAL_NAMES
from search.language.tokens import phrase_key
from search.language.translation import TRANSLATE_ALL, Span
from search.looks.table import table

# "Shirts & Tops", "Ties and Cufflinks", "Jacken/Mäntel".
_PARTS = re.compile(r"\s*(?:[/,;&+|]|\b(?:and|und|et|y|e|en|och|og)\b)\s*", re.IGNORECASE)
# What a shop writes behind the kind: "Shoes for men".
_BEHIND = re.compile(r"\b(?:for|with|in|of)\b.*", re.IGNORECASE)


def garments_of(labels: Sequence[str], synonyms: Mapping[str, Sequence[str]]) -> list[str]:
    """The garment of each label, "" for none; ``synonyms`` are other names of things, by stemmed phrase.

    The labels of one catalogue are read together: what language a lone "Rock" is in, its neighbours say.
    """
    own = [_garment(label, synonyms) for label in labels]
    translated = [_garment(label, synonyms) for label in _translated(tuple(labels))]
    # In an English catalogue "robes" are robes, in a French one dresses.
    is_english = 2 * sum(map(bool, own)) > sum(map(bool, translated)) + own.count("")
    firsts, seconds = (own, translated) if is_english else (translated, own)
    return [first or second for first, second in zip(firsts, seconds, strict=True)]


def garment_of_title(title: str) -> str:
    """The garment that a title ends on or names last, for a product whose category says nothing."""
    words = phrase_key(_BEHIND.sub("", title)).split()
    for end in range(len(words), 0, -1):
        if found := _named(" ".join(words[:end]), {}):
            return found
    return ""


def _garment(label: str, synonyms: Mapping[str, Sequence[str]]) -> str:
    for phrase in (label, *_PARTS.split(_BEHIND.sub("", label))):
        if found := _named(phrase_key(phrase), synonyms):
            return found
    return ""


def _named(phrase: str, synonyms: Mapping[str, Sequence[str]]) -> str:
    """The garment that the end of a stemmed phrase names: a head noun stands last, and the longest counts."""
    known = table().by_phrase
    words = phrase.split()
    ends = [" ".join(words[start:]) for start in range(len(words))]
    for names in (_itself, _with(synonyms), _with(USUAL_NAMES), _with(BROADER_NAMES)):
        for end in ends:
            for name in names(end):
                if name in known:
                    return known[name]
    return ""


def _itself(end: str) -> tuple[str, ...]:
    return (end,)


def _with(others: Mapping[str, Sequence[str]]) -> Callable[[str], tuple[str, ...]]:
    return lambda end: tuple(map(phrase_key, others.get(end, ())))


@lru_cache(maxsize=8)
def _translated(labels: tuple[str, ...]) -> tuple[str, ...]:
    """Each label in English, as far as the labels together are another language."""
    lines = [" ".join(label.split()) for label in labels]
    spans = TRANSLATE_ALL.spans("\n".join(lines))
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    return tuple(
        _in_english(line, start, [span for span in spans if start <= span.start < start + len(line)])
        for line, start in zip(lines, starts, strict=False)
    )


def _in_english(line: str, start: int, spans: Sequence[Span]) -> str:
    english, end = [], 0
    for span in spans:
        english += [line[end : span.start - start], span.meaning.english]
        end = span.end - start
    # Where what describes a noun stands behind it, the noun comes first.
    nouns = [span.meaning.english for span in spans if span.meaning.kind is Kind.NOUN]
    if nouns and spans[0].language.noun_first:
        return nouns[0]
    return "".join([*english, line[end:]])
