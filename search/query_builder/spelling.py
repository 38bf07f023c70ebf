"""Misspelt words, corrected where the corrected ones are at least as sure as what was typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from search import engine
from search.engine import IndexSnapshot
from search.language.brands import is_brand, missing_brands
from search.language.languages import languages
from search.language.lexicon import (
    ABBREVIATIONS,
    FASHION_WORDS,
    GARMENT_NAMES,
    READ_WORDS,
    SHADES,
    USUAL_NAMES,
    VALID_WORDS,
)
from search.language.numerals import is_number
from search.language.parser import IGNORE_ALL
from search.language.spelling import is_typical
from search.language.tokens import folded_words, phrase_key, stem, words
from search.language.translation import Translator
from search.language.wording import misspelt
from search.language.wording.compounds import in_two
from search.language.wording.requests import without_request
from search.lexical.terms import Synonyms
from search.query import SearchQuery
from search.query_builder.encoding import encode_text
from search.ranking import curation
from search.ranking.kind_names import named_things

# Takes a correction back and searches for the words as they were typed.
IGNORE_SPELLING = "spelling"
# How much nearer to the catalogue corrected words must be, as a cosine (docs/measurements.md).
_SURER = 0.01
# A word of fewer products is rarely what was meant.
_USUAL_SHARE = 0.001


@dataclass(frozen=True)
class Spelling:
    """What the words were corrected to, else what they may mean, and the words that nothing knows; ``brands``
    are those of them that are names of brands which the catalogue does not have.
    """

    corrected: str = ""
    suggested: str = ""
    unknown: tuple[str, ...] = ()
    brands: tuple[str, ...] = ()


def translator_of(snapshot: IndexSnapshot) -> Translator:
    spoken = (get_language() or "").partition("-")[0]
    return Translator(snapshot.lexical.count, snapshot.lexical.written, spoken=spoken)


def spelling_of(query: SearchQuery, snapshot: IndexSnapshot, *, now: datetime) -> Spelling:
    """The correction of the query's words. It applies where the catalogue has the corrected words and its
    products are nearer to them.
    """
    is_literal, lexical = IGNORE_ALL in query.ignore, snapshot.lexical
    text = query.text if is_literal else without_request(query.text)
    synonyms, encoder = curation.current().synonyms, engine.ready_encoder()
    missing = missing_brands(text, lambda name: len(lexical.rows_with(name)) > 0)
    # Staff have said what to show for some of them.
    brands = tuple(brand for brand in missing if phrase_key(brand) not in synonyms)
    is_wanted = IGNORE_SPELLING not in query.ignore and not is_literal
    if is_wanted and (meant := _in_its_language(text, brands, synonyms, snapshot)):
        return Spelling(meant, unknown=brands, brands=brands)
    foreign = _foreign(text, brands, snapshot)

    def is_word(word: str) -> bool:
        """Whether a folded word is one, though no product has it: the encoder knows it, or it is foreign."""
        return is_foreign(word) or encoder.knows(word)

    def is_foreign(word: str) -> bool:
        return word in foreign or not word.isascii() or is_number(word)

    is_surely_one = is_word if _is_english(text) else _or_listed(is_word)

    def is_read(word: str) -> bool:
        """Words in other letters than Latin are of a language that is not. "Rainboots" is, as two words."""
        return word.isascii() and (is_surely_one(word) or in_two(word, is_surely_one) != word)

    unknown = lexical.unknown_words(text, synonyms=synonyms, is_word=is_read)
    # No word in other letters is an English one misspelt.
    corrected = lexical.did_you_mean(text, synonyms=synonyms, is_word=is_surely_one)
    if corrected and _is_english(corrected):
        corrected = lexical.did_you_mean(corrected, synonyms=synonyms, is_word=is_word) or corrected
    is_plain = corrected and is_wanted and _are_plain(text, corrected, snapshot)
    if is_plain and _is_surer(corrected, text, snapshot, now=now):
        return Spelling(corrected, unknown=brands, brands=brands)
    # A word of some language is asked about, though never replaced unasked: "dres" is Polish.
    suggested = corrected or lexical.did_you_mean(text, synonyms=synonyms, is_word=is_word)
    suggested = suggested or _with_a_garment(text, snapshot, synonyms, is_foreign)
    if is_wanted and not suggested:
        # Asked about too: it may be a name, of a brand that nobody has heard of.
        corrected = suggested = _in_any_language(text, {*unknown, *_unheard(text, snapshot)})
    # "Did you mean" says enough about a single word.
    unknown = () if corrected and len(unknown) == 1 else unknown
    return Spelling(suggested=suggested, unknown=(*brands, *unknown), brands=brands)


def _in_its_language(text: str, brands: Sequence[str], synonyms: Synonyms, snapshot: IndexSnapshot) -> str:
    """A text with words misspelt in the language that the others prove, or that the shopper reads; else "".

    Beside words that prove a language one that only the encoder knows is a slip: "Socken schwartz".
    """
    translator, encoder = translator_of(snapshot), engine.ready_encoder()
    proven = translator.surely_in(text)
    of_brands = {word for brand in brands for word in words(brand)}

    def is_doubtful(word: str) -> bool:
        is_named = word in of_brands or is_brand(word) or phrase_key(word) in synonyms
        is_english = word in FASHION_WORDS or stem(word) in VALID_WORDS or word in READ_WORDS
        is_used = snapshot.lexical.count(word) > 0 or (not proven and encoder.knows(word))
        return not (is_named or is_english or is_used)

    read = [each for each in languages() if each.code in (proven or {translator.spoken})]
    found = (misspelt.in_language(language, text, is_doubtful) for language in read)
    return next(filter(None, found), "")


def _in_any_language(text: str, unknown: Collection[str]) -> str:
    """A text with the words that nothing knows in the language that has most of them; else ""."""
    is_unknown, every = unknown.__contains__, languages() if unknown else ()
    found = (misspelt.in_language(each, text, is_unknown, most_edits=1) for each in every)
    return max(found, key=lambda meant: len(set(meant.split()) - set(text.split())), default="")


def _unheard(text: str, snapshot: IndexSnapshot) -> set[str]:
    """The folded words of a text with letters that English lacks, which no language and no product has."""
    written = (word for each in text.split() if not each.isascii() for word in words(each))
    return {
        word
        for word in written
        if not snapshot.lexical.count(word)
        and word not in READ_WORDS
        and not any(word in language.words for language in languages())
    }


def _are_plain(text: str, corrected: str, snapshot: IndexSnapshot) -> bool:
    """Whether every correction is of a code or a typical mistake, and to a word usual here or in fashion."""
    least = snapshot.lexical.size * _USUAL_SHARE
    return all(
        (meant == ABBREVIATIONS.get(word) or is_typical(word, meant))
        and (meant in FASHION_WORDS or snapshot.lexical.count(meant) >= least)
        for word, meant in zip(words(text), words(corrected), strict=False)
        if word != meant
    )


def _with_a_garment(
    text: str, snapshot: IndexSnapshot, synonyms: Synonyms, is_foreign: Callable[[str], bool]
) -> str:
    """A text that names no garment, with the one sold here that a word which only the encoder knows misses by
    a typical mistake ("jens blue"); else "".
    """
    if not GARMENT_NAMES.isdisjoint(words(text)):
        return ""
    meant = snapshot.lexical.did_you_mean(text, synonyms=synonyms, is_word=is_foreign)
    is_sold = any(word in GARMENT_NAMES and snapshot.lexical.count(word) for word in words(meant))
    return meant if is_sold and _are_plain(text, meant, snapshot) else ""


def _foreign(text: str, brands: Sequence[str], snapshot: IndexSnapshot) -> set[str]:
    """The folded words of a text that are of another language or in the name of a brand."""
    foreign = {word for brand in brands for word in words(brand)}
    foreign |= {word for span in translator_of(snapshot).spans(text) for word in span.words}
    return foreign | {each for word in text.split() if _is_no_english(word, foreign) for each in words(word)}


def _is_no_english(written: str, foreign: Collection[str]) -> bool:
    """Whether a word has a letter that English lacks, or is of foreign ones, as "d'hiver" is."""
    parts = folded_words(written)
    return not written.isascii() or (bool(parts) and all(part in foreign for part in parts))


def _is_english(text: str) -> bool:
    """Whether a colour or a word of fashion is there that English alone has; beside it, "dres" is a slip."""
    others = languages()
    return any(
        (word in FASHION_WORDS or word in SHADES) and not any(word in language.words for language in others)
        for word in words(text)
    )


def _or_listed(is_word: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether it is a word, or some language has it, whatever the others of the query."""
    return lambda word: is_word(word) or any(word in language.words for language in languages())


def _is_surer(corrected: str, typed: str, snapshot: IndexSnapshot, *, now: datetime) -> bool:
    is_sold = snapshot.lexical.matches(corrected).best or _names_a_kind(corrected, snapshot)
    if not is_sold or len(snapshot.index) == 0:
        return False
    before, after = (_nearest(text, snapshot, now=now) for text in (typed, corrected))
    return after >= before + _SURER


def _names_a_kind(text: str, snapshot: IndexSnapshot) -> bool:
    """Whether an everyday name is there for something sold by another: "handbag" where they are totes."""
    return any(len(named_things([word], snapshot.categories, USUAL_NAMES)) for word in words(text))


def _nearest(text: str, snapshot: IndexSnapshot, *, now: datetime) -> float:
    """The cosine of the product nearest to ``text``."""
    _rows, similarities = snapshot.index.nearest(encode_text(text, now), 1)
    return float(similarities.max(initial=-1.0))
