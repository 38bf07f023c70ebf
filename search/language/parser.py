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

from search.language.context import Context, IsName, are_alternatives
from search.language.languages import Kind
from search.language.lexicon import LACKING
from search.language.negations import Exclusion, listed, negated
from search.language.parsed_query import ORDER, ParsedQuery, add_values
from search.language.patterns import IN_STOCK, ON_SALE, lowered, trim_connectives
from search.language.tokenizer import Token, tokenize
from search.language.tokens import phrase_key, stems
from search.language.translation import LITERAL, Translator
from search.language.vocabulary import NamedValue, Vocabulary
from search.language.wording.orders import says_nothing_more, stated_orders
from search.language.wording.price_readings import PriceReadings
from search.language.wording.requests import without_request
from search.language.wording.sizes import stated
from search.language.wording.wearers import wearers
from search.query import Chip, Filters, Sort

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
        parser.parse_prices(decimals, parser.brands_of_several_words())
        parser.parse_switches()
        parser.parse_sizes()
        parser.parse_cheaper(price, decimals)
        parser.parse_orders()
        parser.blank_price_names()
        parser.parse_negations()
        parser.parse_gender()
        parser.parse_brands()
        parser.parse_colours()
        parser.parse_looks("material")
        parser.parse_looks("pattern")
        parser.add_translation_chips()
    parser.parse_excluded(exclude)
    return parser.result()


class _Parser(PriceReadings):
    """Interprets a text, one kind of reading after the other."""

    def __init__(
        self,
        text: str,
        vocabulary: Vocabulary,
        ignore: Sequence[str],
        translator: Translator,
        is_name: IsName | None,
    ) -> None:
        super().__init__(text if IGNORE_ALL in ignore else without_request(text), ignore)
        self._vocabulary = vocabulary
        kept = {entry.partition(":")[2] for entry in self._ignored if entry.startswith("word:")}
        translator = replace(translator, kept=kept)
        self._translator = replace(translator, sure=translator.surely_in(self._text))
        self._context = Context(vocabulary, is_name)
        self._tokenized: dict[str, list[Token]] = {}
        self._sort: Sort | None = None
        self._unwanted: list[str] = []
        self._replacements: list[str] = []

    def result(self) -> ParsedQuery:
        left = self._text if self._text == self._original else trim_connectives(self._text)
        if IGNORE_ALL not in self._ignored:
            left = without_request(self._translator.translated(left))
        if self._sort is not None and says_nothing_more(left):
            left = ""
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
            sort=self._sort,
        )

    def brands_of_several_words(self) -> list[tuple[int, int]]:
        """The offsets of each; a brand of one word, such as "Price", may be meant as what it says."""
        tokens = self._tokens(self._text)
        found = self._vocabulary.named(tokens, "brand")
        spans = (
            (tokens[at].start, tokens[at + named.width - 1].end) for at, named in found if named.width > 1
        )
        return list(spans)

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
                    add_values(self._values, "size", size.values)
            self._blank(sizes.start, sizes.end)

    def parse_orders(self) -> None:
        """What to show first: of several orders the first that the shopper did not take back."""
        for each in list(stated_orders(self._text, self._tokens(self._text), self._vocabulary)):
            self._blank(each.start, each.end)
            if each.sort is not None and self._sort in (None, Sort.RELEVANCE):
                is_kept = ORDER not in self._ignored and self._add_chip(
                    ORDER, each.sort.value, each.start, each.end
                )
                self._sort = each.sort if is_kept else Sort.RELEVANCE

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
        # An age may have been read as a size.
        found = list(wearers(tokens, self._original, self._vocabulary))
        if len({each.named.label for each in found}) == 1:
            self._filter(found[0].named, found[0].at, tokens)
            for each in found:
                self._blank(*each.age or (0, 0))

    def parse_brands(self) -> None:
        """Several joined brands become a filter: no product is of both, as their words would ask for."""
        tokens = self._tokens(self._text)
        for at, named, start in self._context.joined_brands(tokens, self._text):
            end = tokens[at + named.width - 1].end
            if self._add_chip("brand", named.label, tokens[at].start, end):
                add_values(self._values, "brand", named.values)
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
            english = span.meaning.english
            is_told = written in on_chips or english == span.meaning.base or stems(written) == stems(english)
            if span.meaning.kind is not Kind.LITTLE and not is_told:
                self._chips.append(Chip("word", span.meaning.english, written))

    def parse_excluded(self, exclude: str) -> None:
        for exclusion in listed(self._tokens(exclude), self._vocabulary):
            self._exclude(exclusion, exclude)

    def _tokens(self, text: str) -> list[Token]:
        if text not in self._tokenized:
            self._tokenized[text] = tokenize(text, self._translator)
        return self._tokenized[text]

    def _filter(self, named: NamedValue, at: int, tokens: Sequence[Token]) -> None:
        """Add a value to the filters; its words stay in the text as a look, "rotes" as the shop's Rot."""
        if self._add_chip(named.field, named.label, tokens[at].start, tokens[at + named.width - 1].end):
            add_values(self._values, named.field, named.values)
            if tokens[at].stem in self._vocabulary.inflected:
                self._blank(tokens[at].start, tokens[at].end)
                self._replacements.append(named.label)

    def _exclude(self, exclusion: Exclusion, text: str, words: str = "") -> None:
        """Exclude a thing that ``text`` names; ``words`` are those on the chip, if not the thing's own."""
        named = exclusion.named
        thing = text[exclusion.start : exclusion.end].lstrip("-")
        if thing == words:
            # "Unpadded" says in one word that it is not padded.
            thing = exclusion.concept
        chip = Chip("exclude", named.label if named else thing, words or thing)
        if self._is_ignored(chip.field, chip.value):
            return
        self._chips.append(chip)
        if named is not None:
            add_values(self._excluded, named.field, self._vocabulary.values_containing(named))
        # A product that states no material may name it elsewhere.
        if named is None or named.field in ("material", "pattern"):
            self._unwanted.append(exclusion.concept)
            self._replacements += filter(None, [LACKING.get(phrase_key(exclusion.concept))])
