"""Query understanding: prices, stock, negations, one gender and one plain colour become filters.

An encoder embeds "not red" near red and cannot compare prices, so these become filters, each with a chip
that removes it. Everything else stays with the encoder and the lexical index. Only safe wording becomes a
filter (docs/measurements.md has the figures): a colour counts only where it plainly describes the garment,
since "Pink Floyd tee" and the brand "Red Tape" are not about colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from search.language.context import Context, IsName, are_alternatives, names_recipient
from search.language.languages import Kind
from search.language.lexicon import LACKING
from search.language.negations import Exclusion, listed, negated
from search.language.parsed_query import ParsedQuery
from search.language.patterns import CHEAPER, IN_STOCK, ON_SALE, lowered, prices, trim_connectives
from search.language.tokenizer import Token, tokenize
from search.language.tokens import phrase_key
from search.language.translation import LITERAL, Translator
from search.language.vocabulary import NamedValue, Vocabulary
from search.language.wording.requests import without_request
from search.language.wording.sizes import stated
from search.query import Chip, Filters

__all__ = ["IGNORE_ALL", "ParsedQuery", "Vocabulary", "parse_query"]

IGNORE_ALL = "all"


def parse_query(
    text: str,
    vocabulary: Vocabulary,
    *,
    ignore: Sequence[str] = (),
    exclude: str = "",
    translator: Translator = LITERAL,
    is_name: IsName | None = None,
    price: Decimal | None = None,
    decimals: int = 2,
) -> ParsedQuery:
    """Interpret ``text``, and ``exclude`` as a list of unwanted things.

    ``ignore`` names chips that the shopper removed, as "field:value"; "all" takes the text literally.
    ``translator`` translates the words of other languages that the catalogue does not use.
    ``is_name`` says whether titles use a colour and the stem behind it as a name, such as "red tape"; without
    it a colour counts only before what is known to be worn. ``price`` is that of the product asked with, for
    "cheaper", ``decimals`` those of the shop's prices.
    """
    parser = _Parser(text, vocabulary, ignore, translator, is_name)
    if IGNORE_ALL not in ignore:
        parser.parse_prices(decimals)
        parser.parse_switches()
        parser.parse_sizes()
        parser.parse_cheaper(price, decimals)
        parser.parse_negations()
        parser.parse_gender()
        parser.parse_brands()
        parser.parse_colours()
        parser.parse_looks("material")
        parser.parse_looks("pattern")
        parser.add_translation_chips()
    parser.parse_excluded(exclude)
    return parser.result()


class _Parser:
    """Interprets a text step by step; a step blanks the words it consumed, so that offsets stay valid."""

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        ignore: Sequence[str],
        translator: Translator,
        is_name: IsName | None,
    ) -> None:
        self._original = self._text = text if IGNORE_ALL in ignore else without_request(text)
        self._vocabulary = vocabulary
        self._ignored = {entry.casefold() for entry in ignore}
        kept = {entry.partition(":")[2] for entry in self._ignored if entry.startswith("word:")}
        translator = replace(translator, kept=kept)
        self._translator = replace(translator, sure=translator.surely_in(self._text))
        self._context = Context(vocabulary, is_name)
        self._tokenized: dict[str, list[Token]] = {}
        self._limits: dict[str, Decimal] = {}
        self._values: dict[str, Any] = {}
        self._excluded: dict[str, Any] = {}
        self._unwanted: list[str] = []
        self._replacements: list[str] = []
        self._chips: list[Chip] = []

    def result(self) -> ParsedQuery:
        left = self._text if self._text == self._original else trim_connectives(self._text)
        if IGNORE_ALL not in self._ignored:
            left = without_request(self._translator.translated(left))
        low, high = self._limits.get("price_min"), self._limits.get("price_max")
        if low is not None and high is not None and low > high:
            # "under 20 over 50" would be an empty range.
            low, high = high, low
        return ParsedQuery(
            text=" ".join([left, *self._replacements]).strip(),
            # The vocabulary holds the shop's own words: its "Blue" is not the family.
            filters=Filters(**self._values, price_min=low, price_max=high, exact_colour=True),
            excluded=Filters(**self._excluded, exact_colour=True),
            unwanted=tuple(dict.fromkeys(self._unwanted)),
            chips=tuple(dict.fromkeys(self._chips)),
        )

    def parse_prices(self, decimals: int) -> None:
        for price in prices(self._text, decimals):
            for name, limit in (("price_min", price.low), ("price_max", price.high)):
                if limit is not None and self._add_chip(name, str(limit), price.start, price.end):
                    self._limits[name] = limit
            self._blank(price.start, price.end)

    def parse_switches(self) -> None:
        """Stock, and sales where the catalogue has any."""
        for name, pattern in (("in_stock", IN_STOCK), ("on_sale", ON_SALE)):
            match = pattern.search(lowered(self._text))
            if match and (name == "in_stock" or self._vocabulary.on_sale):
                if self._add_chip(name, "1", *match.span()):
                    self._values[name] = True
                self._blank(*match.span())

    def parse_sizes(self) -> None:
        """The sizes that the catalogue has."""
        for sizes in stated(lowered(self._text), self._vocabulary.size_values):
            for size in sizes.each:
                if self._add_chip("size", size.label, size.start, size.end):
                    _add_values(self._values, "size", size.values)
            self._blank(sizes.start, sizes.end)

    def parse_cheaper(self, price: Decimal | None, decimals: int) -> None:
        """ "cheaper" beside a product's picture: below its own price, by the smallest step of prices."""
        match = CHEAPER.search(lowered(self._text)) if price else None
        below = price - Decimal(1).scaleb(-decimals) if price else Decimal(0)
        if match and below > 0:
            if self._add_chip("price_max", str(below), *match.span()):
                self._limits["price_max"] = below
            self._blank(*match.span())

    def parse_negations(self) -> None:
        for negation in negated(self._tokens(self._text), self._vocabulary):
            self._replacements += negation.instead
            for at, exclusion in enumerate(negation.exclusions):
                # The negation belongs to the words on the chip of what stands beside it.
                end = exclusion.end if len(negation.exclusions) > 1 else negation.end
                words = "" if at else self._original[negation.start : end]
                self._exclude(exclusion, self._original, words)
            self._blank(negation.lead, negation.end)

    def parse_gender(self) -> None:
        """One gender becomes a filter; several state no preference."""
        tokens = self._tokens(self._text)
        found = [
            each for each in self._vocabulary.named(tokens, "gender") if names_recipient(tokens, each[0])
        ]
        if len({value.label for _at, value in found}) == 1:
            at, value = found[0]
            self._filter(value, at, tokens)

    def parse_brands(self) -> None:
        """Several joined brands become a filter: no product is of both, as their words would ask for."""
        tokens = self._tokens(self._text)
        for at, named, start in self._context.joined_brands(tokens, self._text):
            end = tokens[at + named.width - 1].end
            if self._add_chip("brand", named.label, tokens[at].start, end):
                _add_values(self._values, "brand", named.values)
                self._blank(start, end)

    def parse_colours(self) -> None:
        """One plain colour becomes a filter, or several with "or" between them; of a garment with a colour of
        its own, that of its stripes is none.
        """
        tokens = self._tokens(self._text)
        found = self._context.of_garment(tokens, list(self._vocabulary.named(tokens, "colour")))
        plain = all(self._context.is_plain_colour(tokens, at, named.width) for at, named in found)
        if plain and are_alternatives(tokens, found, self._text):
            for at, named in found:
                self._filter(named, at, tokens)

    def parse_looks(self, field: str) -> None:
        """One material or pattern that describes the garment becomes a filter, or several with "or" between
        them, with every value of the catalogue that has its words: "leather" is "genuine leather" too.
        """
        tokens = self._tokens(self._text)
        found = list(self._vocabulary.named(tokens, field))
        plain = all(self._context.is_plain_look(tokens, at, named.width) for at, named in found)
        if plain and are_alternatives(tokens, found, self._text):
            for at, named in found:
                self._filter(replace(named, values=self._vocabulary.values_containing(named)), at, tokens)

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
        if text not in self._tokenized:
            self._tokenized[text] = tokenize(text, self._translator)
        return self._tokenized[text]

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
        # A product that states no material may name it elsewhere.
        if named is None or named.field in ("material", "pattern"):
            self._unwanted.append(exclusion.concept)
            self._replacements += filter(None, [LACKING.get(phrase_key(exclusion.concept))])


def _add_values(held: dict[str, Any], field: str, values: Sequence[str]) -> None:
    held[field] = tuple(dict.fromkeys([*held.get(field, ()), *values]))
