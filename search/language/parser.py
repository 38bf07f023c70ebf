"""Query understanding: prices, stock, negations, one gender and one plain colour become filters.

An encoder embeds "not red" near red and cannot compare prices, so these become filters, each with a chip
that removes it. Everything else stays with the encoder and the lexical index. Only safe wording becomes a
filter (docs/measurements.md has the figures): a colour counts only where it plainly describes the garment,
since "Pink Floyd tee" and the brand "Red Tape" are not about colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from search.language.languages import Kind
from search.language.lexicon import (
    ALTERNATIVES,
    DESCRIBING,
    GENDER_OF,
    LACKING,
    ONLY_AFTER_FOR,
    RECIPIENTS,
)
from search.language.negations import Exclusion, listed, negated
from search.language.parsed_query import ParsedQuery
from search.language.patterns import IN_STOCK, prices, trim_connectives
from search.language.tokenizer import Token, tokenize
from search.language.tokens import STOP_WORDS, phrase_key
from search.language.translation import LITERAL, Translator
from search.language.vocabulary import NamedValue, Vocabulary
from search.query import Chip, Filters

__all__ = ["IGNORE_ALL", "ParsedQuery", "Vocabulary", "parse_query"]

IGNORE_ALL = "all"
# A longer text is often a title, whose colours may not be the product's; "in red" is plain in any text.
_MAX_PLAIN_TOKENS = 6


def parse_query(
    text: str,
    vocabulary: Vocabulary,
    *,
    ignore: Sequence[str] = (),
    exclude: str = "",
    translator: Translator = LITERAL,
) -> ParsedQuery:
    """Interpret ``text``, and ``exclude`` as a list of unwanted things.

    ``ignore`` names chips that the shopper removed, as "field:value"; "all" takes the text literally.
    ``translator`` translates the words of other languages that the catalogue does not use.
    """
    parser = _Parser(text, vocabulary, ignore, translator)
    if IGNORE_ALL not in ignore:
        parser.parse_prices()
        parser.parse_stock()
        parser.parse_negations()
        parser.parse_gender()
        parser.parse_colours()
        parser.add_translation_chips()
    parser.parse_excluded(exclude)
    return parser.result()


class _Parser:
    """Interprets a text step by step; a step blanks the words it consumed, so that offsets stay valid."""

    def __init__(
        self, text: str, vocabulary: Vocabulary, ignore: Sequence[str], translator: Translator
    ) -> None:
        self._original = self._text = text
        self._vocabulary = vocabulary
        self._ignored = {entry.casefold() for entry in ignore}
        kept = {entry.partition(":")[2] for entry in self._ignored if entry.startswith("word:")}
        self._translator = replace(translator, kept=kept)
        self._limits: dict[str, Decimal] = {}
        self._in_stock = False
        self._values: dict[str, Any] = {}
        self._excluded: dict[str, Any] = {}
        self._unwanted: list[str] = []
        self._replacements: list[str] = []
        self._chips: list[Chip] = []

    def result(self) -> ParsedQuery:
        left = self._text if self._text == self._original else trim_connectives(self._text)
        if IGNORE_ALL not in self._ignored:
            left = self._translator.translated(left)
        low, high = self._limits.get("price_min"), self._limits.get("price_max")
        if low is not None and high is not None and low > high:
            # "under 20 over 50" would be an empty range.
            low, high = high, low
        return ParsedQuery(
            text=" ".join([left, *self._replacements]).strip(),
            filters=Filters(**self._values, price_min=low, price_max=high, in_stock=self._in_stock),
            excluded=Filters(**self._excluded),
            unwanted=tuple(dict.fromkeys(self._unwanted)),
            chips=tuple(dict.fromkeys(self._chips)),
        )

    def parse_prices(self) -> None:
        for price in prices(self._text):
            for name, limit in (("price_min", price.low), ("price_max", price.high)):
                if limit is not None and self._add_chip(name, str(limit), price.start, price.end):
                    self._limits[name] = limit
            self._blank(price.start, price.end)

    def parse_stock(self) -> None:
        if match := IN_STOCK.search(self._text.lower()):
            self._in_stock = self._add_chip("in_stock", "1", *match.span())
            self._blank(*match.span())

    def parse_negations(self) -> None:
        for start, (first, *others) in negated(self._tokens(self._text), self._vocabulary):
            # The negation belongs to the words on the chip of what directly follows it.
            self._exclude(first, self._original, self._original[start : first.end])
            for exclusion in others:
                self._exclude(exclusion, self._original)
            self._blank(start, [first, *others][-1].end)

    def parse_gender(self) -> None:
        """One gender becomes a filter; several state no preference."""
        tokens = self._tokens(self._text)
        found = [(at, named) for at, named in self._named(tokens, "gender") if _names_recipient(tokens, at)]
        if len({named.label for _at, named in found}) == 1:
            at, named = found[0]
            self._filter(named, at, tokens)

    def parse_colours(self) -> None:
        """One plain colour becomes a filter, or several with "or" between them."""
        tokens = self._tokens(self._text)
        found = list(self._named(tokens, "colour"))
        is_short = len(tokens) <= _MAX_PLAIN_TOKENS
        plain = all(
            _follows_in(tokens, at)
            or self._follows_garment(tokens, at)
            or (is_short and self._describes(tokens, at + named.width))
            for at, named in found
        )
        alternatives = all(
            tokens[at - 1].folded in ALTERNATIVES for _previous, (at, _named) in pairwise(found)
        )
        if plain and alternatives:
            for at, named in found:
                self._filter(named, at, tokens)

    def add_translation_chips(self) -> None:
        """A chip for every translated word that is on no chip yet."""
        on_chips = " ".join(chip.words for chip in self._chips)
        for span in self._translator.spans(self._text):
            written = self._original[span.start : span.end]
            if span.meaning.kind is not Kind.LITTLE and written not in on_chips:
                self._chips.append(Chip("word", span.meaning.english, written))

    def parse_excluded(self, exclude: str) -> None:
        for exclusion in listed(self._tokens(exclude), self._vocabulary):
            self._exclude(exclusion, exclude)

    def _tokens(self, text: str) -> list[Token]:
        return tokenize(text, self._translator)

    def _add_chip(self, name: str, value: str, start: int, end: int) -> bool:
        """Add a chip for these words of the text; False if the shopper removed it."""
        if self._is_ignored(name, value):
            return False
        self._chips.append(Chip(name, value, self._original[start:end].strip()))
        return True

    def _filter(self, named: NamedValue, at: int, tokens: Sequence[Token]) -> None:
        """Add a value to the filters; its words stay in the text, since they describe a look as well."""
        if self._add_chip(named.field, named.label, tokens[at].start, tokens[at + named.width - 1].end):
            _add_values(self._values, named.field, named.values)

    def _is_ignored(self, name: str, value: str) -> bool:
        return f"{name}:{value}".casefold() in self._ignored

    def _blank(self, start: int, end: int) -> None:
        self._text = self._text[:start] + " " * (end - start) + self._text[end:]

    def _exclude(self, exclusion: Exclusion, text: str, words: str = "") -> None:
        """Exclude a thing that ``text`` names; ``words`` are those on the chip, if not the thing's own."""
        named = exclusion.named
        thing = text[exclusion.start : exclusion.end].lstrip("-")
        chip = Chip("exclude", named.label if named else thing, words or thing)
        if self._is_ignored(chip.field, chip.value):
            return
        self._chips.append(chip)
        if named is not None:
            _add_values(self._excluded, named.field, self._vocabulary.values_containing(named))
        else:
            self._unwanted.append(exclusion.concept)
            self._replacements += filter(None, [LACKING.get(phrase_key(exclusion.concept))])

    def _named(self, tokens: Sequence[Token], wanted: str) -> Iterator[tuple[int, NamedValue]]:
        """Values of a field with their token indexes, except within the name of a brand or a category."""
        at = 0
        while at < len(tokens):
            named = self._vocabulary.match(tokens, at, fields=("brand", "category", wanted))
            if named is not None and named.field == wanted:
                yield at, named
            at += named.width if named else 1

    def _follows_garment(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a translated colour stands behind its garment: "vestido rojo" is plain in any text."""
        if not tokens[at].is_translated:
            return False
        before = next((each for each in reversed(tokens[:at]) if each.stem not in DESCRIBING), None)
        return before is not None and before.stem in self._vocabulary.garments

    def _describes(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether the tokens after a colour are a garment, perhaps behind other plain words, or none."""
        while at < len(tokens) and tokens[at].stem in DESCRIBING | GENDER_OF.keys():
            at += 1
        if at >= len(tokens) or tokens[at - 1].ends_phrase:
            return True
        return tokens[at].stem in self._vocabulary.garments or tokens[at].folded in STOP_WORDS | RECIPIENTS


def _add_values(held: dict[str, Any], field: str, values: Sequence[str]) -> None:
    held[field] = tuple(dict.fromkeys([*held.get(field, ()), *values]))


def _names_recipient(tokens: Sequence[Token], at: int) -> bool:
    """Whether a gender word states for whom: "for her", "men's shirts", but not "her shirt"."""
    return tokens[at].folded not in ONLY_AFTER_FOR or (at > 0 and tokens[at - 1].folded in RECIPIENTS)


def _follows_in(tokens: Sequence[Token], at: int) -> bool:
    """Whether the text has "in" before this token, as in "in red"."""
    return at > 0 and tokens[at - 1].folded == "in"
