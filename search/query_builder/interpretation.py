"""What the words of a query mean: worked out once, while encoder, index, catalogue and synonyms stand."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from operator import attrgetter
from threading import Lock

from cachetools import LRUCache, cachedmethod
from django.utils.translation import get_language

from catalog.display.currency import displayed_currency
from catalog.sources.money import decimals
from search import engine
from search.engine import IndexSnapshot
from search.language.brands import without
from search.language.languages import languages, look_up
from search.language.lexicon import USUAL_NAMES, VALID_WORDS
from search.language.parser import IGNORE_ALL, ParsedQuery, parse_query
from search.language.patterns import trim_connectives
from search.language.tokens import stem, stems
from search.language.tokens import words as split
from search.language.wording.compounds import in_one, in_two, joined_by_words, listed_by_words
from search.language.wording.pasted import in_words, plain, without_label
from search.language.wording.sizes import not_sold
from search.lexical.terms import Synonyms
from search.query import SearchQuery, Sort
from search.query_builder.encoding import encode_words
from search.query_builder.not_sold import as_typed, thing_not_sold
from search.query_builder.spelling import Spelling, spelling_of, translator_of
from search.ranking import curation
from search.ranking.curation import Curation
from search.ranking.kind_names import named_things
from search.ranking.kinds import is_readable
from search.vectors import Vectors

# Interpretations that a process holds, each of some five kilobytes.
KEPT = 1000
NO_CURATION = Curation()


@dataclass(frozen=True)
class Interpretation:
    """``words`` are those that are left to encode and to look for, "" where all of them became filters or
    only the picture counts; ``vector`` (d,) is theirs.
    """

    spelling: Spelling
    parsed: ParsedQuery
    words: str
    vector: Vectors | None
    synonyms: Synonyms
    # The text where it is an article number; "" else.
    article: str
    # Whether the catalogue, the encoder or fashion knows one of the words: others cannot be looked for.
    is_known: bool
    # Nothing but filters.
    is_open: bool
    # A thing that the words name and the shop has none of, as it was typed; "" for none.
    not_sold: str
    # The sizes that the words state and the shop has none of, as they were typed: they are not looked for.
    sizes_not_sold: tuple[str, ...]
    is_truncated: bool


@dataclass(frozen=True)
class Mix:
    """What words stand beside: a picture of a ``weight`` in [0, 1], and the ``price`` of its product."""

    has_picture: bool = False
    weight: float = 0.0
    price: Decimal | None = None


def interpret(query: SearchQuery, snapshot: IndexSnapshot, mix: Mix, *, now: datetime) -> Interpretation:
    """The interpretation of the query's words. Raises NotReady or Busy."""
    staff, encoder = curation.current(), engine.ready_encoder()
    vocabulary = snapshot.columns.vocabulary
    sources = (snapshot.index, snapshot.lexical, snapshot.categories, vocabulary, staff, encoder)
    # Of a picture's weight it only matters whether it is the whole of the query, or nothing of it.
    sides = (mix.has_picture, mix.weight > 0.0, mix.weight < 1.0, mix.price)
    currency = _currency(query.text, mix)
    # A word that two languages have is read as that of the shopper's.
    said = (query.text, query.sort, query.ignore, query.exclude, query.curated)
    asked = (said, sides, get_language(), currency)
    return _interpretations_of(sources).once(asked, lambda: _interpreted(query, snapshot, mix, staff, now))


def parse_words(
    query: SearchQuery, snapshot: IndexSnapshot, text: str, mix: Mix, *, sure: frozenset[str] = frozenset()
) -> ParsedQuery:
    """The interpretation of the words (``sure``: see Translator); none at weight 1.0: only a picture counts.

    Beside a picture a colour is no filter but weighed like all words: the shopper set their weight. An order
    weighs nothing, so in one a colour is a filter there too.
    """
    found = parse_query(
        text if mix.weight < 1.0 else "",
        snapshot.columns.vocabulary,
        ignore=query.ignore,
        exclude=query.exclude,
        translator=replace(translator_of(snapshot), sure=sure),
        is_name=snapshot.lexical.is_name,
        price=mix.price,
        decimals=decimals(_currency(text, mix)),
    )
    is_weighed = 0.0 < mix.weight < 1.0 and (query.sort or found.sort) in (None, Sort.RELEVANCE)
    return found.without("colour") if is_weighed else found


def _without_sizes(
    query: SearchQuery, snapshot: IndexSnapshot, text: str, mix: Mix
) -> tuple[ParsedQuery, str, tuple[str, ...]]:
    """The interpretation of the words, and they, without the sizes that nothing here has, which come last. An
    age that says for whom a thing is stays, as do sizes alone.
    """
    parsed = parse_words(query, snapshot, text, mix)
    if IGNORE_ALL in query.ignore or mix.weight == 1.0:
        return parsed, text, ()
    found = list(not_sold(text, snapshot.columns.vocabulary.size_values))
    left = text
    for size in found:
        left = left[: size.start] + " " * (size.end - size.start) + left[size.end :]
    left = trim_connectives(left) if found else ""
    if not left:
        return parsed, text, ()
    shorter = parse_words(query, snapshot, left, mix, sure=translator_of(snapshot).surely_in(text))
    # "Größe" is no "big" here.
    read, still_read = (
        {(chip.field, chip.value) for chip in each.chips if chip.field != "word"}
        for each in (parsed, shorter)
    )
    if not read <= still_read:
        return parsed, text, ()
    taken_back = {each.casefold() for each in query.ignore}
    told = (size.label for size in found if f"size:{size.label}".casefold() not in taken_back)
    return shorter, left, tuple(dict.fromkeys(told))


def _currency(text: str, mix: Mix) -> str:
    """The shop's where the words may state a price, which costs a query every five minutes; else ""."""
    is_priced = mix.price is not None or any(map(str.isdigit, text))
    return displayed_currency() if is_priced else ""


def _interpreted(
    query: SearchQuery, snapshot: IndexSnapshot, mix: Mix, staff: Curation, now: datetime
) -> Interpretation:
    number = next((each for each in _numbers(query.text) if len(snapshot.lexical.article_rows(each))), "")
    is_article = bool(number) and not mix.has_picture
    query = replace(query, text=number if is_article else plain(query.text))
    is_literal = is_article or mix.weight == 1.0
    spelling = Spelling() if is_literal else spelling_of(query, snapshot, now=now)
    typed = spelling.corrected or query.text
    # A brand that nobody here carries sounds like something else to an encoder.
    asked = without(typed, spelling.brands) or typed
    # "Bagpack" is no bag but a misspelt backpack.
    spoken = joined_by_words(in_words(asked))
    text = spoken if spelling.suggested else _with_blanks(spoken, snapshot)
    # "Calvin Klein" is no German for something small.
    is_name = is_article or (bool(spelling.brands) and asked == typed)
    parsed, text, missing_sizes = (
        (ParsedQuery(text=text), text, ()) if is_name else _without_sizes(query, snapshot, text, mix)
    )
    # Beside a picture, a filter-only text leaves nothing for the words' side; an order alone never does.
    is_filter = parsed.is_order_alone or (parsed.chips and mix.weight > 0.0)
    words = listed_by_words(parsed.text) or ("" if is_filter else text)
    synonyms = (staff if query.curated else NO_CURATION).relevant_synonyms(words)
    # Where every word became a filter, none asks for a thing.
    missing = "" if is_name or is_literal or not parsed.text else thing_not_sold(words, snapshot, synonyms)
    return Interpretation(
        spelling=spelling,
        parsed=parsed,
        words=words,
        vector=encode_words(words, snapshot, synonyms, now) if words else None,
        synonyms=synonyms,
        article=text if is_article else "",
        is_known=_is_named(words, synonyms) or _is_known(words, spelling.unknown, snapshot),
        is_open=is_article or not parsed.text,
        not_sold=missing and as_typed(missing, text, translator_of(snapshot).spans(text)),
        sizes_not_sold=missing_sizes,
        is_truncated=bool(words) and engine.ready_encoder().was_truncated(words),
    )


def _numbers(text: str) -> tuple[str, ...]:
    """What may be an article number in a text: all of it, or what stands behind a word for such numbers."""
    return text, without_label(text)


def _with_blanks(text: str, snapshot: IndexSnapshot) -> str:
    """The text with a blank where one is missing, and without one that is too many."""
    lexical, encoder = snapshot.lexical, engine.ready_encoder()

    def is_useful(word: str) -> bool:
        is_kind = len(named_things([word], snapshot.categories, USUAL_NAMES)) > 0
        return is_kind or lexical.count(word) > 0 or encoder.knows(word)

    parted = in_two(text, partial(_is_word, snapshot))
    return in_one(parted, is_useful, lambda phrase: len(lexical.rows_with(phrase)) > 0)


def _is_named(words: str, synonyms: Synonyms) -> bool:
    """Whether staff have said what a word means."""
    said = set(stems(words))
    return any(said.issuperset(phrase.split()) for phrase in synonyms)


def _is_known(words: str, unknown: Sequence[str], snapshot: IndexSnapshot) -> bool:
    nobodys = set(split(" ".join(unknown)))
    return any(_knows(word, snapshot) for word in split(words) if word not in nobodys)


def _is_word(snapshot: IndexSnapshot, word: str) -> bool:
    """Whether anything knows a folded word: the encoder, the catalogue or another language."""
    is_foreign = any(look_up(language, (word,)) for language in languages())
    return is_foreign or snapshot.lexical.count(word) > 0 or engine.ready_encoder().knows(word)


def _knows(word: str, snapshot: IndexSnapshot) -> bool:
    is_read = is_readable(word, engine.ready_encoder().knows) or stem(word) in VALID_WORDS
    return is_read or snapshot.lexical.count(word) > 0


class _Interpretations:
    """The interpretations that are of the same sources."""

    def __init__(self, sources: tuple[object, ...]) -> None:
        self.sources = sources
        self._held: LRUCache[Hashable, Interpretation] = LRUCache(KEPT)
        self._lock = Lock()

    @cachedmethod(attrgetter("_held"), lambda _self, asked, _make: asked, attrgetter("_lock"))
    def once(self, asked: Hashable, make: Callable[[], Interpretation]) -> Interpretation:
        return make()


def _interpretations_of(sources: tuple[object, ...]) -> _Interpretations:
    global _interpretations
    held = _interpretations
    if held is None or any(one is not other for one, other in zip(held.sources, sources, strict=True)):
        held = _interpretations = _Interpretations(sources)
    return held


_interpretations: _Interpretations | None = None
