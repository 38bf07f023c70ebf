"""Columns that state one field in several languages: "title_en", "name(de-de)", "Title (German)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from catalog.attributes import MATERIAL, PATTERN
from catalog.sources.feeds.column_names import COLUMNS
from catalog.sources.feeds.rows import Row

# Indonesian is missing: "category_id" and "color_id" are numbers.
_CODES = (
    "en", "de", "fr", "es", "it", "nl", "pl", "pt", "sv", "da", "nb", "nn", "fi", "cs", "sk", "hu", "tr",
    "ro", "bg", "hr", "sl", "sr", "el", "ru", "uk", "ja",
    "zh", "ko", "he", "ar", "vi", "th", "et", "lv", "lt",
    "ca",
)  # fmt: skip
# What else names a language: itself, in English, or a country of its speakers.
_NAMES = {
    **dict.fromkeys(("english", "englisch", "anglais", "us", "gb"), "en"),
    **dict.fromkeys(("german", "deutsch", "allemand", "at", "ger"), "de"),
    **dict.fromkeys(("french", "français", "francais", "französisch"), "fr"),
    **dict.fromkeys(("spanish", "español", "espanol", "spanisch", "mx"), "es"),
    **dict.fromkeys(("italian", "italiano", "italienisch"), "it"),
    **dict.fromkeys(("dutch", "nederlands"), "nl"),
    **dict.fromkeys(("polish", "polski"), "pl"),
    **dict.fromkeys(("portuguese", "português", "br"), "pt"),
    **dict.fromkeys(("swedish", "svenska"), "sv"),
    **dict.fromkeys(("danish", "dansk"), "da"),
    **dict.fromkeys(("turkish", "türkçe"), "tr"),
    **dict.fromkeys(("japanese", "jp"), "ja"),
    **dict.fromkeys(("chinese", "cn"), "zh"),
}
# "title_no" is Norwegian, "style_no" a number.
_NUMBER = "no"
_WORDS = frozenset({"title", "description"})
_TEXTS = ("title", "description", "brand", "category", "colour", "gender", "link")
_BASES = frozenset(name for field in _TEXTS for name in COLUMNS[field]) | MATERIAL | PATTERN
_TAG = "|".join((*_CODES, *_NAMES, _NUMBER))
_AFTER = re.compile(rf"(?P<base>.+?)_(?P<tag>{_TAG})(?:_[a-z]{{2}})?")
_BEFORE = re.compile(rf"(?P<tag>{'|'.join(_CODES)})(?:_[a-z]{{2}})?_(?P<base>.+)")


def is_language(tag: str) -> bool:
    """Whether this is the code of a language, with or without a country: "de", "en-GB"."""
    return re.split(r"[-_]", tag.casefold())[0] in (*_CODES, _NUMBER)


@lru_cache(maxsize=4096)
def tagged(column: str) -> tuple[str, str] | None:
    """("title", "en") for "title_en", by column_name; None where no language is named."""
    if column in _BASES:
        return None
    found = _AFTER.fullmatch(column)
    if found is None or found["base"] not in _BASES:
        found = _BEFORE.fullmatch(column)
    if found is None or found["base"] not in _BASES:
        return None
    base, tag = found["base"], _NAMES.get(found["tag"], found["tag"])
    if tag == _NUMBER and not any(base in COLUMNS[field] for field in _WORDS):
        return None
    return base, tag


def without_tags(columns: Iterable[str]) -> list[str]:
    """The columns as they are called once one language is chosen."""
    return list(dict.fromkeys((tagged(column) or (column,))[0] for column in columns))


class Languages:
    """Chooses, in each row, the shop's own language, else English, else the first that says something.

    ``kept`` are columns that a mapping reads, which stay as they are.
    """

    def __init__(self, preferred: str, kept: Collection[str] = ()) -> None:
        self._preferred = (preferred, "en")
        self._kept = kept
        self._seen: set[str] = set()
        self._tagged: dict[str, tuple[str, str]] = {}
        self.chosen: Counter[str] = Counter()

    def columns(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The feed's columns by the names that read() gives them, with how they are written."""
        named: dict[str, str] = {}
        for column, written in columns.items():
            found = None if column in self._kept else tagged(column)
            named.setdefault(found[0] if found else column, written)
        return named

    def read(self, row: Row) -> Row:
        new = row.cells.keys() - self._seen
        if new:
            self._learn(new)
        if not self._tagged or self._tagged.keys().isdisjoint(row.cells):
            return row
        cells = {name: values for name, values in row.cells.items() if name not in self._tagged}
        for base, language, values in sorted(self._stated(row), key=self._rank):
            if base not in cells:
                cells[base] = values
                self.chosen[language] += 1
        return Row(row.line, cells)

    def _learn(self, columns: Iterable[str]) -> None:
        for column in columns:
            self._seen.add(column)
            found = None if column in self._kept else tagged(column)
            if found:
                self._tagged[column] = found

    def _stated(self, row: Row) -> Iterator[tuple[str, str, list[str]]]:
        for column, values in row.cells.items():
            if column in self._tagged:
                base, language = self._tagged[column]
                yield base, language, values

    def _rank(self, stated: tuple[str, str, list[str]]) -> int:
        language = stated[1]
        return self._preferred.index(language) if language in self._preferred else len(self._preferred)

    def notes(self) -> Iterator[str]:
        """Which language was read, where the feed has several."""
        languages = {language for _base, language in self._tagged.values()}
        if len(languages) > 1 and self.chosen:
            read = self.chosen.most_common(1)[0][0]
            others = ", ".join(sorted(languages - {read}))
            other = [name for name, (_base, language) in self._tagged.items() if language != read]
            column = min(other, key=lambda name: (_TEXTS.index(_field_of(self._tagged[name][0])), name))
            yield (
                f"The feed's texts are in several languages: {read} was read, and others ({others}) only "
                f"where it says nothing; --map {column}={_field_of(self._tagged[column][0])} reads another."
            )


def _field_of(base: str) -> str:
    return next((field for field in _TEXTS if base in COLUMNS[field]), _TEXTS[-1])
