"""Labelled queries of a catalogue: texts in shoppers' words, with the products that answer each by rule."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.evaluation.metrics import Flags
from search.evaluation.queries import EvaluationQuery, LabelledProduct, Split
from search.evaluation.query_rules import EVERYDAY_RULES, NEED_RULES, TITLE_ATTRIBUTES
from search.language.tokens import stems

# A query with fewer relevant products would measure the catalogue.
MIN_ANSWERS = 5
# Queries of colours, kinds and title words at most, the most frequent of a catalogue.
MAX_QUERIES = 160


def unseen_names() -> dict[str, str]:
    """Everyday names that no setting was chosen by, each with its rule (``data/unseen_names.csv``)."""
    with (Path(__file__).parent / "data" / "unseen_names.csv").open(newline="", encoding="utf-8") as file:
        return {row["text"]: row["kinds"] for row in csv.DictReader(file)}


def half_of(text: str) -> Split:
    """Which half a query belongs to: by a hash of its text, the same on every catalogue."""
    digest = hashlib.sha1(text.encode(), usedforsecurity=False).digest()
    return Split.CHOOSE if digest[0] % 2 == 0 else Split.REPORT


class LabelledQueries:
    """The labelled queries that a catalogue has answers for, by group."""

    def __init__(self, products: Sequence[LabelledProduct], split: Split = Split.ALL) -> None:
        self._products = products
        self._split = split
        self._rows_of: dict[str, list[int]] = defaultdict(list)
        for row, product in enumerate(products):
            if product.kind:
                self._rows_of[product.kind].append(row)
        self._stems = {kind: tuple(stems(kind)) for kind in self._rows_of}

    def groups(self) -> dict[str, list[EvaluationQuery]]:
        """Group name -> its queries; groups without any are left out."""
        groups = {
            "everyday names": self._ruled(EVERYDAY_RULES),
            "colour and kind": self._shared("colour"),
            "colour, title word and kind": self._attributes(),
            "needs": self._ruled(NEED_RULES),
            "look without a kind": self._looks(),
        }
        split = {name: self._split_of(queries) for name, queries in groups.items()}
        # Nothing was chosen by these, so they have no half to choose by.
        unseen = [] if self._split is Split.CHOOSE else list(self._ruled(unseen_names()))
        return {name: queries for name, queries in (split | {"unseen names": unseen}).items() if queries}

    def _split_of(self, queries: Iterator[EvaluationQuery]) -> list[EvaluationQuery]:
        return [each for each in queries if self._split in (Split.ALL, half_of(each.text))]

    def _ruled(self, rules: Mapping[str, str]) -> Iterator[EvaluationQuery]:
        for text, condition in rules.items():
            rows = [row for kind in self._kinds(condition) for row in self._rows_of[kind]]
            if len(rows) >= MIN_ANSWERS:
                yield self._query(text, rows)

    def _kinds(self, condition: str) -> Iterator[str]:
        entries = [Entry.parse(entry) for entry in condition.split("|")]
        for kind, label in self._stems.items():
            if any(entry.matches(label) for entry in entries):
                yield kind

    def _shared(self, field: str) -> Iterator[EvaluationQuery]:
        """The most frequent pairs of a field's value and a kind: "red dresses"."""
        rows_of = defaultdict(list)
        for row, product in enumerate(self._products):
            value = getattr(product, field)
            if value and product.kind:
                rows_of[f"{value} {product.kind}".lower()].append(row)
        yield from self._most_frequent(rows_of)

    def _looks(self) -> Iterator[EvaluationQuery]:
        """A title word alone and after a colour: "striped", "red striped"; any kind of product answers."""
        rows_of = defaultdict(list)
        stem_of = {word: stems(word)[0] for word in TITLE_ATTRIBUTES}
        for row, product in enumerate(self._products):
            title = set(stems(product.title)) - set(stems(product.kind))
            for word in TITLE_ATTRIBUTES:
                if stem_of[word] in title:
                    rows_of[word].append(row)
                    rows_of[f"{product.colour} {word}".lower().strip()].append(row)
        yield from self._most_frequent(rows_of)

    def _attributes(self) -> Iterator[EvaluationQuery]:
        rows_of = defaultdict(list)
        stem_of = {word: stems(word)[0] for word in TITLE_ATTRIBUTES}
        for row, product in enumerate(self._products):
            title = set(stems(product.title)) - set(stems(product.kind))
            for word in TITLE_ATTRIBUTES:
                if product.colour and product.kind and stem_of[word] in title:
                    rows_of[f"{product.colour} {word} {product.kind}".lower()].append(row)
        yield from self._most_frequent(rows_of)

    def _most_frequent(self, rows_of: Mapping[str, list[int]]) -> Iterator[EvaluationQuery]:
        counts = Counter({text: len(rows) for text, rows in sorted(rows_of.items())})
        for text, count in counts.most_common(MAX_QUERIES):
            if count >= MIN_ANSWERS:
                yield self._query(text, rows_of[text])

    def _query(self, text: str, rows: Sequence[int]) -> EvaluationQuery:
        flags: Flags = np.zeros(len(self._products), bool)
        flags[list(rows)] = True
        return EvaluationQuery(text, flags)


@dataclass(frozen=True)
class Entry:
    """One kind of a rule's condition."""

    words: tuple[str, ...]
    is_whole: bool

    @classmethod
    def parse(cls, text: str) -> Entry:
        return cls(tuple(stems(text)), text.startswith("="))

    def matches(self, label: tuple[str, ...]) -> bool:
        """Whether a kind with these stems is meant."""
        return sorted(self.words) == sorted(label) if self.is_whole else set(self.words) <= set(label)
