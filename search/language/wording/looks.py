"""Shades and patterns that a catalogue calls by other names: its Sky blue is "light blue", its Polka dot
"spotted".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from search.language.lexicon import CLEAR_SHADES, GRADED_SHADES, PATTERN_NAMES
from search.language.tokens import stem, stems

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
