"""What the search box may complete: brands, shelves, colours of shelves, and phrases that titles share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search.language.tokens import STOP_WORDS, words

if TYPE_CHECKING:
    from search.lexical.documents import LexicalDocument

# A phrase is useful when so many titles share it; a colour of a shelf when so many products have it.
_SHARED_TITLES, _SHARED_PRODUCTS = 3, 2
_PHRASE_WORDS = (2, 3)
_MOST = 30_000


@dataclass(frozen=True)
class Phrase:
    """A completion: ``kind`` is "brand", "category" or "phrase", ``count`` in how many products it occurs."""

    text: str
    kind: str
    count: int


def collect(documents: Sequence[LexicalDocument]) -> list[Phrase]:
    """The phrases of a catalogue, the most used first; equals in alphabetical order."""
    counts: Counter[tuple[str, str]] = Counter()
    shared: Counter[str] = Counter()
    for document in documents:
        counts.update(_values(document))
        shared.update(set(_title_phrases(document.title)))
    phrases = [
        Phrase(text, kind, count)
        for (text, kind), count in counts.items()
        if count >= _SHARED_PRODUCTS or " " not in text
    ]
    said = {phrase.text.casefold() for phrase in phrases}
    phrases += [
        Phrase(text, "phrase", count)
        for text, count in shared.items()
        if count >= _SHARED_TITLES and text not in said
    ]
    return sorted(phrases, key=lambda phrase: (-phrase.count, phrase.text, phrase.kind))[:_MOST]


def _values(document: LexicalDocument) -> Iterator[tuple[str, str]]:
    """The brand, the shelf, and the two ways to narrow the shelf."""
    shelf = document.shelf
    if document.brand:
        yield document.brand, "brand"
    if shelf:
        yield shelf, "category"
    if shelf and document.brand:
        yield f"{document.brand} {shelf.lower()}", "brand"
    if shelf and document.colour:
        yield f"{document.colour} {shelf.lower()}", "category"


def _title_phrases(title: str) -> Iterator[str]:
    """Two or three neighbouring words of a title, without numbers and without stop words at the ends."""
    said = words(title)
    for width in _PHRASE_WORDS:
        for start in range(len(said) - width + 1):
            span = said[start : start + width]
            telling = not {span[0], span[-1]} & STOP_WORDS
            if telling and all(word.isalpha() and len(word) > 1 for word in span):
                yield " ".join(span)
