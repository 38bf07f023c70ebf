"""The English words that the parser reads, from ``data/en.toml``: negations, genders, garments, ...."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from catalog.sources import colour_families
from search.language.languages import ENGLISH, Kind, codes, data, languages
from search.language.tokens import fold, phrase_key, stem, stems, words

_ENGLISH = data(ENGLISH)


def _listed(name: str) -> frozenset[str]:
    return frozenset(_ENGLISH["lists"][name].split())


def _stems(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in _listed(name))


NEGATORS = _listed("negators")
AFTER_NO, AFTER_NO_AMOUNTS, AFTER_NOT = map(_listed, ("after_no", "after_no_amounts", "after_not"))
BEFORE_NUMBERS = _listed("before_numbers")
LACKING_IT, AFTER_FREE = _listed("lacking_it"), _listed("after_free")
REPEATED_NEGATORS = _listed("repeated_negators")
TRAILING_NEGATORS, TO_NEGATIONS = _listed("trailing_negators"), _listed("to_negations")
# Several words that negate together, the longest first.
NEGATIONS = sorted((tuple(each.split()) for each in _ENGLISH["phrases"]["negations"]), key=len, reverse=True)
NEGATING = NEGATORS.union(*NEGATIONS)
ALTERNATIVES = _listed("alternatives")
JOINERS = _listed("joiners")
DEGREES, AMOUNTS = _listed("degrees"), _listed("amounts")
FILLERS = _listed("fillers") | DEGREES
BOUNDARIES = _listed("boundaries")
RECIPIENTS, BEFORE_RECIPIENTS = _listed("recipients"), _listed("before_recipients")
ONLY_AFTER_FOR = _listed("only_after_for")
DESCRIBING = _stems("describing")
GARMENTS, GARMENT_NAMES = _stems("garments"), _listed("garments")
NO_GARMENT = _listed("no_garment")
COMPLEMENTS, MATCHING = _listed("complements"), _listed("matching")
STATEMENTS, COMPANIONS = _listed("statements"), _listed("companions")
HEIGHTS, REACHES, ENSEMBLES = map(_listed, ("heights", "reaches", "ensembles"))
ATTACHED, IDIOMS, MEASURES = _listed("attached"), _listed("idioms"), _listed("measures")
TRAILING = _listed("trailing") | _listed("describing")
# Phrases that lead to what is looked for, the longest first.
WISHES = sorted((tuple(each.split()) for each in _ENGLISH["phrases"]["wishes"]), key=len, reverse=True)
ARTICLES = frozenset(_ENGLISH["phrases"]["articles"])
PARTS, PATTERNED, IMITATING = _listed("parts"), _listed("patterned"), _listed("imitating")
# Stems of what a number may count.
COUNTED = frozenset(map(stem, PARTS)) | _stems("counted")
FEATURES = PARTS | _listed("features") | frozenset(_ENGLISH["phrases"]["features"])
ASIDES, SHADING = _listed("asides"), _stems("shading")
ANY_THING, OF_NO_KIND = _stems("any_thing"), _stems("of_no_kind")
# How light or dark a colour is.
GRADES = SHADING | {stem("dark"), stem("deep")}
# The stem of a word for people, of a relative or friend, and of who may be a child -> the gender.
_ENGLISH_GENDERS, KIN, YOUNG_KIN = (
    {stem(word): gender for gender, words in _ENGLISH[name].items() for word in words.split()}
    for name in ("genders", "kin", "young")
)
# With the words of the other languages: a Spanish shop's "zapatos de hombre" are not translated.
GENDER_OF = {
    stem(fold(word)): gender
    for language in reversed(languages())
    for words, english in data(language.code)["whom"].items()
    for word in words.split("|")
    if (gender := _ENGLISH_GENDERS.get(stem(english))) and fold(word) not in language.homographs
} | _ENGLISH_GENDERS
# An adjective that excludes nothing -> what to ask for instead; "" for nothing.
OPPOSITES: dict[str, str] = dict.fromkeys(TASTES := _listed("tastes"), "") | _ENGLISH["opposites"]
LACKING = {phrase_key(thing): words for thing, words in _ENGLISH["lacking"].items()}


def _commas(listed: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in listed.split(",") if each.strip())


def _names(place: int) -> dict[str, tuple[str, ...]]:
    """The stems of each everyday name -> what stands at a place of its entry, between semicolons."""
    return {
        phrase_key(name): tuple(
            each for each in _commas(parts[place]) if phrase_key(each) != phrase_key(name)
        )
        for everyday, usual in _ENGLISH["names"].items()
        for name in _commas(everyday)
        if len(parts := usual.split(";")) > place
    }


# The stems of an everyday name -> the names that shops sort such things under, the most likely first, and the
# names of broader kinds.
USUAL_NAMES, BROADER_NAMES = _names(0), _names(1)
# The stem of a thing -> the steps of a category path that it is surely within.
WITHIN = {
    stem(thing): _commas(steps) for things, steps in _ENGLISH["within"].items() for thing in _commas(things)
}


def _needs(section: str) -> dict[frozenset[str], tuple[str, ...]]:
    return {
        frozenset(stems(cue)): _commas(things)
        for cues, things in _ENGLISH[section].items()
        for cue in _commas(cues)
    }


# The stems of the words that state a need together -> the names of things that serve it; and of a season.
NEEDS, SEASONS = _needs("needs"), _needs("seasons")
NEED_STEMS = frozenset().union(*NEEDS, *SEASONS)
# "Y-fronts" is one word to the tokenizer.
_NAME_WORDS = {
    word
    for everyday in _ENGLISH["names"]
    for word in (*re.findall("[a-z]{3,}", everyday), *words(everyday))
    if len(word) > 2
}
# A colour -> the shades that answer for it where a catalogue does not use its name.
SHADES = {
    family.casefold(): (family.casefold(), *shades) for family, shades in colour_families.SHADES.items()
}
# The stem of a shade of one word -> the stems of the colours that it is a shade of.
SHADE_OF = {
    stem(shade): {stem(colour) for colour, shades in SHADES.items() if shade in shades[1:]}
    for listed in SHADES.values()
    for shade in listed[1:]
    if " " not in shade
}
# For the light and the dark shades of each colour: the words for the grade, the colour, and their names.
GRADED_SHADES = [
    (tuple(sorted(_listed(f"{grade}_grades"))), colour, tuple(_ENGLISH[grade].get(colour, "").split()))
    for grade in ("light", "dark")
    for colour in SHADES
]
# The stems of the names of each pattern.
PATTERN_NAMES = [
    tuple(dict.fromkeys(tuple(stems(name)) for name in _commas(listed)))
    for listed in _ENGLISH["phrases"]["patterns"]
]
# Shades that mean a colour wherever they stand, and one colour only.
CLEAR_SHADES = _listed("clear_shades")
# The stem of a shade that is also a stone or a scent -> the stems of things that it is no colour of.
OTHER_MEANINGS = dict.fromkeys(_stems("stones"), _stems("jewels")) | dict.fromkeys(
    _stems("scents"), _stems("scented")
)
# A code that labels and hurried shoppers write -> the word it stands for.
ABBREVIATIONS: dict[str, str] = _ENGLISH["abbreviations"]
# English words of fashion as they are written: what a misspelt word may have meant, sold here or not.
FASHION_WORDS = _NAME_WORDS.union(*map(_listed, ("garments", "describing", "everyday")))
VALID_WORDS = GARMENTS | DESCRIBING | _ENGLISH_GENDERS.keys() | set(map(stem, FASHION_WORDS))

FUNCTION_WORDS = NEGATORS | TRAILING_NEGATORS | JOINERS | FILLERS | BOUNDARIES | RECIPIENTS

# Little words of the other languages that no English word equals. They are read wherever they stand, so that
# "Kleid ohne Muster" excludes in a German shop as well, where nothing is translated.
LITTLE_WORDS = {
    word: meaning.english
    for language in reversed(languages())
    for word, meaning in language.words.items()
    if meaning.kind is Kind.LITTLE and word not in language.homographs and meaning.english in FUNCTION_WORDS
}


def _with_little(name: str) -> frozenset[str]:
    """A list of words with those of every language that mean one of them."""
    listed = _listed(name)
    folded = {word for word, english in LITTLE_WORDS.items() if english in listed}
    # As they are written, "für" is no English "fur".
    written = {
        word
        for language in languages()
        for words, english in data(language.code)["little"].items()
        for word in words.split("|")
        if english in listed and not word.isascii()
    }
    return listed | folded | written


# Meaningless at the end of a text once the words that followed were cut out, and at its beginning.
DANGLING = _with_little("dangling")
LEADING = _with_little("leading")


def _in_any_language(listed: frozenset[str]) -> frozenset[str]:
    """These words with all that mean one of them, folded and as written, English words as well or not."""
    written = {
        word
        for language in languages()
        for words, english in data(language.code)["little"].items()
        for word in words.split("|")
        if english in listed
    }
    return listed | written | set(map(fold, written))


# What turns a limit of the price around, and what stands between two of them.
ALL_NEGATORS, ALL_ALTERNATIVES = _in_any_language(NEGATORS), _in_any_language(ALTERNATIVES)
ALL_JOINERS, ALL_BOUNDARIES = _in_any_language(JOINERS), _in_any_language(BOUNDARIES)
# Before the name of a maker, and in titles before what a product lacks.
ALL_MAKERS, ALL_LACKING = map(_in_any_language, map(frozenset, (["by", "from", "of"], ["non", "without"])))
# The Portuguese "no" is no "in" beside an English "no".
ALL_INS = _in_any_language(frozenset(["in"])) - ALL_NEGATORS


def phrases(section: str, name: str) -> tuple[str, ...]:
    """The phrases of all languages for one reading, folded and as written, the longest first."""
    written = {
        phrase.lower()
        for code in codes()
        for phrase in data(code).get(section, {}).get(name, ())
        if isinstance(phrase, str)
    }
    return tuple(sorted(written | set(map(fold, written)), key=lambda phrase: (-len(phrase), phrase)))


def _strings(listed: Iterable[object]) -> Iterator[str]:
    for each in listed:
        if isinstance(each, str):
            yield each
        elif isinstance(each, Iterable):
            yield from _strings(each)


# The words of what is said of prices, sizes and stock in any language: "unter", "taille", "maat".
READ_WORDS = frozenset(
    word
    for code in codes()
    for section in ("prices", "readings")
    for phrase in _strings(data(code).get(section, {}).values())
    for word in words(phrase)
)


def _written(code: str, name: str) -> frozenset[str]:
    """The phrases of one language by this name, folded and as written."""
    listed = [phrase.lower() for phrase in data(code).get("phrases", {}).get(name, ())]
    return frozenset([*listed, *map(fold, listed)])


def _openings(code: str) -> frozenset[str]:
    """With what is translated as "i want", unless it is an English word as well."""
    little = [word for words, english in data(code).get("little", {}).items() if english == "i want"
              for word in words.split("|")]  # fmt: skip
    return _written(code, "openings") | (frozenset(little) - frozenset(data(code).get("homographs", ())))


# What a request is wrapped in. By language: what it begins with, and the articles that go with that.
REQUESTS = tuple((_openings(code), _written(code, "articles")) for code in codes())
GREETINGS, CLOSINGS = phrases("phrases", "greetings"), phrases("phrases", "closings")
