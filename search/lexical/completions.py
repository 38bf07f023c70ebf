"""Texts that the search box can complete to: brands, categories, their colours, and phrases of titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.language.tokens import STOP_WORDS, words
from search.lexical.documents import LexicalDocument

# A rarer phrase is part of one title rather than a name for a kind of product.
_MIN_TITLES = 3
# A combination, such as a colour of a category, needs this many products.
_MIN_PRODUCTS = 2
_PHRASE_LENGTHS = (2, 3)
_MAX_COMPLETIONS = 30_000


@dataclass(frozen=True)
class Completion:
    """``kind`` is "brand", "category", "phrase" or "search", ``count`` in how many products or searches it
    occurs.
    """

    text: str
    kind: str
    count: int


def collect(documents: Sequence[LexicalDocument]) -> list[Completion]:
    """The completions of a catalogue, the most used first, ties in alphabetical order."""
    values: Counter[tuple[str, str]] = Counter()
    phrases: Counter[str] = Counter()
    for document in documents:
        values.update(_values(document))
        phrases.update(set(_title_phrases(document.title)))
    found = [
        Completion(text, kind, count)
        for (text, kind), count in values.items()
        if count >= _MIN_PRODUCTS or " " not in text
    ]
    texts = {completion.text.casefold() for completion in found}
    found += [
        Completion(text, "phrase", count)
        for text, count in phrases.items()
        if count >= _MIN_TITLES and text not in texts
    ]
    found.sort(key=lambda completion: (-completion.count, completion.text, completion.kind))
    return found[:_MAX_COMPLETIONS]


def _values(document: LexicalDocument) -> Iterator[tuple[str, str]]:
    """(text, kind) of the brand, the category, and the category narrowed by brand and by colour."""
    category = document.category
    if document.brand:
        yield document.brand, "brand"
    if category:
        yield category, "category"
    if category and document.brand:
        yield f"{document.brand} {category.lower()}", "brand"
    if category and document.colour:
        yield f"{document.colour} {category.lower()}", "category"


def _title_phrases(title: str) -> Iterator[str]:
    """Two or three neighbouring words of a title, without numbers and without stop words at the ends."""
    written = words(title)
    for length in _PHRASE_LENGTHS:
        for start in range(len(written) - length + 1):
            span = written[start : start + length]
            has_stop_word_at_end = bool({span[0], span[-1]} & STOP_WORDS)
            if not has_stop_word_at_end and all(word.isalpha() and len(word) > 1 for word in span):
                yield " ".join(span)
