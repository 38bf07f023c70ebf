"""The catalogue's own values as words say them: which brand, category, colour or gender a phrase names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from search.language.patterns import GARMENTS, GENDER_OF, NO_GARMENT, Word
from search.language.tokens import stem, stems

if TYPE_CHECKING:
    from search.index.columns import Columns

# A column that fewer products fill would hide the others behind a filter that nobody chose.
_FILLED = 0.8


@dataclass(frozen=True)
class Known:
    """Values of the catalogue that ``width`` words name, and the one that stands on the chip."""

    field: str
    values: tuple[str, ...]
    label: str
    width: int


@dataclass(frozen=True)
class Vocabulary:
    """The stems of each value with the (field, value) pairs they name; the gender words' values; and the
    stems of garments, which is what a colour describes."""

    phrases: Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]
    genders: Mapping[str, tuple[str, ...]]
    garments: frozenset[str]
    longest: int

    @classmethod
    def from_columns(cls, columns: Columns) -> Vocabulary:
        """That of the catalogue in service; colours and genders only where most products state them."""
        filled = {
            name: getattr(columns, name).values
            for name in ("colour", "gender")
            if len(columns.keys) and (getattr(columns, name).codes >= 0).mean() >= _FILLED
        }
        return cls.of(category=columns.category.values, brand=columns.brand.values, **filled)

    @staticmethod
    @lru_cache(maxsize=4)
    def of(
        *,
        category: tuple[str, ...] = (),
        colour: tuple[str, ...] = (),
        gender: tuple[str, ...] = (),
        brand: tuple[str, ...] = (),
    ) -> Vocabulary:
        """From the values of each field."""
        phrases: dict[tuple[str, ...], tuple[tuple[str, str], ...]] = {}
        for name, values in (("brand", brand), ("category", category), ("colour", colour)):
            for value in values:
                key = tuple(stems(value))
                phrases[key] = (*phrases.get(key, ()), (name, value))
        garments = GARMENTS | {part for value in category for part in stems(value)}
        return Vocabulary(phrases, _gender_values(gender), garments, max(map(len, phrases), default=0))

    def named(self, words: Sequence[Word], at: int, *, fields: Collection[str]) -> Known | None:
        """The longest value of these fields that the words from ``at`` on name, if any."""
        for width in range(min(self.longest, len(words) - at), 0, -1):
            span = words[at : at + width]
            if any(word.ends_phrase for word in span[:-1]):
                continue
            for name, value in self.phrases.get(tuple(word.stem for word in span), ()):
                if name in fields and not (name == "category" and span[-1].folded in NO_GARMENT):
                    return Known(name, (value,), value, width)
        values = self.genders.get(GENDER_OF.get(words[at].stem, "")) if "gender" in fields else None
        return Known("gender", values, values[0], 1) if values else None

    def containing(self, known: Known) -> tuple[str, ...]:
        """For an exclusion, every value that has the words: "blue" is also Navy Blue."""
        if known.field in ("brand", "gender"):
            return (known.label,)
        parts = set(stems(known.label))
        pairs = (pair for key, named in self.phrases.items() if parts <= set(key) for pair in named)
        return tuple(value for name, value in pairs if name == known.field)


def _gender_values(values: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Gender -> the catalogue's word for it and, for adults, its word for what is for everybody."""
    everybody = tuple(value for value in values if stem(value.casefold()) == "unisex")
    named = {GENDER_OF[key]: value for value in values if (key := stem(value.casefold())) in GENDER_OF}
    return {
        gender: (value, *everybody) if gender in ("man", "woman") else (value,)
        for gender, value in named.items()
    }
