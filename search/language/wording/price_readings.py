"""The prices that a text states, with what they are called beside their limits: "price under 50"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from search.language.lexicon import phrases
from search.language.numerals import prices
from search.language.parsed_query import Readings
from search.language.patterns import CHEAPER, PRICE_NAMES, any_of, lowered

# "Fisher-Price" is a name of something else.
_BEFORE = re.compile(rf"(?<![\w-])(?:{PRICE_NAMES})\s*[:=]?\s*$")
_BEHIND = re.compile(rf"\s*\b(?:{any_of(phrases('prices', 'named_behind'))})\b")
# More before a limit holds no name of a price.
_LONGEST = 60
# In the place of each letter of a name: no price stands within a word.
_NAME = "_"


class PriceReadings(Readings):
    """Reads the prices of a text."""

    def __init__(self, text: str, ignore: Sequence[str]) -> None:
        super().__init__(text, ignore)
        self._priced: list[tuple[int, int]] = []
        self._names: Sequence[tuple[int, int]] = ()

    def parse_prices(self, decimals: int, names: Sequence[tuple[int, int]] = ()) -> None:
        """The characters of ``names`` state no part of a price, as in the brand "Grand Prix"."""
        self._names = names
        for price in prices(self._without_names(), decimals):
            for name, limit in (("price_min", price.low), ("price_max", price.high)):
                if limit is not None and self._add_chip(name, str(limit), price.start, price.end):
                    self._limits[name] = limit
            self._blank(price.start, price.end)
            self._priced.append((price.start, price.end))

    def parse_cheaper(self, price: Decimal | None, decimals: int) -> None:
        """ "cheaper" beside a product's picture: below its own price, by the smallest step of prices."""
        match = CHEAPER.search(lowered(self._text)) if price else None
        below = price - Decimal(1).scaleb(-decimals) if price else Decimal(0)
        if match and below > 0:
            if self._add_chip("price_max", str(below), *match.span()):
                self._limits["price_max"] = below
            self._blank(*match.span())

    def blank_price_names(self) -> None:
        """What is left of "price under 50"; not of "lowest price, under 50", which asks for an order."""
        for start, end in self._priced:
            for name in list(_names_beside(lowered(self._without_names()), start, end)):
                self._blank(*name)

    def _without_names(self) -> str:
        text = self._text
        for start, end in self._names:
            text = f"{text[:start]}{_NAME * (end - start)}{text[end:]}"
        return text


def _names_beside(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The offsets of what names a price, with its limits from ``start`` to ``end`` of a lower-case text."""
    if before := _BEFORE.search(text, max(0, start - _LONGEST), start):
        yield before.span()
    if behind := _BEHIND.match(text, end):
        yield behind.span()
