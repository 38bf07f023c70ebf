"""The sizes that a text states, one or several, and the values of the catalogue that they mean."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

from search.language.lexicon import ALL_ALTERNATIVES, ALL_BOUNDARIES, ALL_INS, ALL_JOINERS, phrases
from search.language.patterns import NO_UNIT, SIZE_SYSTEMS, any_of, lowered, range_words
from search.language.wording import ages

_SYSTEMS = frozenset(SIZE_SYSTEMS)
_SYSTEM = any_of(SIZE_SYSTEMS)
_PART = re.compile(r"\d+(?:[.,]\d+|\s\d/\d)?|[^\W\d_]+")
_WORDS = {word: name[0] for name in ("small", "medium", "large") for word in phrases("readings", name)}
_EXTRA = rf"(?:{any_of(phrases('readings', 'extra'))}|x{{1,4}})[\s-]"
_WORDED = re.compile(rf"\b({_EXTRA})?({any_of(_WORDS)})\b")
# "2XL" is "XXL".
_SHORT = re.compile(r"(?<!\d)([2-6])\s?x([sl])\b")
_LETTERS = re.compile(r"(x*)([sml])")
_PLAIN = re.compile(rf"(?:({_SYSTEM})\s?)?(\d+(?:[.,]\d+)?)(?:\s(\d)/(\d))?(?:\s?({_SYSTEM}))?")
_INCHES = re.compile(r"w\s?(\d{2})(?:\s?[/x-]?\s?l\s?(\d{2}))?|(\d{2})\s?x\s?(\d{2})")

_NUMBER = r"\d{1,3}(?:[.,]5|/\d{1,3}|\s\d/\d)?"
# "UK 9" and "XL" are sizes wherever they stand; "M" and "9" only beside a word for size.
_WORDY = rf"{_EXTRA}(?:{any_of(_WORDS)})"
_SURE = (
    rf"{ages.AGE}(?!\w)|{_NUMBER}\s?(?:{_SYSTEM})(?!\w)|(?:{_SYSTEM})\s?{_NUMBER}|{_WORDY}"
    rf"|w\s?\d{{2}}(?:\s?[/x-]?\s?l\s?\d{{2}})?|x{{1,4}}[sl]|[2-6]xl"
)
_LETTER = rf"(?:{any_of(_WORDS)}|[sml])"
# Atomic, and few in one list: a long text of sizes must not be read in every possible way.
_NAME = rf"(?<!\w)(?>{_SURE}|{_NUMBER}|{_LETTER})(?![\w'\u2019])"
_WORD = rf"(?:{any_of(phrases('readings', 'size'))})"
_HIGHS = frozenset(range_words()) - ALL_JOINERS - {"-"}
_DASH = r"\s?[-\u2013]\s?"
_TO = rf"\s(?:{any_of(sorted(_HIGHS))})\s"
_OR = rf"(?:\s?[,/]\s?|,?\s(?:{any_of(sorted(ALL_JOINERS))})\s)(?:{_WORD}\s)?"
_EITHER = rf"(?:\s?/\s?|\s(?:{any_of(sorted(ALL_ALTERNATIVES))})\s)"
_MORE = rf"(?:\s?\+|\s(?:{any_of(phrases('readings', 'larger'))})\b)"
_LESS = rf"\s(?:{any_of(phrases('readings', 'smaller'))})\b"
_END = rf"(?:{_MORE}|{_LESS})?(?![\w-])"
_LIST = rf"{_NAME}(?:(?:{_DASH}|{_TO}|{_OR}){_NAME}){{0,9}}{_END}"
# "Boots in 39", but not "in 3 colours".
_ENDS = rf"(?=\s*(?:$|[,;.!?]|\b(?:{any_of(sorted(ALL_BOUNDARIES))})\b))"
_STATED = re.compile(
    rf"\b{_WORD}\s*:?\s?(?P<worded>{_LIST})"
    rf"|(?<![\w.'\u2019-])(?P<leading>{_LIST})\s+(?:{any_of(phrases('readings', 'size_after'))})\b"
    rf"|(?<![\w.'\u2019-])(?P<sure>(?=(?:{_SURE})(?!\w)){_LIST}"
    rf"|(?:{_LETTER}{_EITHER}){{1,9}}(?:{_SURE}|{_LETTER})(?!['\u2019]){_END})"
    rf"|\b(?:{any_of(sorted(ALL_INS))})\s(?P<placed>{_NAME}(?:{_EITHER}{_NAME}){{0,9}}){_ENDS}"
    rf"|(?<![\w.,'\u2019-])(?P<span>\d{{2}}(?:{_DASH}|\s?[/x]\s?)\d{{2}})(?![\w-]|[.,]\d)"
)
# Sizes wherever they stand, whatever the catalogue has; "extra large" may describe a bag.
_ONLY_A_SIZE = re.compile(rf"{_NUMBER}\s?(?:{_SYSTEM})|(?:{_SYSTEM})\s?{_NUMBER}|x{{1,4}}[sl]|[2-6]xl")
_BEHIND = re.compile(NO_UNIT)
_EACH, _RANGE = re.compile(_NAME), re.compile(rf"{_DASH}|{_TO}")
_UPWARDS, _DOWNWARDS = re.compile(rf"{_MORE}$"), re.compile(rf"{_LESS}$")


@dataclass(frozen=True)
class Size:
    """The values that the characters from ``start`` to ``end`` name; ``label`` is the one on the chip."""

    label: str
    values: tuple[str, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Sizes:
    """Sizes that a text states together, as alternatives, with the characters of the whole statement."""

    each: tuple[Size, ...]
    start: int
    end: int


@dataclass(frozen=True)
class _Place:
    """Where a size stands among those of its kind; ``system`` is that of the number, or ""."""

    is_number: bool
    system: str
    at: float


def stated(text: str, values: Collection[str]) -> Iterator[Sizes]:
    """The sizes of a text in lower case that the catalogue has, whose sizes are ``values``."""
    if not values:
        return
    for match in _STATED.finditer(text):
        kind = match.lastgroup or ""
        if kind == "sure" and ages.are_from_one_on(text, *match.span(kind)):
            continue
        found = list(_each(text, *match.span(kind), values))
        # Without a word for size a pair of numbers is one only as the catalogue writes it: "39-42 socks".
        if kind == "span" and not (found and named(match[kind], values)):
            continue
        if found:
            first, *others = found
            opened = Size(first.label, first.values, match.start(), first.end)
            yield Sizes((opened, *others), *match.span())


def not_sold(text: str, values: Collection[str]) -> Iterator[Size]:
    """The sizes that a text surely states and the catalogue has none of; ``values`` are those that it has."""
    lower = lowered(text)
    for match in _STATED.finditer(lower):
        kind = match.lastgroup or ""
        start, end = match.span(kind)
        is_sure = kind in ("worded", "leading") or (
            kind == "sure"
            and (bool(_ONLY_A_SIZE.fullmatch(lower, start, end)) or ages.is_of_thing(lower, start, end))
        )
        if is_sure and _BEHIND.match(lower, match.end()) and not any(_each(lower, start, end, values)):
            yield Size(text[start:end], (), *match.span())


def named(name: str, values: Collection[str]) -> tuple[str, ...]:
    """The values that a shopper means by ``name``: "41" is "EU 41" too, the exact one first."""
    for parts in _meanings(name.casefold(), values):
        if found := sorted((_parts(value) != parts, value) for value in values if _is_of(parts, value)):
            return tuple(value for _is_other, value in found)
    return ()


def _is_of(parts: frozenset[str], value: str) -> bool:
    """Whether a value has all of these; "size 12" is for nobody of 12 months."""
    others = _parts(value)
    return parts <= others and (ages.MONTHS in parts or ages.MONTHS not in others)


def _each(text: str, start: int, end: int, values: Collection[str]) -> Iterator[Size]:
    """The alternatives between two offsets that the catalogue has."""
    stated = text[start:end]
    if meant := named(stated, values):
        yield Size(meant[0], meant, start, end)
        return
    names = list(_EACH.finditer(text, start, end))
    at = 0
    while at < len(names):
        first = last = names[at]
        at += 1
        if at < len(names) and _RANGE.fullmatch(text, first.end(), names[at].start()):
            last, at = names[at], at + 1
        is_last = at == len(names)
        yield from _one(first, last, end if is_last else last.end(), stated if is_last else "", values)


def _one(
    first: re.Match[str], last: re.Match[str], end: int, tail: str, values: Collection[str]
) -> Iterator[Size]:
    """One size, or those from ``first`` to ``last``, or those from it on that ``tail`` asks for."""
    if first is not last:
        meant = between(first.group(), last.group(), values)
    elif _UPWARDS.search(tail):
        meant = between(first.group(), "", values)
    elif _DOWNWARDS.search(tail):
        meant = between("", first.group(), values)
    else:
        meant = named(first.group(), values)
        for part in () if meant else first.group().split("/"):
            if found := named(part, values):
                yield Size(found[0], found, first.start(), end)
        if meant:
            yield Size(meant[0], meant, first.start(), end)
        return
    if meant:
        label = meant[0] if len(meant) == 1 else f"{meant[0]} \u2013 {meant[-1]}"
        yield Size(label, meant, first.start(), end)


def between(low: str, high: str, values: Collection[str]) -> tuple[str, ...]:
    """The values from one size to another, in order; "" is no limit."""
    limits = [place for name in (low, high) if name and (place := _place(name))]
    if len(limits) < bool(low) + bool(high):
        return ()
    system = next((each.system for each in limits if each.system), "")
    found = sorted(
        (place.at, value)
        for value in values
        if (place := _place(value.casefold()))
        and place.is_number is limits[0].is_number
        and (not system or place.system == system or not _has_systems(values))
    )
    least = limits[0].at if low else float("-inf")
    most = limits[-1].at if high else float("inf")
    least, most = sorted((least, most))
    return tuple(value for at, value in found if least <= at <= most)


def _place(size: str) -> _Place | None:
    if match := _LETTERS.fullmatch(_long(size)):
        width = len(match[1])
        return _Place(is_number=False, system="", at={"s": -1 - width, "m": 0, "l": 1 + width}[match[2]])
    if match := _PLAIN.fullmatch(size):
        part = int(match[3]) / int(match[4]) if match[3] and int(match[4]) else 0
        return _Place(
            is_number=True, system=match[1] or match[5] or "", at=float(match[2].replace(",", ".")) + part
        )
    return None


def _meanings(name: str, values: Collection[str]) -> Iterator[frozenset[str]]:
    """The parts of a size, then those that a catalogue may leave out: "EU" where no value has a system, "W"
    and "L" before inches, and the length of the legs.
    """
    parts = _parts(name)
    yield parts
    if parts & _SYSTEMS and parts - _SYSTEMS and not _has_systems(values):
        yield parts - _SYSTEMS
    if inches := _INCHES.fullmatch(name.strip()):
        width, *length = filter(None, inches.groups())
        yield frozenset([width, *length])
        # "30 x 40" measures a bag.
        if inches[1]:
            yield frozenset([width])


def _has_systems(values: Collection[str]) -> bool:
    return any(_SYSTEMS & _parts(value) for value in values)


def _long(size: str) -> str:
    short = _WORDED.sub(lambda match: f"{_extra(match[1])}{_WORDS[match[2]]}", size)
    return _SHORT.sub(lambda match: int(match[1]) * "x" + match[2], short)


def _extra(word: str | None) -> str:
    """The letters for "extra-" or "xx-" before a size in words."""
    return "x" * max(word.count("x"), 1) if word else ""


@lru_cache(maxsize=4096)
def _parts(size: str) -> frozenset[str]:
    """The words and numbers of a size; "36.5" and "36 2/3" are one number each, other than 36."""
    folded = size.casefold()
    parts = _PART.findall(_long(folded))
    return ages.parts_of(folded) or frozenset(part.replace(",", ".") for part in parts)
