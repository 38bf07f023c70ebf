"""What the words say beyond a look: prices, for whom, one plain colour, and what is not wanted.

An encoder reads "not red" as red and cannot count money, so these become filters, each with a chip that
takes it back. Everything else stays with the encoder and the index of words. What becomes a filter must be
worded safely (docs/ranking.md has the measurements): a colour counts only where it plainly describes the
garment, since "Pink Floyd tee" and the brand "Red Tape" are not about colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

from search.language import patterns as wording
from search.language.german import LITERAL, German
from search.language.patterns import Word, words_of
from search.language.tokens import STOP_WORDS, fold, phrase_key
from search.language.vocabulary import Known, Vocabulary
from search.query import Filters
from search.result import Chip

__all__ = ["ParsedQuery", "Vocabulary", "parse_query"]

IGNORE_ALL = "all"
_UNWANTED_FIELDS = ("brand", "category", "colour", "gender")
# More than this many words are no longer one thing.
_CONCEPT_WORDS = 2
# A longer text is a title or a story, whose colours are not always the shop's; "in red" is plain in any.
_PLAIN_WORDS = 6


@dataclass(frozen=True)
class ParsedQuery:
    """How the words were read. ``text`` is left for the encoder and the index of words; it may be ""."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    # Values that may not answer.
    excluded: Filters = field(default_factory=Filters)
    # Other things that are not wanted: to look for in products' words, and to keep a distance from.
    unwanted: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()

    def without(self, name: str) -> ParsedQuery:
        """The same reading with no filter on this field, and without its chips."""
        nothing: dict[str, Any] = {name: ()}
        return replace(
            self,
            filters=replace(self.filters, **nothing),
            chips=tuple(chip for chip in self.chips if chip.field != name),
        )

    def narrow(self, chosen: Filters) -> Filters:
        """Filters for the search: field by field what the shopper chose, else what the words say."""
        taken = {
            each.name: getattr(chosen, each.name) or getattr(self.filters, each.name)
            for each in fields(chosen)
        }
        if chosen.price_min is not None or chosen.price_max is not None:
            taken |= {"price_min": chosen.price_min, "price_max": chosen.price_max}
        return Filters(**taken)


def parse_query(
    text: str,
    vocabulary: Vocabulary,
    *,
    ignore: Sequence[str] = (),
    exclude: str = "",
    german: German = LITERAL,
) -> ParsedQuery:
    """Read ``text``, and ``exclude`` as a list of what is not wanted.

    ``ignore`` names chips that the shopper took back, as "field:value"; "all" takes the text literally.
    ``german`` reads the German words that the catalogue does not use.
    """
    reader = _Reader(text, vocabulary, ignore, german)
    if IGNORE_ALL not in ignore:
        reader.read_prices()
        reader.read_stock()
        reader.read_negations()
        reader.read_gender()
        reader.read_colours()
        reader.read_german()
    reader.read_exclude(exclude)
    return reader.understood()


class _Reader:
    """Takes a text apart, step by step; a step blanks the words it used up, so that places stay put."""

    def __init__(self, text: str, vocabulary: Vocabulary, ignore: Sequence[str], german: German) -> None:
        self._original = self._text = text
        self._vocabulary = vocabulary
        self._ignored = {entry.casefold() for entry in ignore}
        taken_back = {entry.partition(":")[2] for entry in self._ignored if entry.startswith("word:")}
        self._german = replace(german, kept=taken_back)
        self._said: dict[str, object] = {}
        self._excluded: dict[str, tuple[str, ...]] = {}
        self._unwanted: list[str] = []
        self._instead: list[str] = []
        self._chips: list[Chip] = []

    def understood(self) -> ParsedQuery:
        left = self._text if self._text == self._original else wording.trimmed(self._text)
        if IGNORE_ALL not in self._ignored:
            left = self._german.translated(left)
        return ParsedQuery(
            text=" ".join([left, *self._instead]).strip(),
            filters=Filters(**self._said),  # type: ignore[arg-type]
            excluded=Filters(**self._excluded),  # type: ignore[arg-type]
            unwanted=tuple(dict.fromkeys(self._unwanted)),
            chips=tuple(dict.fromkeys(self._chips)),
        )

    def read_prices(self) -> None:
        for price in wording.prices(self._text):
            self._use_up(price.start, price.end, {"price_min": price.low, "price_max": price.high})
        low, high = self._said.get("price_min"), self._said.get("price_max")
        if low is not None and high is not None and low > high:  # type: ignore[operator]
            # "under 20 over 50" cannot be meant as it stands.
            self._said |= {"price_min": high, "price_max": low}

    def read_stock(self) -> None:
        if found := wording.IN_STOCK.search(self._text.lower()):
            self._use_up(*found.span(), {"in_stock": True})

    def read_negations(self) -> None:
        """ "not red", "without a collar or buttons", "kein Leder", "-red": what follows is not wanted."""
        words, at = self._words(self._text), 0
        while at < len(words):
            if words[at].has_dash:
                at = self._read_unwanted(words, at, words[at].start)
            elif self._negates(words, at):
                at = self._read_unwanted(words, at + 1, words[at].start)
            else:
                at += 1

    def read_gender(self) -> None:
        """One gender; two are no wish."""
        words = self._words(self._text)
        said = [(at, known) for at, known in self._named(words, "gender") if _is_for(words, at)]
        if len({known.label for _at, known in said}) == 1:
            self._filter(*said[0][::-1], words)

    def read_colours(self) -> None:
        """One plain colour, or several with "or" between them."""
        words = self._words(self._text)
        said = list(self._named(words, "colour"))
        is_short = len(words) <= _PLAIN_WORDS
        plain = all(
            _in(words, at) or (is_short and self._describes(words, at + known.width)) for at, known in said
        )
        alternatives = all(
            words[at - 1].folded in wording.ALTERNATIVES for _before, (at, _known) in pairwise(said)
        )
        if plain and alternatives:
            for at, known in said:
                self._filter(known, at, words)

    def read_german(self) -> None:
        """A chip for every German word that was read as English and is on no chip yet."""
        said = {word for chip in self._chips for word in chip.words.split()}
        meanings = self._german.meanings(self._text)
        for word in self._words(self._text):
            written = self._original[word.start : word.end]
            if written not in said and fold(written) in meanings:
                self._chips.append(Chip("word", meanings[fold(written)], written))

    def read_exclude(self, exclude: str) -> None:
        """The field for what is not wanted: things with commas, "and" or "or" between them."""
        words, at = self._words(exclude), 0
        while at < len(words):
            at = self._read_thing(words, at, exclude)[1]

    def _words(self, text: str) -> list[Word]:
        return words_of(text, self._german)

    def _use_up(self, start: int, end: int, said: dict[str, object]) -> None:
        """Note filters that these words state; they describe no look, so they are taken out of the text."""
        words = self._original[start:end].strip()
        for name, value in said.items():
            if value is not None and not self._is_ignored(name, _written(value)):
                self._said[name] = value
                self._chips.append(Chip(name, _written(value), words))
        self._blank(start, end)

    def _filter(self, known: Known, at: int, words: Sequence[Word]) -> None:
        """A value becomes a filter; its words stay, since they describe a look as well."""
        if self._is_ignored(known.field, known.label):
            return
        held: tuple[str, ...] = self._said.get(known.field, ())  # type: ignore[assignment]
        self._said[known.field] = tuple(dict.fromkeys([*held, *known.values]))
        said = self._original[words[at].start : words[at + known.width - 1].end]
        self._chips.append(Chip(known.field, known.label, said))

    def _is_ignored(self, name: str, value: str) -> bool:
        return f"{name}:{value}".casefold() in self._ignored

    def _blank(self, start: int, end: int) -> None:
        self._text = self._text[:start] + " " * (end - start) + self._text[end:]

    def _negates(self, words: Sequence[Word], at: int) -> bool:
        word = words[at]
        if word.folded not in wording.NEGATORS or at + 1 == len(words) or word.ends_phrase:
            return False
        is_idiom = word.folded == "no" and words[at + 1].folded in wording.AFTER_NO
        return not is_idiom and self._vocabulary.named(words, at, fields=("brand",)) is None

    def _read_unwanted(self, words: Sequence[Word], at: int, begin: int) -> int:
        """The things from ``at`` on, with "or" between them; returns the place behind them."""
        known, after = self._read_thing(words, at, self._original, begin)
        while self._goes_on(words, after, known):
            known, after = self._read_thing(words, after + 1, self._original)
        self._blank(begin, words[after - 1].end)
        return after

    def _goes_on(self, words: Sequence[Word], at: int, known: Known | None) -> bool:
        """Whether a joiner leads to another unwanted thing: "or" does, "and" only to one of the same kind."""
        if at + 1 >= len(words) or words[at - 1].ends_phrase or words[at].folded not in wording.JOINERS:
            return False
        follows = self._vocabulary.named(words, at + 1, fields=_UNWANTED_FIELDS)
        alike = known is not None and follows is not None and known.field == follows.field
        return alike or words[at].folded in wording.ALTERNATIVES

    def _read_thing(
        self, words: Sequence[Word], at: int, text: str, begin: int | None = None
    ) -> tuple[Known | None, int]:
        """One unwanted thing from ``at`` on, a value of the catalogue or a concept, and what follows."""
        while (
            at < len(words) - 1 and words[at].folded in wording.FILLERS | wording.JOINERS | wording.NEGATORS
        ):
            at += 1
        known = self._vocabulary.named(words, at, fields=_UNWANTED_FIELDS)
        end = at + known.width if known else self._concept_end(words, at)
        thing = text[words[at].start : words[end - 1].end].lstrip("-")
        said = thing if begin is None else text[begin : words[end - 1].end]
        concept = " ".join(word.folded for word in words[at:end])
        self._exclude(known, concept, Chip("exclude", known.label if known else thing, said))
        return known, end

    def _exclude(self, known: Known | None, concept: str, chip: Chip) -> None:
        if self._is_ignored(chip.field, chip.value):
            return
        self._chips.append(chip)
        if known is not None:
            values = (*self._excluded.get(known.field, ()), *self._vocabulary.containing(known))
            self._excluded[known.field] = tuple(dict.fromkeys(values))
        else:
            self._unwanted.append(concept)
            self._instead += filter(None, [wording.LACKING.get(phrase_key(concept))])

    def _concept_end(self, words: Sequence[Word], at: int) -> int:
        """The place behind a thing that the catalogue does not know: at most two words, up to a joiner or a
        garment ("no sleeves top" is a top)."""
        end = at + 1
        while end < min(len(words), at + _CONCEPT_WORDS) and not words[end - 1].ends_phrase:
            is_boundary = words[end].folded in wording.BOUNDARIES | wording.NEGATORS
            is_compound = words[end].start == words[at].start
            if is_boundary or (words[end].stem in self._vocabulary.garments and not is_compound):
                break
            end += 1
        return end

    def _named(self, words: Sequence[Word], wanted: str) -> Iterator[tuple[int, Known]]:
        """Values of a field with their places, but for those within the name of a brand or a category."""
        at = 0
        while at < len(words):
            known = self._vocabulary.named(words, at, fields=("brand", "category", wanted))
            if known is not None and known.field == wanted:
                yield at, known
            at += known.width if known else 1

    def _describes(self, words: Sequence[Word], at: int) -> bool:
        """Whether what follows a colour is a garment, perhaps behind other plain words, or nothing more."""
        while at < len(words) and words[at].stem in wording.DESCRIBING | wording.GENDER_OF.keys():
            at += 1
        if at >= len(words) or words[at - 1].ends_phrase:
            return True
        return words[at].stem in self._vocabulary.garments or words[at].folded in STOP_WORDS | wording.FOR


def _is_for(words: Sequence[Word], at: int) -> bool:
    """Whether a word for people says for whom: "for her", "men's shirts", but not "her shirt"."""
    return words[at].folded not in wording.ONLY_AFTER_FOR or (at > 0 and words[at - 1].folded in wording.FOR)


def _in(words: Sequence[Word], at: int) -> bool:
    """Whether the words say "in red"."""
    return at > 0 and words[at - 1].folded == "in"


def _written(value: object) -> str:
    return "1" if value is True else str(value)
