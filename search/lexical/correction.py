"""Spelling correction of whole queries against the words of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Callable

from search.language.lexicon import (
    ABBREVIATIONS,
    KIN,
    LITTLE_WORDS,
    NEED_STEMS,
    NEGATING,
    READ_WORDS,
    VALID_WORDS,
    YOUNG_KIN,
)
from search.language.spelling import Speller
from search.language.tokenizer import lacked
from search.language.tokens import STOP_WORDS, fold, segments, stem, words
from search.lexical.matching.postings import Postings
from search.lexical.terms import NO_SYNONYMS, Synonyms, compound_parts

# "T-shrit" is one word.
_WORD = re.compile(r"(?:\b[^\W\d_]-)?[^\W_]+(?:['\u2019][^\W_]+)*")


def corrected(
    text: str, postings: Postings, speller: Speller, synonyms: Synonyms, is_word: Callable[[str], bool]
) -> str:
    """``text`` with each unknown word replaced by the nearest known one; "" when nothing changes."""
    doubtful = unknown(text, postings, synonyms, is_word)
    fixed = {word: ABBREVIATIONS.get(word) or speller.correct(word) for word in doubtful}
    # "sunclasses" is "sunglasses" rather than sun classes.
    fixed |= {word: meant for word in _compounds(text, postings, is_word) if (meant := speller.correct(word))}
    # A word with an apostrophe is looked up without it and stays as it is.
    left = _WORD.sub(lambda match: fixed.get(fold(match.group()).replace("-", "")) or match.group(), text)
    return "" if left == text else left


def unknown(
    text: str, postings: Postings, synonyms: Synonyms, is_word: Callable[[str], bool]
) -> tuple[str, ...]:
    """The words of ``text``, folded, that nothing knows: neither the catalogue, nor English fashion, nor
    ``is_word``. An article number has none.
    """
    written = words(text)
    if not any(map(str.isalpha, written)) or _is_article_number(written, postings):
        return ()
    doubtful = (word for word in dict.fromkeys(written) if not _is_known(word, postings, synonyms))
    return tuple(word for word in doubtful if not is_word(word))


def _compounds(text: str, postings: Postings, is_word: Callable[[str], bool]) -> list[str]:
    """Words that are known only as two words in one."""
    doubtful = [
        word for word in words(text) if not (_is_simple(word, postings, NO_SYNONYMS) or is_word(word))
    ]
    return [word for word in doubtful if compound_parts(stem(word), postings)]


def _is_article_number(written: list[str], postings: Postings) -> bool:
    """Whether the words together are an article number ("demo-1042")."""
    return any(map(str.isdigit, written)) and "".join(written) in postings.vocabulary


def _is_known(word: str, postings: Postings, synonyms: Synonyms) -> bool:
    return _is_simple(word, postings, synonyms) or bool(compound_parts(stem(word), postings))


def _is_simple(word: str, postings: Postings, synonyms: Synonyms) -> bool:
    token = stem(word)
    is_listed = token in VALID_WORDS or token in NEED_STEMS or token in synonyms
    is_valid = is_listed or word in STOP_WORDS or word in LITTLE_WORDS or word in NEGATING
    is_valid |= word in READ_WORDS or token in KIN or token in YOUNG_KIN or bool(lacked(word))
    is_number = any(map(str.isdigit, word))
    return is_number or is_valid or any(postings.count(part) > 0 for part in segments(token))
