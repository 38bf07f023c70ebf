"""Words that ask for an order and describe no thing: "cheapest", "new in", "sort by price"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.language.brands import is_brand
from search.language.languages import codes, data
from search.language.lexicon import (
    BOUNDARIES,
    DESCRIBING,
    FILLERS,
    FUNCTION_WORDS,
    GENDER_OF,
    KIN,
    NEGATIONS,
    NEGATORS,
    TRAILING_NEGATORS,
    VALID_WORDS,
    phrases,
)
from search.language.patterns import any_of
from search.language.tokenizer import Token
from search.language.tokens import STOP_WORDS, fold, words
from search.language.vocabulary import Vocabulary
from search.query import Sort

_WORD = re.compile(r"[^\W_]+")
# Between the words of a phrase: "best-sellers", "what's new", "price: low to high", "price (low to high)".
_GAP = re.compile(r"[\s:('\u2019\u2013-]{1,3}")
# "Sort shoes by price".
_TOP = re.compile(rf"\s*(?:{any_of(phrases('readings', 'top'))})\s*", re.IGNORECASE)
_SORT = re.compile(rf"\s*(?:{any_of(phrases('readings', 'sort_by'))})(?!\w)", re.IGNORECASE)
# Of a season: "best sellers 2026".
_YEAR = re.compile(r"(?:19|20)\d\d")
# What ends a phrase: "price (low to high)", "new in: dresses".
_CLOSING = re.compile(r"\s?[):]+")
_SORTS = {
    "cheapest": Sort.PRICE,
    "dearest": Sort.PRICE_DESCENDING,
    "newest": Sort.NEWEST,
    "popular": Sort.POPULAR,
}
# The values that may follow an order: a word of a name is none of them.
_FIELDS = ("brand", "category", "colour", "gender", "material", "pattern", "size")
_Phrase = tuple[str, ...]
# The folded words of a text with their offsets.
_Found = Sequence[tuple[str, int, int]]


@dataclass(frozen=True)
class StatedOrder:
    """An order, None for one that is not wanted ("not the cheapest"), and the characters that state it."""

    sort: Sort | None
    start: int
    end: int


def stated_orders(text: str, tokens: Sequence[Token], vocabulary: Vocabulary) -> Iterator[StatedOrder]:
    """The orders that a text asks for, from left to right; ``tokens`` are its own.

    The name of a brand or a category is none ("New In"), nor are words that may belong to a name, such as
    "latest", before a word that is not known to be sold ("latest edition").
    """
    stated = [
        _with_negation(tokens, order)
        for order, is_sure in _phrases_in(text)
        if not _is_in_name(text, tokens, order, vocabulary)
        and (is_sure or _leads_to_a_thing(tokens, order.end, vocabulary))
    ]
    yield from stated
    if any(order.sort for order in stated):
        yield from _asides(text, stated[0].start, stated[-1].end)


def says_nothing_more(left: str) -> bool:
    """Whether the words that an order leaves name no thing: "show me a thing"."""
    return all(word in _BESIDE or _YEAR.fullmatch(word) for word in words(left))


def _asides(text: str, start: int, end: int) -> Iterator[StatedOrder]:
    """What stands around orders, up to either end of the text, and names no thing: "which are the newest"."""
    if says_nothing_more(text[:start]) or _TOP.fullmatch(text[:start]):
        yield StatedOrder(None, 0, start)
    elif verb := _SORT.match(text):
        yield StatedOrder(None, *verb.span())
    if says_nothing_more(text[end:]):
        yield StatedOrder(None, end, len(text))


def _split(phrase: str) -> _Phrase:
    return tuple(_WORD.findall(fold(phrase)))


def _orders(prefix: str) -> dict[_Phrase, Sort]:
    """The words of each phrase -> its order; an article in front belongs to it: "les moins chères"."""
    found: dict[_Phrase, Sort] = {}
    for code in codes():
        readings, articles = data(code)["readings"], data(code)["phrases"].get("articles", ())
        for name, sort in _SORTS.items():
            for phrase in map(_split, readings.get(prefix + name, ())):
                found |= {(*_split(article), *phrase): sort for article in ("", *articles)}
    return found


_SURE = _orders("")
_PLAIN = _orders("perhaps_") | _SURE
# Behind words for sorting.
_SORTED = _orders("sorted_") | _PLAIN
_SORT_BY, _FIRST, _NONE, _AT_END, _AT_END_ALONE = (
    frozenset(map(_split, phrases("readings", name)))
    for name in ("sort_by", "first", "no_order", "at_end", "at_end_alone")
)
# Words that go on with something else than a thing: "low to high for men", "low to high, not red".
_GOING_ON = BOUNDARIES | NEGATORS
_BEGINNINGS = frozenset(
    phrase[:end] for phrase in (*_SORTED, *_SORT_BY, *_FIRST, *_NONE) for end in range(1, len(phrase) + 1)
)
_KNOWN = DESCRIBING | VALID_WORDS | KIN.keys() | GENDER_OF.keys()
_BESIDE = (
    frozenset(word for phrase in phrases("phrases", "beside_orders") for word in words(phrase))
    | STOP_WORDS
    | FUNCTION_WORDS
)


def _phrases_in(text: str) -> Iterator[tuple[StatedOrder, bool]]:
    """Every phrase for an order, the longest at each place, and whether it is sure to be one."""
    found = [(fold(each.group()), *each.span()) for each in _WORD.finditer(text)]
    at = 0
    while at < len(found):
        width, sort, is_sure = _at(text, found, at)
        start, end = found[at][1], found[at + max(width, 1) - 1][2]
        if sort and not _is_in_word(text, start, end):
            closing = _CLOSING.match(text, end)
            yield StatedOrder(sort, start, closing.end() if closing else end), is_sure
        at += max(width, 1)


def _at(text: str, found: _Found, at: int) -> tuple[int, Sort | None, bool]:
    """How many words from ``at`` on are a phrase, its order, None for none, and whether it is sure."""
    lead = _width(text, found, at, _SORT_BY)
    if none := _width(text, found, at, _NONE):
        return none, None, False
    for behind, asks in ((lead, _SORTED), (0, _PLAIN)):
        if (behind or asks is _PLAIN) and (width := _width(text, found, at + behind, asks)):
            phrase = tuple(word for word, _start, _end in found[at + behind : at + behind + width])
            width += behind
            first = _width(text, found, at + width, _FIRST)
            # "Cheapest first communion dress" names a thing.
            first *= _ends(text, found, at + width + first)
            if not first and not _may_stand(phrase, text, found, at + width, is_led_to=bool(behind)):
                continue
            return width + first, asks[phrase], bool(behind or first) or phrase in _SURE
    return 0, None, False


def _may_stand(phrase: _Phrase, text: str, found: _Found, at: int, *, is_led_to: bool) -> bool:
    """Whether a phrase is no part of a thing with what stands behind it, from the word ``at`` on."""
    if phrase in _AT_END:
        return _ends(text, found, at)
    if phrase in _AT_END_ALONE and not is_led_to:
        return _ends(text, found, at) or found[at][0] in _GOING_ON
    return True


def _ends(text: str, found: _Found, at: int) -> bool:
    """Whether the text, or a part of it, ends before the word ``at``."""
    return at >= len(found) or bool(set(text[found[at - 1][2] : found[at][1]]) & set(",;.!?"))


def _width(text: str, found: _Found, at: int, listed: Mapping[_Phrase, Sort] | frozenset[_Phrase]) -> int:
    """The number of words of the longest listed phrase that begins at ``at``; 0 for none."""
    phrase: _Phrase = ()
    width = 0
    for place, (word, start, _end) in enumerate(found[at:], at):
        phrase = (*phrase, word)
        is_joined = len(phrase) == 1 or _GAP.fullmatch(text[found[place - 1][2] : start])
        if not is_joined or phrase not in _BEGINNINGS:
            return width
        width = len(phrase) if phrase in listed else width
    return width


def _is_in_word(text: str, start: int, end: int) -> bool:
    """Whether a hyphen joins the characters to what stands beside them."""
    return text[max(start - 1, 0) : start] == "-" or bool(re.match(r"[-_]\w", text[end : end + 2]))


def _is_in_name(text: str, tokens: Sequence[Token], order: StatedOrder, vocabulary: Vocabulary) -> bool:
    """Whether the words are the name of a brand or a category, or share some with one."""
    for at, token in enumerate(tokens):
        if token.start >= order.end:
            return False
        named = vocabulary.match(tokens, at, fields=("brand", "category"))
        if named is not None and (end := tokens[at + named.width - 1].end) > order.start:
            # "Price" may be a brand, and yet the lowest price is an order. Of "New In" only "new" matches.
            is_within = order.start <= token.start and end <= order.end
            if not is_within or _split(named.label) == _split(text[order.start : order.end]):
                return True
    return False


def _leads_to_a_thing(tokens: Sequence[Token], start: int, vocabulary: Vocabulary) -> bool:
    """Whether nothing stands behind these characters, or something that is known to be sold or worn."""
    before = [token for token in tokens if token.start < start]
    if before and before[-1].ends_phrase:
        return True
    for at in range(len(before), len(tokens)):
        token = tokens[at]
        if token.folded in STOP_WORDS | FUNCTION_WORDS or token.folded.isdigit():
            continue
        is_worn = token.stem in vocabulary.garments or token.stem in _KNOWN
        return is_worn or vocabulary.match(tokens, at, fields=_FIELDS) is not None or is_brand(token.folded)
    return True


def _with_negation(tokens: Sequence[Token], order: StatedOrder) -> StatedOrder:
    """The order, or one that is not wanted, with the negation that belongs to it: "not the cheapest"."""
    behind = next((token for token in tokens if token.start >= order.end), None)
    if behind is not None and behind.folded in TRAILING_NEGATORS:
        return StatedOrder(None, order.start, behind.end)
    before = [token for token in tokens if token.end <= order.start]
    while before and not before[-1].ends_phrase:
        said = tuple(token.folded for token in before)
        width = next((len(each) for each in NEGATIONS if said[-len(each) :] == each), 0)
        if width := width or int(said[-1] in NEGATORS):
            return StatedOrder(None, before[-width].start, order.end)
        # Of "don't want" and "instead of" the last word alone is a filler.
        if before.pop().folded not in FILLERS:
            break
    return order
