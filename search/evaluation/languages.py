"""Queries in other languages, judged by what the catalogue states: ``data/languages.csv``.

A row asks for the same thing in every language and names the categories, colours and gender that are right.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog.display.cards import Card
from catalog.models import Product
from search.evaluation.metrics import DEPTH
from search.evaluation.queries import Split

_FILE = Path(__file__).parent / "data" / "languages.csv"
_LABELS = ("kinds", "colour", "gender")
_UNISEX = "unisex"


@dataclass(frozen=True)
class LabelledQuery:
    """A text in one language; the values that are right per field, casefolded, () where any is."""

    language: str
    text: str
    kinds: tuple[str, ...]
    colours: tuple[str, ...]
    genders: tuple[str, ...]

    def is_met_by(self, product: Product | Card) -> bool:
        pairs = (
            (product.category, self.kinds),
            (product.colour, self.colours),
            (product.gender, self.genders),
        )
        return all(not wanted or value.casefold() in wanted for value, wanted in pairs)


def labelled_queries(split: Split = Split.ALL) -> list[LabelledQuery]:
    """The queries of all languages, or of every other row."""
    with _FILE.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    if split is not Split.ALL:
        rows = rows[int(split is Split.REPORT) :: 2]
    return [query for row in rows for query in _queries(row)]


def precisions(
    queries: Sequence[LabelledQuery],
    products: Sequence[Product],
    answer: Callable[[str], Sequence[Product | Card]],
) -> dict[str, float]:
    """The mean share of right products among the first ten, by language. ``answer`` returns the products
    found for a text, best first. Where fewer than ten are right, all of them is full marks.
    """
    shares: dict[str, list[float]] = defaultdict(list)
    for query in queries:
        possible = min(DEPTH, sum(map(query.is_met_by, products)))
        if possible:
            found = answer(query.text)[:possible]
            shares[query.language].append(sum(map(query.is_met_by, found)) / possible)
    return {language: sum(found) / len(found) for language, found in shares.items()}


def _queries(row: dict[str, str]) -> Iterator[LabelledQuery]:
    kinds, colours, genders = (_values(row[name]) for name in _LABELS)
    for language, text in row.items():
        if language not in _LABELS:
            yield LabelledQuery(language, text, kinds, colours, (*genders, _UNISEX) if genders else ())


def _values(text: str) -> tuple[str, ...]:
    return tuple(value.casefold() for value in text.split("|") if value)
