"""Numbers as texts: which mark stands before the fraction is decided by a whole column, not by one value."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

_SPACES = " \u00a0\u2009\u202f"
_QUOTES = "'’`´\u066c"
_GROUP = rf"[{_SPACES}{_QUOTES}]"
# A mark after a letter or a slash belongs to an abbreviation: "Rs.500", "S/.12".
_NUMBER = re.compile(rf"(?:[-−]\s?)?(?:(?<![\w/])[.,])?\d(?:[\d.,]|{_GROUP}(?=\d))*")
_PLAIN = re.compile(r"\d+")
_BY_SPACES = re.compile(rf"\d{{1,3}}(?:({_GROUP})\d{{3}})(?:\1\d{{3}})*")
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_TAIL = re.compile(r"\s?[-–—]+(?=\s|$)")
_ROUND = re.compile(r"([.,])\s?[-–—]+$")
_FORMATS = {"\u066b": ".", "\u200e": "", "\u200f": "", "\u061c": "", "−": "-"}


class NotANumber(ValueError):
    """A text that is not one number."""


class TwoReadings(ValueError):
    """A number such as 1.234 where nothing decides whether the mark separates thousands."""


@dataclass
class Evidence:
    """What the values of one column tell about its decimal mark."""

    marks: Counter[str] = field(default_factory=Counter)
    undecided: int = 0
    example: str = ""

    def add(self, text: str) -> None:
        for number in numbers_in(normalised(text)):
            mark = _certain_mark(number)
            if mark:
                self.marks[mark] += 1
            elif mark is None:
                self.undecided += 1
                self.example = self.example or text.strip()[:40]

    @property
    def decimal(self) -> str:
        """The decimal mark of the column, "" where it has none for sure, or both."""
        return next(iter(self.marks)) if len(self.marks) == 1 else ""


def normalised(text: str) -> str:
    """With ASCII digits, points for Arabic decimal marks, and without marks of writing direction."""
    return text if text.isascii() else "".join(map(_normalised, text))


def _normalised(char: str) -> str:
    digit = unicodedata.decimal(char, None)
    return _FORMATS.get(char, char) if digit is None else str(digit)


def numbers_in(text: str) -> list[str]:
    """Every number in a normalised text, with the dash that stands for no fraction: "1'250.-"."""
    return [text[start:end] for start, end in spans(text)]


def spans(text: str) -> list[tuple[int, int]]:
    found = []
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        tail = _TAIL.match(text, end) if text[end - 1] in ".," else None
        found.append((start, tail.end() if tail else end))
    return found


def number_of(text: str, decimal: str, *, fraction_digits: int = 2) -> Decimal:
    """The number that ``text`` (one of numbers_in) states.

    ``decimal`` is the mark of its column, "" where that is not known. ``fraction_digits`` 0 or 3 says that a
    mark before three digits cannot, or must, begin a fraction. Raises NotANumber and TwoReadings.
    """
    sign, digits = _sign(text)
    mark = _certain_mark(text)
    if mark is None:
        if fraction_digits == 0 and decimal and decimal in digits:
            raise TwoReadings(digits)  # the column says a fraction, the currency that it has none
        mark = decimal or _by_digits(digits, fraction_digits)
    before, has_fraction, fraction = digits.rpartition(mark) if mark else ("", "", digits)
    if not has_fraction:
        return sign * Decimal(_whole(digits, mark))
    if mark in before:
        raise NotANumber(text)
    return sign * Decimal(f"{_whole(before, mark) or '0'}.{fraction}")


def _sign(text: str) -> tuple[int, str]:
    text = text.strip()
    sign = -1 if text.startswith(("-", "−")) else 1
    return sign, _ROUND.sub("", text.lstrip("-−").strip()).rstrip(".,")


def _certain_mark(text: str) -> str | None:
    """The decimal mark that a number shows by itself, "" where it has no fraction, None where undecided."""
    stated = text.strip()
    rounded = _ROUND.search(stated)
    if rounded:
        return rounded.group(1)
    digits = stated.lstrip("-−").strip().rstrip(".,")
    marks = [char for char in digits if char in ".,"]
    if not marks:
        return ""
    last = marks[-1]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return "," if last == "." else "."
    before, _mark, after = digits.partition(last)
    if len(after) != 3 or not before or before == "0" or len(before) > 3:
        return last
    return None


def _by_digits(digits: str, fraction_digits: int) -> str:
    mark = "." if "." in digits else ","
    other = "," if mark == "." else "."
    if fraction_digits == 0:
        return other
    # Where three decimals are the rule, shops write them with a point; a comma may still be either.
    if fraction_digits == 3 and mark == ".":
        return mark
    raise TwoReadings(digits)


def _whole(text: str, decimal: str) -> str:
    """The digits of a whole number, whose groups are checked."""
    if not text or _PLAIN.fullmatch(text):
        return text
    if _BY_SPACES.fullmatch(text):
        return re.sub(r"\D", "", text)
    for mark in ".,":
        if mark != decimal and re.fullmatch(rf"\d{{1,3}}(?:\{mark}\d{{3}})+", text):
            return text.replace(mark, "")
    if decimal != "," and _INDIAN.fullmatch(text):
        return text.replace(",", "")
    raise NotANumber(text)
