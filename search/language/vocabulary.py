"""The catalogue's own values as a query names them: brands, categories, colours, sizes, genders, ..."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from catalog.sources.colour_families import families
from search.language.lexicon import (
    CLEAR_SHADES,
    GARMENTS,
    GENDER_OF,
    GRADES,
    KIN,
    NO_GARMENT,
    ONLY_AFTER_FOR,
    SHADE_OF,
    SHADES,
    SHADING,
)
from search.language.tokenizer import Token
from search.language.tokens import stem, stems
from search.language.wording import looks

# The stems of each whole colour.
_WHOLE = {(stem(colour),) for colour in SHADES}


@dataclass(frozen=True)
class NamedValue:
    """Values of the catalogue that ``width`` tokens name; ``label`` is the one shown on the chip.

    ``is_broader`` where the tokens name a shade and the value is the whole colour.
    """

    field: str
    values: tuple[str, ...]
    label: str
    width: int
    is_broader: bool = False


@dataclass(frozen=True)
class Vocabulary:
    """What a query may name. ``values`` maps the stems of each value to the (field, value) pairs they name,
    ``genders`` a gender to the catalogue's values for it; ``garments`` are stems that a colour can describe,
    ``longest`` is the most stems of a value.
    """

    values: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    genders: Mapping[str, tuple[str, ...]]
    garments: frozenset[str]
    longest: int
    # Stems that name a value in another form than its own, which texts of products need not have.
    inflected: frozenset[str] = frozenset()
    # The stem of a colour -> the values that are shades of it.
    shades: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # The stem of a shade that the catalogue has no name for -> the colour that it is a shade of.
    broader: Mapping[str, str] = field(default_factory=dict)
    # Other names of shades and patterns, as in search.language.wording.looks.
    graded: looks.Named = field(default_factory=dict)
    alike: looks.Named = field(default_factory=dict)
    patterns: looks.Named = field(default_factory=dict)
    # Whether any product is on sale.
    on_sale: bool = False

    @staticmethod
    @lru_cache(maxsize=4)
    def of(
        *,
        category: tuple[str, ...] = (),
        colour: tuple[str, ...] = (),
        gender: tuple[str, ...] = (),
        brand: tuple[str, ...] = (),
        size: tuple[str, ...] = (),
        material: tuple[str, ...] = (),
        pattern: tuple[str, ...] = (),
        on_sale: bool = False,
    ) -> Vocabulary:
        named: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        for name, values in (
            ("brand", brand),
            ("category", category),
            ("colour", colour),
            ("material", material),
            ("pattern", pattern),
            ("size", size),
        ):
            for value in values:
                key = tuple(stems(value))
                named[key] = (*named.get(key, ()), (name, value))
        forms = looks.inflected({"colour": colour, "pattern": pattern})
        garments = GARMENTS | {part for value in category for part in stems(value)}
        patterns = looks.patterns(pattern)
        return Vocabulary(
            values=forms | named,
            inflected=frozenset(form for (form,) in forms.keys() - named.keys()),
            genders=_gender_values(gender),
            garments=garments,
            longest=max(map(len, (*named, *patterns)), default=0),
            shades=_shades(colour),
            broader=_broader(colour),
            graded=looks.graded(colour),
            alike=looks.alike(colour),
            patterns=patterns,
            on_sale=on_sale,
        )

    def match(self, tokens: Sequence[Token], at: int, *, fields: Collection[str]) -> NamedValue | None:
        """The longest value of these fields that the tokens from ``at`` on name, if any."""
        if "colour" in fields and (named := self._called(self.graded, tokens, at, "colour")):
            return named
        for width in range(min(self.longest, len(tokens) - at), 0, -1):
            span = tokens[at : at + width]
            if any(token.ends_phrase for token in span[:-1]):
                continue
            for name, value in self.values.get(tuple(token.stem for token in span), ()):
                if name in fields and not (name == "category" and span[-1].folded in NO_GARMENT):
                    if name != "colour" or width > 1:
                        return NamedValue(name, (value,), value, width)
                    shades = self.shades.get(span[0].stem) or (value,)
                    return NamedValue(name, shades, value, _colour_width(tokens, at))
        if "pattern" in fields and (named := self._called(self.patterns, tokens, at, "pattern")):
            return named
        if "colour" in fields and (named := self._shade(tokens, at)):
            return named
        stem = tokens[at].stem
        gender = GENDER_OF.get(stem) or KIN.get(stem, "")
        genders = self.genders.get(gender) if "gender" in fields else None
        return NamedValue("gender", genders, genders[0], 1) if genders else None

    def named(self, tokens: Sequence[Token], wanted: str) -> Iterator[tuple[int, NamedValue]]:
        """Values of a field with their token indexes, except within the name of a brand or a category."""
        at = 0
        while at < len(tokens):
            found = self.match(tokens, at, fields=("brand", "category", wanted))
            if found is not None and found.field == wanted:
                yield at, found
            at += found.width if found else 1

    def _called(self, names: looks.Named, tokens: Sequence[Token], at: int, field: str) -> NamedValue | None:
        """What the tokens from ``at`` on call by another name than the catalogue."""
        phrase = list(_phrase(tokens[at : at + max(self.longest, 2)]))
        width, values = looks.first_of(names, [token.stem for token in phrase])
        behind = tokens[at + width : at + width + 1]
        # A flower girl wears no flowers.
        if not width or (field == "pattern" and any(each.folded in ONLY_AFTER_FOR for each in behind)):
            return None
        label = " ".join(token.folded for token in phrase[:width]).capitalize()
        exact = next((value for value in values if stems(value) == stems(label)), label)
        return NamedValue(field, values, exact if field == "colour" else values[0], width)

    def _shade(self, tokens: Sequence[Token], at: int) -> NamedValue | None:
        """The colour that the tokens from ``at`` on name by a word of its own: "navy", "navy blue"."""
        stem, width = tokens[at].stem, _colour_width(tokens, at)
        label = " ".join(token.folded for token in tokens[at : at + width]).capitalize()
        if shades := self.shades.get(stem):
            return NamedValue("colour", shades, label, width)
        if named := self._called(self.alike, tokens, at, "colour"):
            return named
        colour = self.broader.get(stem)
        return None if colour is None else NamedValue("colour", (colour,), label, width, is_broader=True)

    @property
    def size_values(self) -> tuple[str, ...]:
        """The catalogue's sizes."""
        return tuple(value for pairs in self.values.values() for name, value in pairs if name == "size")

    def values_containing(self, named: NamedValue) -> tuple[str, ...]:
        """For an exclusion, every value that has the words of this one: "blue" also excludes Navy Blue. None
        where the value is more than what is named: "no navy" does not exclude Blue.
        """
        if named.is_broader:
            return ()
        if named.field in ("brand", "gender"):
            return (named.label,)
        parts = set(stems(named.label))
        pairs = (pair for key, pairs in self.values.items() if parts <= set(key) for pair in pairs)
        found = (value for name, value in pairs if name == named.field)
        # "Not dark blue" may be blue.
        narrow = (
            each for each in named.values if named.field != "colour" or tuple(stems(each)) not in _WHOLE
        )
        return tuple(dict.fromkeys([*found, *narrow]))


def _phrase(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens up to where a phrase ends."""
    for token in tokens:
        yield token
        if token.ends_phrase:
            return


def _colour_width(tokens: Sequence[Token], at: int) -> int:
    """How many tokens name one colour: two for a shade and the colour it is of, as in "charcoal grey"."""
    behind = tokens[at + 1 : at + 2]
    is_pair = behind and not tokens[at].ends_phrase and behind[0].stem in SHADE_OF.get(tokens[at].stem, ())
    return 2 if is_pair else 1


def _shades(colours: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The stem of each colour that a shopper may name -> the values that are it or shades of it.

    A light blue is blue; where no value is "Purple", Lilac is. "Navy" names Navy Blue.
    """
    held = {value: set(stems(value)) for value in colours}
    found, shaded = {}, {}
    for colour, shades in SHADES.items():
        own = {stem(colour)}
        exact = tuple(value for value, parts in held.items() if parts - SHADING == own)
        named = tuple(v for v in colours if colour.capitalize() in families(v))
        found[stem(colour)] = exact if own in held.values() else named
        for shade in filter(str.isalpha, shades[1:]):
            own_values = tuple(value for value, parts in held.items() if stem(shade) in parts)
            if any(own < held[value] for value in own_values):
                shaded[stem(shade)] = own_values
    return {colour: values for colour, values in (looks.native(colours) | shaded | found).items() if values}


def _broader(colours: Sequence[str]) -> dict[str, str]:
    """The stem of each clear shade that no value has -> the value of its colour. None of a colour that the
    catalogue sorts into light and dark: it says better than a name which of them a shade is.
    """
    held = {value: frozenset(stems(value)) for value in colours}
    known = frozenset().union(*held.values())
    found: dict[str, str] = {}
    for colour, shades in SHADES.items():
        own = frozenset([stem(colour)])
        is_graded = any(own < parts and parts - own <= GRADES for parts in held.values())
        value = next((value for value, parts in held.items() if parts == own), None)
        if value is not None and not is_graded:
            found |= {
                stem(each): value for each in shades if each in CLEAR_SHADES and stem(each) not in known
            }
    return found


def _gender_values(values: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Gender -> the catalogue's value for it and, for adults, its value for unisex products."""
    unisex = tuple(value for value in values if stem(value.casefold()) == "unisex")
    named = {GENDER_OF[key]: value for value in values if (key := stem(value.casefold())) in GENDER_OF}
    return {
        gender: (value, *unisex) if gender in ("man", "woman") else (value,)
        for gender, value in named.items()
    }
