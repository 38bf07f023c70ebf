"""Spelling correction of whole queries against the words of the catalogue."""

from __future__ import annotations

from collections.abc import Callable

from search.language.lexicon import VALID_WORDS
from search.language.spelling import Speller
from search.language.tokens import STOP_WORDS, stem, words
from search.lexical.postings import Postings
from search.lexical.terms import Synonyms, compound_parts


def corrected(
    text: str, postings: Postings, speller: Speller, synonyms: Synonyms, is_word: Callable[[str], bool]
) -> str:
    """``text`` with each unknown word replaced by the nearest known one; "" when nothing changes."""
    written = words(text)
    if not any(map(str.isalpha, written)) or _is_article_number(written, postings):
        return ""
    fixed = [
        word if is_word(word) or _is_known(word, postings, synonyms) else speller.correct(word) or word
        for word in written
    ]
    return " ".join(fixed) if fixed != written else ""


def _is_article_number(written: list[str], postings: Postings) -> bool:
    """Whether the words together are an article number ("demo-1042")."""
    return any(map(str.isdigit, written)) and "".join(written) in postings.vocabulary


def _is_known(word: str, postings: Postings, synonyms: Synonyms) -> bool:
    token = stem(word)
    is_valid = word in STOP_WORDS or token in VALID_WORDS or token in synonyms
    return is_valid or postings.count(token) > 0 or bool(compound_parts(token, postings))
