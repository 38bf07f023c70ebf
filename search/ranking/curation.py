"""Curation by staff: synonyms, products to pin or bury for a query, rules and redirects."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import numpy as np
from django.core.cache import cache
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from search.language.languages import Kind
from search.language.lexicon import USUAL_NAMES
from search.language.tokens import phrase_key, query_key, stems
from search.language.translation import TRANSLATE_ALL
from search.models import Curated, CuratedPlacement, Synonym
from search.ranking import redirects, rules
from search.ranking.redirects import TimedRedirect
from search.ranking.rules import Rule, TimedRule
from search.ranking.timing import Timed, is_in_force

if TYPE_CHECKING:
    from search.lexical.bm25 import LexicalIndex

# Other processes see a change after this long, where they do not share the cache.
CACHE_SECONDS = 60
# Scores end near 1, so these put a pinned product above and a buried one below every other; the steps
# between pins keep their order whatever they score.
PINNED, BURIED, _PIN_STEP, _LAST_PIN = 1000.0, -4.0, 4.0, 200


@dataclass(frozen=True)
class Placement:
    """A product that is pinned to a place (from 1) or buried for one query, between two moments."""

    key: int
    # None for a product that is buried.
    place: int | None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    # The query as staff wrote it.
    words: str = ""

    def holds(self, now: datetime) -> bool:
        return is_in_force(self, now)


class Placements(NamedTuple):
    """The primary keys of products that staff placed for one query: those that are pinned, with their places
    from 1, by place and the earlier made first; and those that are buried.
    """

    pins: tuple[tuple[int, int], ...] = ()
    buried: tuple[int, ...] = ()


NOTHING_PLACED = Placements()


@dataclass(frozen=True)
class Curation:
    """All synonyms, placements, rules and redirects. ``synonyms`` maps the stems of a phrase to its other
    names; ``by_query`` and ``redirects`` have the stems of a query as keys.
    """

    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    by_query: Mapping[str, tuple[Placement, ...]] = field(default_factory=dict)
    rules: tuple[TimedRule, ...] = ()
    redirects: Mapping[str, TimedRedirect] = field(default_factory=dict)

    def words_of(self, typed: str, corrected: str, now: datetime) -> str:
        """The words that placements, rules and redirects are looked up by: the first that one in force is for
        of those that were ``typed``, their other forms, and the ``corrected`` ones that are answered instead.
        """
        for text in (typed, corrected) if corrected else (typed,):
            others = self._forms.get(form_key(text), ()) if self._forms else ()
            if found := next((words for words in (text, *others) if self._has_entry(words, now)), ""):
                return found
        return corrected or typed

    @cached_property
    def _forms(self) -> Mapping[str, tuple[str, ...]]:
        """The queries that staff have something for, by their ``form_key``."""
        kept = {each.words for placements in self.by_query.values() for each in placements}
        kept |= {each.words for each in self.rules} | {each.words for each in self.redirects.values()}
        queries: dict[str, list[str]] = defaultdict(list)
        for words in sorted(kept - {""}):
            queries[form_key(words)].append(words)
        return {key: tuple(words) for key, words in queries.items()}

    def _has_entry(self, text: str, now: datetime) -> bool:
        key = query_key(text)
        entries: list[Timed] = [*self.by_query.get(key, ())]
        entries += [each for each in self.rules if each.query == key]
        entries += [self.redirects[key]] if key in self.redirects else []
        return any(is_in_force(each, now) for each in entries)

    def placements(self, text: str, now: datetime) -> Placements:
        """What is pinned and buried for this query."""
        if not self.by_query or not text:
            return NOTHING_PLACED
        placed = [each for each in self.by_query.get(query_key(text), ()) if each.holds(now)]
        return Placements(
            pins=tuple((each.key, each.place) for each in placed if each.place is not None),
            buried=tuple(sorted(each.key for each in placed if each.place is None)),
        )

    def rules_for(self, text: str, now: datetime) -> tuple[Rule, ...]:
        """The rules for this query and those for every one, in their order."""
        return rules.holding(self.rules, query_key(text), now) if self.rules else ()

    def of_query(self, text: str, now: datetime) -> Hashable:
        """Whatever of it may change the answer to this query: equal as long as the answer is."""
        synonyms = tuple(self.relevant_synonyms(text).items())
        return self.placements(text, now), self.rules_for(text, now), synonyms

    def redirect(self, text: str, now: datetime, *, typed: str = "") -> str:
        """The local path that this query leads to; "" for none. ``typed`` is what it corrects."""
        return redirects.target(
            self.redirects, text, now, typed=typed, asked=lambda words: self.words_of(words, "", now)
        )

    def relevant_synonyms(self, text: str) -> dict[str, tuple[str, ...]]:
        """Every synonym that a lexical index may apply to ``text``, and perhaps a few more.

        The index joins neighbouring words ("hand bag") and drops repeated ones, so phrases are looked for in
        the letters of the stems without blanks.
        """
        tokens = stems(text)
        letters = f"{''.join(tokens)} {''.join(dict.fromkeys(tokens))}"
        return {phrase: self.synonyms[phrase] for phrase, joined in self._joined if joined in letters}

    @cached_property
    def _joined(self) -> list[tuple[str, str]]:
        """Each phrase that has other names, and its letters: some hundred are looked for in every query."""
        return [(phrase, phrase.replace(" ", "")) for phrase in self.synonyms]

    def synonyms_in(self, text: str) -> dict[str, tuple[str, ...]]:
        """The phrases of ``text`` that have other names, with them."""
        written = f" {phrase_key(text)} "
        relevant = self.relevant_synonyms(text)
        return {phrase: others for phrase, others in relevant.items() if f" {phrase} " in written}


@lru_cache(maxsize=4096)
def form_key(text: str) -> str:
    """The same key for queries of the same words in any form of their language, as far as its words are
    listed: "rote Kleider" and "rotes Kleid". It is stored nowhere, so those lists may change.
    """
    for span in reversed(TRANSLATE_ALL.spans(text)):
        if span.meaning.kind is not Kind.LITTLE:
            text = f"{text[: span.start]}{span.meaning.base}{text[span.end :]}"
    return query_key(text)


def current() -> Curation:
    """The curation in force, at most a minute old.

    The caches hold only a stamp, which every change deletes: to read the rows is less work than to unpack
    them from a cache, and a process does either once for each stamp.
    """
    global _held
    stamp, held = cache.get(Curated.CACHE_KEY), _held
    if held is not None and held[0] == stamp:
        return held[1]
    if not isinstance(stamp, str):
        stamp = uuid4().hex
        # Before the rows are read: a change meanwhile deletes it, so that the next search reads them again.
        cache.set(Curated.CACHE_KEY, stamp, CACHE_SECONDS)
    loaded = _load()
    # The same object where nothing was changed: what was read by it stays.
    held = _held = (stamp, loaded if held is None or held[1] != loaded else held[1])
    return held[1]


_held: tuple[str, Curation] | None = None


def _load() -> Curation:
    return Curation(_synonyms(Synonym.objects.all()), _placements(), rules.load(), redirects.load())


def _synonyms(rows: Iterable[Synonym]) -> dict[str, tuple[str, ...]]:
    # A row of the table replaces the built-in entry of the same phrase.
    names = USUAL_NAMES | {row.key: tuple(row.phrases) for row in rows}
    back: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        for phrase in row.phrases if row.two_way else ():
            back[phrase_key(phrase)].append(row.term)
    return names | {key: (*names.get(key, ()), *terms) for key, terms in back.items() if key}


def _placements() -> dict[str, tuple[Placement, ...]]:
    by_query: dict[str, list[Placement]] = defaultdict(list)
    for row in CuratedPlacement.objects.all():
        place = row.position if row.kind == CuratedPlacement.Kind.PIN else None
        placement = Placement(row.product_id, place, row.starts_at, row.ends_at, row.query)
        by_query[row.key].append(placement)
    return {key: tuple(placements) for key, placements in by_query.items()}


def bonuses(keys: NDArray[np.int64], placements: Placements) -> NDArray[np.float32] | None:
    """The additions to the scores of candidates with primary ``keys`` (c,); None without placements. Pins
    lead in their order until they move to their places (``search.candidates.pinning``): so none is cut off,
    and each stands for its style.
    """
    if placements == NOTHING_PLACED:
        return None
    added = np.zeros(len(keys), np.float32)
    added[np.isin(keys, placements.buried)] = BURIED
    for number, (key, _place) in enumerate(placements.pins, start=1):
        added[keys == key] = PINNED - _PIN_STEP * min(number, _LAST_PIN)
    return added


def notes(
    keys: NDArray[np.int64],
    rows: NDArray[np.int64],
    text: str,
    *,
    placements: Placements,
    curation: Curation,
    lexical: LexicalIndex,
) -> dict[int, tuple[str, ...]]:
    """The effect of the curation on the cards of a page, by primary key; ``keys`` and ``rows`` are (h,)."""
    noted: dict[int, list[str]] = defaultdict(list)
    said = dict.fromkeys(placements.buried, _("Set back for this search"))
    said |= {key: _("Chosen for this search") for key, _place in placements.pins}
    for key in map(int, keys):
        if key in said:
            noted[key].append(said[key])
    for phrase, others in curation.synonyms_in(text).items():
        for other in others:
            named = lexical.says(rows, other) & ~lexical.says(rows, phrase)
            for key in map(int, keys[named]):
                note = _("Also called %(name)s") % {"name": other}
                noted[key] = [*noted[key], note] if note not in noted[key] else noted[key]
    return {key: tuple(each) for key, each in noted.items()}
