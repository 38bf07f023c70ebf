"""Columns that state one field in several languages: "title_en", "name(de-de)", "Title (German)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
LANGUAGES = frozenset((*_CODES, _NUMBER))
_WORDS = frozenset({"title", "description"})
_TEXTS = ("title", "description", "brand", "category", "colour", "gender", "link")
_BASES = frozenset(name for field in _TEXTS for name in COLUMNS[field]) | MATERIAL | PATTERN
_TAG = "|".join((*_CODES, *_NAMES, _NUMBER))
_AFTER = re.compile(rf"(?P<base>.+?)_(?P<tag>{_TAG})(?:_[a-z]{{2}})?")
_BEFORE = re.compile(rf"(?P<tag>{'|'.join(_CODES)})(?:_[a-z]{{2}})?_(?P<base>.+)")
_ATTRIBUTE = re.compile(rf"(?P<base>.+?)_(?P<tag>{'|'.join(_CODES)})")
_NO_ATTRIBUTES = frozenset(name for names in COLUMNS.values() for name in names)
_ENGLISH = "en"
# Exports of several shops say by it whether a row is a product or a variant.
_READ_OTHERWISE = frozenset({"type"})


def is_language(tag: str) -> bool:
    """Whether this is the code of a language, with or without a country: "de", "en-GB"."""
    return re.split(r"[-_]", tag.casefold())[0] in LANGUAGES


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
    """Chooses, in each row, one language of texts that are stated in several.

    A ``preferred`` language comes first; then a column without a language, English, and the first that says
    something. ``kept`` are columns that a mapping reads, which stay as they are.
    """

    def __init__(self, preferred: str = "", kept: Collection[str] = ()) -> None:
        self._preferred = preferred.lower()
        self._kept = frozenset(kept)
        self._seen: set[str] = set()
        self._tagged: dict[str, tuple[str, str]] = {}
        self.chosen: Counter[str] = Counter()
        # How often a column without a language came before one of a language.
        self._passed: Counter[str] = Counter()

    def columns(self, columns: Mapping[str, str]) -> dict[str, str]:
        """The feed's columns by the names that read() gives them, with how they are written."""
        self._learn(columns.keys() - self._seen)
        named: dict[str, str] = {}
        for column, written in columns.items():
            named.setdefault(self._tagged[column][0] if column in self._tagged else column, written)
        return named

    def read(self, row: Row) -> Row:
        self._learn(row.cells.keys() - self._seen)
        if not self._tagged or self._tagged.keys().isdisjoint(row.cells):
            return row
        cells = {name: values for name, values in row.cells.items() if name not in self._tagged}
        preferred = []
        for base, language, values in sorted(self._texts(row), key=self._rank):
            if base in self._kept:
                continue
            if language == self._preferred and base not in preferred:
                preferred.append(base)
            elif base in cells:
                self._passed[language] += base in row.cells
                continue
            cells[base] = values
            self.chosen[language] += 1
        _put_first(cells, preferred, leaving=self._kept | _READ_OTHERWISE)
        return Row(row.line, cells)

    def _learn(self, columns: Collection[str]) -> None:
        if not columns:
            return
        self._seen.update(columns)
        for column in columns:
            found = None if column in self._kept else tagged(column)
            if found:
                self._tagged[column] = found
        if self._preferred:
            self._tagged |= _attributes(self._seen - self._tagged.keys() - self._kept, self._preferred)

    def _texts(self, row: Row) -> Iterator[tuple[str, str, list[str]]]:
        for column, values in row.cells.items():
            if column in self._tagged:
                base, language = self._tagged[column]
                yield base, language, values

    def _rank(self, stated: tuple[str, str, list[str]]) -> int:
        order = (self._preferred, _ENGLISH)
        return order.index(stated[1]) if stated[1] in order else len(order)

    def notes(self) -> Iterator[str]:
        """Which language was read, where the feed has several, or others than it should."""
        known = {language for _base, language in self._tagged.values()}
        if self._preferred and self._preferred not in known:
            named = f"they name {', '.join(sorted(known))}" if known else "they name no language"
            yield f"No column states a text in {self._preferred}, the language of --language; {named}."
        elif self.chosen and len(known) > 1:
            read = self._preferred or self.chosen.most_common(1)[0][0]
            others = sorted(known - {read})
            advice = "" if self._preferred else f"; --language {others[0]} reads another"
            yield (
                f"The feed's texts are in several languages: {read} was read, and others "
                f"({', '.join(others)}) only where it says nothing{advice}."
            )
        elif self._passed and not self._preferred:
            other = self._passed.most_common(1)[0][0]
            yield (
                f"Texts are stated without a language and in {other}: those without were read; "
                f"--language {other} reads the others."
            )


def _put_first(cells: dict[str, list[str]], bases: Sequence[str], *, leaving: Collection[str]) -> None:
    """Let the texts of ``bases`` be read instead of the same ones by other names: "title_de", not "name"."""
    for field in _TEXTS:
        names = [name for name in COLUMNS[field] if name in cells and name not in leaving]
        chosen = next((name for name in names if name in bases), "")
        other = next((name for name in names if name not in bases), "")
        if chosen and other:
            text = cells.pop(chosen)
            del cells[other]
            cells[names[0]] = text


def _attributes(columns: Iterable[str], preferred: str) -> dict[str, tuple[str, str]]:
    """Other columns that state one thing in the preferred language and in another: "season_de", "season_en".

    Columns of sizes, prices and stock end in countries.
    """
    found = [(column, match) for column in columns if (match := _ATTRIBUTE.fullmatch(column))]
    languages: dict[str, set[str]] = {}
    for _column, match in found:
        languages.setdefault(match["base"], set()).add(match["tag"])
    return {
        column: (match["base"], match["tag"])
        for column, match in found
        if match["base"] not in _NO_ATTRIBUTES and languages[match["base"]] > {preferred}
    }
