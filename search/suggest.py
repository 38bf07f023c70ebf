"""Completions while somebody types: the catalogue's own phrases, and what others searched with success."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.core.cache import cache
from django.db.models import Count
from django.db.models.functions import Lower

from analytics.models import SearchLog
from search import engine
from search.index.store import IndexMissing
from search.language.german import German
from search.language.spelling import Speller
from search.language.tokens import phrase_key, words
from search.lexical.bm25 import FOLDER, PHRASES
from search.lexical.completions import Phrase

MOST = 8
# Past searches count only when several people asked them, so that no one person's words are shown.
_ASKED_AT_LEAST = 3
_ASKED_WITHIN = timedelta(days=90)
_LONGEST_SEARCH = 60
_MOST_SEARCHES = 500
_SEARCHES_SECONDS = 600
# Sorts behind every letter, so that bisect finds the end of a prefix's range.
_LAST = "\U0010ffff"
# What fits no phrase of the catalogue may be German, whatever single words of it the catalogue has.
_NO_WORD_IS_OURS = German(count=lambda _word: 0)


class Suggestions:
    """Phrases that can be found from the start of any of their words; immutable, so that threads share it."""

    def __init__(self, phrases: Sequence[Phrase]) -> None:
        self._phrases = phrases
        folded = [" ".join(words(phrase.text)) for phrase in phrases]
        starts = sorted(
            (text[place:], number, place > 0)
            for number, text in enumerate(folded)
            for place in _word_starts(text)
        )
        self._texts = [text for text, _number, _inside in starts]
        self._numbers = np.array([number for _text, number, _inside in starts], np.int64)
        self._inside = np.array([inside for _text, _number, inside in starts], bool)
        self._counts = np.array([phrase.count for phrase in phrases], np.float64)
        self._speller = Speller(
            {word: phrase.count for phrase in reversed(phrases) for word in words(phrase.text)}
        )

    @classmethod
    def load(cls, folder: Path) -> Suggestions:
        """Those of a version of the index; none where it was built without."""
        file = folder / FOLDER / PHRASES
        rows = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else []
        return cls([Phrase(**row) for row in rows])

    def complete(self, text: str, searches: Sequence[Phrase] = ()) -> list[Phrase]:
        """Up to eight completions of ``text``: phrases that begin with it before those that have it
        later, the most used first; ``searches`` join in. Where nothing fits, its words are read as German,
        then respelled."""
        asked = " ".join(words(text))
        if not asked:
            return []
        found = self._fitting(asked, searches) or self._fitting(_NO_WORD_IS_OURS.translated(asked), searches)
        if not found and (respelled := self._respelled(asked)) != asked:
            found = self._fitting(respelled, searches)
        return found

    def _fitting(self, asked: str, searches: Sequence[Phrase]) -> list[Phrase]:
        asked_before = [phrase for phrase in searches if f" {asked}" in f" {_folded(phrase)}"]
        candidates = [*asked_before, *(self._phrases[number] for number in self._numbered(asked))]
        kept: dict[str, Phrase] = {}
        for phrase in sorted(candidates, key=lambda phrase: _rank(phrase, asked)):
            kept.setdefault(phrase_key(phrase.text), phrase)
        return list(kept.values())[:MOST]

    def _numbered(self, asked: str) -> list[int]:
        """The most promising phrases: numbers, twice as many as are shown, since some are the same search."""
        span = slice(bisect_left(self._texts, asked), bisect_left(self._texts, asked + _LAST))
        numbers, inside = self._numbers[span], self._inside[span]
        order = np.lexsort((numbers, -self._counts[numbers], inside))
        return list(dict.fromkeys(int(number) for number in numbers[order[: 4 * MOST]]))

    def _respelled(self, asked: str) -> str:
        return " ".join(self._speller.correct(word) or word for word in asked.split())


def _word_starts(text: str) -> Iterator[int]:
    if text:
        yield 0
    yield from (place + 1 for place, letter in enumerate(text) if letter == " ")


def _folded(phrase: Phrase) -> str:
    return " ".join(words(phrase.text))


def _rank(phrase: Phrase, asked: str) -> tuple[bool, bool, int, str]:
    """What begins with the text first; then what people searched; then what most products have."""
    begins = _folded(phrase).startswith(asked)
    return not begins, phrase.kind != "search", -phrase.count, phrase.text


def suggest(text: str, *, now: datetime) -> list[Phrase]:
    """Completions of ``text`` from the index in service and from past searches."""
    return _loaded(_folder()).complete(text, past_searches(now))


def _folder() -> Path | None:
    try:
        return engine.store().current().folder
    except IndexMissing:
        return None


@lru_cache(maxsize=2)
def _loaded(folder: Path | None) -> Suggestions:
    # A published version never changes, so its folder is the key.
    return Suggestions([]) if folder is None else Suggestions.load(folder)


def past_searches(now: datetime) -> list[Phrase]:
    """What was searched at least three times lately and found something, the most asked first; no text that
    looks like a person's: addresses and long numbers."""
    held: list[dict[str, str | int]] | None = cache.get("past-searches")
    if held is None:
        held = [asdict(phrase) for phrase in _read_searches(now)]
        cache.set("past-searches", held, _SEARCHES_SECONDS)
    return [Phrase(**row) for row in held]  # type: ignore[arg-type]


def _read_searches(now: datetime) -> list[Phrase]:
    asked = (
        SearchLog.objects.filter(timestamp__gte=now - _ASKED_WITHIN, results_count__gt=0)
        .exclude(query_text="")
        .values(text=Lower("query_text"))
        .annotate(asked=Count("pk"))
        .filter(asked__gte=_ASKED_AT_LEAST)
        .order_by("-asked", "text")[:_MOST_SEARCHES]
    )
    return [Phrase(row["text"], "search", row["asked"]) for row in asked if _is_impersonal(row["text"])]


def _is_impersonal(text: str) -> bool:
    digits = sum(letter.isdigit() for letter in text)
    return "@" not in text and digits < 5 and len(text) <= _LONGEST_SEARCH
