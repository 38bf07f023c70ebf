"""Lexical relevance: how well products match the query's own words, by a BM25 index beside the vectors.

An encoder may know what "puma" looks like; BM25 knows which products have the word. The index is built with
the vectors, published in the same version folder, and its rows are theirs, in the same order.

**Relevance in [0, 1].** bm25s scores each word in each document. Here every score is divided by the one
that the word reaches in the documents it describes best (the 90th percentile of its scores), cut at 1, and
weighted with the square root of the word's inverse document frequency over all words of the query:

    relevance(q, d) = Σ √idf(t)·min(1, bm25(t, d) / reference(t)) / Σ √idf(t)      over t in q

The root keeps one rare word from dominating the query: of "party shoes", shoes are not the lesser half. A
product of the right brand and the right type scores about 1, whatever its length, and a product that has
only the common half of the words scores little.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from django.utils.functional import cached_property
from numpy.typing import NDArray

from search.language.lexicon import FASHION_WORDS, GARMENT_NAMES
from search.language.spelling import Speller
from search.language.tokens import stem, stems, words
from search.lexical.correction import corrected, unknown
from search.lexical.documents import CODE, COMPOUND, spelled_number
from search.lexical.files import FOLDER, NAMES, REFERENCES, WORD_COUNTS
from search.lexical.matching.matches import Matches
from search.lexical.matching.postings import Postings
from search.lexical.segments import LexicalSegment, SegmentedPostings, stored_counts, written_counts
from search.lexical.terms import NO_SYNONYMS, Synonyms, query_terms
from search.lexical.tombstones import Tombstones
from search.vectors import Mask, Rows, Scores, common, within


class LexicalError(Exception):
    """The lexical part of an index version is missing or damaged."""


def load_segment(folder: Path, *, mapped: bool) -> LexicalSegment:
    """Read or map what a segment of several needs. Raises LexicalError when it is missing or damaged."""
    postings, counts, names = _stored(folder, mapped=mapped)
    try:
        stored = stored_counts(folder, mapped=mapped)
    except (OSError, ValueError) as error:
        raise LexicalError(f"The lexical index in {folder.name} cannot be read: {error}") from error
    return LexicalSegment(postings, *stored, word_counts=counts, names=frozenset(names))


def _stored(folder: Path, *, mapped: bool) -> tuple[Postings, Mapping[str, int], Collection[str]]:
    source = folder / FOLDER
    try:
        engine = bm25s.BM25.load(source, mmap=mapped, show_progress=False)
        references = np.load(source / REFERENCES)
        counts = json.loads((source / WORD_COUNTS).read_text(encoding="utf-8"))
        # Versions of an earlier release have no names; the next reindex adds them.
        names = json.loads((source / NAMES).read_text("utf-8")) if (source / NAMES).exists() else ()
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LexicalError(f"The lexical index in {folder.name} cannot be read: {error}") from error
    if len(references) != len(engine.scores["indptr"]) - 1:
        raise LexicalError(f"The lexical index in {folder.name} does not fit together.")
    return Postings(engine, references), counts, names


class LexicalIndex:
    """A loaded index; immutable, so that threads share it."""

    def __init__(self, postings: Postings, counts: Mapping[str, int], names: Collection[str] = ()) -> None:
        self._postings = postings
        self._counts = counts
        self._names = frozenset(names)
        # One for each row, whether its product is still found or not.
        self.size = postings.size

    @classmethod
    def load(cls, folder: Path, *, mapped: bool = False) -> LexicalIndex:
        """Read or map the index of one segment. Raises LexicalError when it is missing or damaged."""
        return cls(*_stored(folder, mapped=mapped))

    @classmethod
    def of_segments(
        cls, segments: Sequence[LexicalSegment], tombstones: Sequence[Tombstones]
    ) -> LexicalIndex:
        """Over a base and its deltas, without what left each of them; names are those of the base."""
        postings = SegmentedPostings(segments, tombstones)
        return cls(postings, written_counts(segments, tombstones), segments[0].names)

    @cached_property
    def _speller(self) -> Speller:
        return Speller(dict.fromkeys(FASHION_WORDS, 0) | dict(self._counts), GARMENT_NAMES)

    def scores(self, text: str, *, synonyms: Synonyms = NO_SYNONYMS) -> tuple[Rows, Scores]:
        """The rows (m,) that have any of the words, ascending, and their relevance (m,) in (0, 1].

        ``synonyms`` maps the stems of a word or phrase to its synonyms (``curation.Curation.synonyms``).
        """
        return self.matches(text, synonyms=synonyms).at_least(0.0)

    def matches(self, text: str, *, synonyms: Synonyms = NO_SYNONYMS) -> Matches:
        """The same, computed for those that are asked about."""
        return Matches(query_terms(text, self._postings, synonyms), self._postings)

    def rows_with(self, phrase: str, *, among: Mask | None = None) -> Rows:
        """Rows (ascending) whose product has every word of ``phrase`` outside its description; ``among``
        those of a mask (n,), where one is given.
        """
        numbers = sorted(self._postings.numbers(stems(phrase)), key=self._postings.row_count)
        if not numbers:
            return np.empty(0, np.int64)
        every = self._postings.rows(numbers[0])
        found: NDArray[np.integer] = every if among is None else within(every, among)
        for number in numbers[1:]:
            found = found[common(found, self._postings.rows(number))[0]]
        return found.astype(np.int64)

    def says(self, rows: Rows, phrase: str) -> Mask:
        """Which of the rows (c,) ``rows_with`` has, without looking for all of them."""
        numbers = self._postings.numbers(stems(phrase))
        ascending, at = np.unique(rows, return_inverse=True)
        said = np.full(len(ascending), bool(numbers))
        for number in numbers:
            said &= self._postings.shares_at(number, ascending) > 0.0
        return said[at]

    def rows_saying(self, phrase: str) -> Rows:
        """As ``rows_with``, and rows whose title has the two words of ``phrase`` as the name of one garment,
        such as "beanie cap", of which the first counts as no garment of its own.
        """
        compound = self._postings.numbers([" ".join(stems(phrase))], COMPOUND)
        rows = self.rows_with(phrase)
        return np.union1d(self._postings.rows(compound[0]), rows).astype(np.int64) if compound else rows

    def count(self, word: str) -> int:
        """How many products have this word, descriptions included."""
        return self._postings.count(stem(word))

    def article_rows(self, text: str) -> Rows:
        """Rows (ascending) that carry ``text`` as an article number, whole or in part; none where no product
        has it as its number.
        """
        number = "".join(words(text))
        if not any(map(str.isdigit, number)):
            number = spelled_number(text)
        found = self._postings.numbers([number], CODE) if number else ()
        if not found:
            return np.empty(0, np.int64)
        return np.union1d(self._postings.rows(found[0]), self.rows_with(text)).astype(np.int64)

    def is_name(self, colour: str, word: str) -> bool:
        """Whether titles have these stems as a name, such as "red tape", and not as a colour and a thing."""
        return f"{colour} {word}" in self._names

    def written(self, word: str) -> int:
        """How many products have this word letter by letter, outside their descriptions."""
        return self._counts.get(word, 0)

    def did_you_mean(
        self,
        text: str,
        *,
        synonyms: Synonyms = NO_SYNONYMS,
        is_word: Callable[[str], bool] = lambda _word: False,
    ) -> str:
        """A corrected spelling to offer: each word that no product has is replaced by the nearest one that
        some have; "" when every word is known or nothing is near.

        A word that satisfies ``is_word`` stays: a shop without tank tops must not suggest tan ones.
        """
        return corrected(text, self._postings, self._speller, synonyms, is_word)

    def unknown_words(
        self,
        text: str,
        *,
        synonyms: Synonyms = NO_SYNONYMS,
        is_word: Callable[[str], bool] = lambda _word: False,
    ) -> tuple[str, ...]:
        """The words of ``text``, folded, that ``did_you_mean`` would like to replace."""
        return unknown(text, self._postings, synonyms, is_word)
