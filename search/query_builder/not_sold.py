"""A thing that the words name and that the shop has none of: what is near to it does not match the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from search.engine import IndexSnapshot
from search.language.complements import complements, without_trailing
from search.language.languages import languages
from search.language.lexicon import (
    ALL_JOINERS,
    ANY_THING,
    BROADER_NAMES,
    ENSEMBLES,
    FEATURES,
    GARMENTS,
    USUAL_NAMES,
    WITHIN,
)
from search.language.tokens import STOP_WORDS, phrase_key, stem, words
from search.language.translation import Span
from search.language.wording.compounds import is_one_thing
from search.lexical.terms import Synonyms
from search.ranking.kind_names import named_as

# The stems of names that say which thing is meant, as "outfit" and "accessories" do not.
_THINGS = (GARMENTS | WITHIN.keys()) - ANY_THING
_SHORTEST_PART = 3


def thing_not_sold(text: str, snapshot: IndexSnapshot, synonyms: Synonyms) -> str:
    """The name of a thing that ``text`` asks for, "lipstick" of "red lipstick for her", where nothing has
    that name or another one for it, in English or another language of queries; "" otherwise.
    """
    every = words(text)
    asked = [word for word in every[: next(complements(every), len(every))] if word not in ENSEMBLES]
    core = without_trailing(asked)
    if core and core[-1] in FEATURES:
        return ""
    # Of several things one that the shop has is an answer.
    names = [_name(part) for part in _parts(core)]
    if not names or any(not name or _is_sold(name, snapshot, synonyms) for name in names):
        return ""
    return names[-1]


def _parts(core: Sequence[str]) -> list[list[str]]:
    """What stands between "and" or "or"."""
    parts = (
        list(part) for is_joiner, part in groupby(core, lambda word: word in ALL_JOINERS) if not is_joiner
    )
    return [part for part in parts if part]


def _name(core: Sequence[str]) -> str:
    """The longest name of a thing that the words end on, as a "bathing suit" is no suit; "" for none."""
    starts = (at for at, word in enumerate(core) if word not in STOP_WORDS)
    return next((each for at in starts if _is_thing(each := " ".join(core[at:]))), "")


def as_typed(name: str, text: str, spans: Iterable[Span]) -> str:
    """A name in words of a query, as the shopper typed it in ``text`` or in another language (``spans``)."""
    key = phrase_key(name)
    # "Nagellack" is said with "polish" as the name of the thing.
    translated = (
        text[span.start : span.end]
        for span in spans
        if f" {phrase_key(span.meaning.english)}".endswith(f" {key}")
    )
    found = re.search(r"\W+".join(map(re.escape, name.split())), text, re.IGNORECASE)
    return next(translated, found.group() if found else name)


def _is_thing(name: str) -> bool:
    key, parts = phrase_key(name), name.split()
    if len(parts) == 2 and is_one_thing(*parts):
        return True
    return key in USUAL_NAMES or key in BROADER_NAMES or (" " not in name and stem(name) in _THINGS)


def _is_sold(name: str, snapshot: IndexSnapshot, synonyms: Synonyms) -> bool:
    return any(_is_called(each, snapshot, synonyms) for each in _spellings(name))


def _spellings(name: str) -> set[str]:
    """A name as one word and as two, where both may be written: "waistcoat" and "waist coat"."""
    word = name.replace(" ", "")
    is_compound = word == name or is_one_thing(*name.split(" ", 1))
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1) if is_compound else ()
    parted = {f"{word[:cut]} {word[cut:]}" for cut in cuts if stem(word[cut:]) in _THINGS}
    return {name, word} | parted if is_compound else {name}


def _is_called(name: str, snapshot: IndexSnapshot, synonyms: Synonyms) -> bool:
    if named_as(name, snapshot.categories, synonyms)[1] is not None:
        return True
    key = phrase_key(name)
    others = (*synonyms.get(key, ()), *USUAL_NAMES.get(key, ()), *_foreign(name))
    # "Bikini briefs" are said to be no bikini, and yet something is called so.
    is_said = any(snapshot.lexical.written(word) for word in (name, stem(name)))
    return is_said or any(len(snapshot.lexical.rows_with(each)) for each in (name, *others))


def _foreign(name: str) -> set[str]:
    """What the name is in the other languages, in their every form: a German shop has a Lippenstift."""
    key = phrase_key(name)
    return {
        word
        for language in languages()
        for word, meaning in language.words.items()
        if phrase_key(meaning.english) == key
    }
