"""Shades and patterns that a catalogue calls by other names: its Sky blue is "light blue", its Polka dot
"spotted".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from search.language.languages import Kind, Language, languages
from search.language.lexicon import CLEAR_SHADES, GRADED_SHADES, PATTERN_NAMES, SHADES, SHADING
from search.language.tokens import folded_words, stem, stems

# Stems of what a shopper says -> the catalogue's values.
Named = Mapping[tuple[str, ...], tuple[str, ...]]


def graded(colours: Sequence[str]) -> Named:
    """A grade and a colour, as in "dark blue" -> the values for it: those that say so and those with a name
    of their own. Where no value is called exactly so, the whole colour follows: a shop may call such things
    no more than blue. None where it would be that alone.
    """
    return {
        (stem(grade), stem(colour)): found
        for grades, colour, shades in GRADED_SHADES
        for grade in grades
        if (found := _values(colours, grades, colour, shades, called=grade))
    }


def alike(colours: Sequence[str]) -> Named:
    """A shade that no value has, alone or with its colour -> the values of those that are nearly the same and
    the whole colour: Burgundy and Red for "maroon" and "wine red".
    """
    held = {part for value in colours for part in stems(value)}
    found: dict[tuple[str, ...], tuple[str, ...]] = {}
    for grades, colour, shades in GRADED_SHADES:
        pair, alone = (_values(colours, each, colour, shades) for each in (grades, ()))
        for shade in shades:
            if stem(shade) in held:
                continue
            found |= {(stem(shade), stem(colour)): pair} if pair else {}
            found |= {(stem(shade),): alone} if alone and shade in CLEAR_SHADES else {}
    return found


def _values(
    colours: Sequence[str], grades: Sequence[str], colour: str, shades: Sequence[str], called: str = ""
) -> tuple[str, ...]:
    whole = {stem(colour)}
    listed, of_grade = set(map(stem, shades)), set(map(stem, grades))
    held = {value: set(stems(value)) for value in colours}
    found = tuple(
        value
        for value, parts in held.items()
        if parts - whole <= listed | of_grade and (parts & listed or (parts & of_grade and whole < parts))
    )
    if not found or whole | {stem(called)} in held.values():
        return found
    return (*found, *(value for value, parts in held.items() if parts == whole))


def inflected(values: Mapping[str, Sequence[str]]) -> dict[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Every form of the values of each field that are adjectives -> the field and the value."""
    return {
        (form,): ((name, value),) for name, of in values.items() for value in of for form in forms_of(value)
    }


def forms_of(value: str) -> frozenset[str]:
    """The stems of all forms of an adjective that is a value in a language of queries: "rote", "roter" and
    "roten" for Rot, of which the English stemmer knows few.
    """
    words = folded_words(value)
    forms = {form for each in languages() if len(words) == 1 for form in _forms(each, words[0])}
    return frozenset(map(stem, forms))


def native(colours: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """The stems of a whole colour that the catalogue calls by its own language -> the values that are it or
    lighter: Blau and Hellblau for "blau".
    """
    found: dict[str, tuple[str, ...]] = {}
    for language in languages():
        parts = {value: _in_english(language, value) for value in colours}
        for colour in SHADES:
            own = {stem(colour)}
            named = tuple(value for value in colours if parts[value] - SHADING == own)
            found |= {form: named for value in named if parts[value] == own for form in forms_of(value) - own}
    return found


def _in_english(language: Language, value: str) -> set[str]:
    """The stems of the English of a colour; none where a word of it is no adjective of the language."""
    meanings = [language.look_up([word]) for word in folded_words(value)]
    adjectives = [each.english for each in meanings if each is not None and each.kind is Kind.ADJECTIVE]
    return set(stems(" ".join(adjectives))) if len(adjectives) == len(meanings) else set()


def _forms(language: Language, word: str) -> Iterator[str]:
    """The forms of an adjective; of a compound those of the adjective that ends it."""
    adjectives = _adjectives(language)
    for cut in range(len(word)) if language.prefixes else (0,):
        if forms := adjectives.get(word[cut:]):
            yield from (word[:cut] + form for form in forms)
            return


@cache
def _adjectives(language: Language) -> Mapping[str, Sequence[str]]:
    """Each form of an adjective -> all its forms."""
    forms: dict[str, list[str]] = {}
    bases = {form: each.base for form, each in language.words.items() if each.kind is Kind.ADJECTIVE}
    for form, base in bases.items():
        forms.setdefault(base, []).append(form)
    return {form: forms[base] for form, base in bases.items()}


def patterns(values: Sequence[str]) -> Named:
    """Every name of a pattern that is no value itself -> the values that are called like it."""
    keys = {value: tuple(stems(value)) for value in values}
    return {
        name: found
        for names in PATTERN_NAMES
        if (found := tuple(value for value, key in keys.items() if _is_one_of(key, names)))
        for name in names
        if name not in keys.values()
    }


def _is_one_of(key: Sequence[str], names: Sequence[Sequence[str]]) -> bool:
    return any(set(name) <= set(key) for name in names)


def first_of(named: Named, key: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """How many of the stems, the most first, have values, and these; (0, ()) for none."""
    return next(_found(named, key), (0, ()))


def _found(named: Named, key: Sequence[str]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for width in range(len(key), 0, -1):
        if values := named.get(tuple(key[:width])):
            yield width, values
