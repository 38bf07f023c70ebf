"""Text queries with known relevant products, from a synced catalogue: titles, attributes, everyday names."""

from __future__ import annotations

import random
from argparse import ArgumentTypeError
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from catalog.models import Product
from search.engine import IndexSnapshot
from search.evaluation.catalogues import NothingToMeasure, labels_of
from search.evaluation.held_out import is_held_out
from search.evaluation.metrics import DEPTH, Flags
from search.vectors import Rows

# Results in the first row of a page.
FIRST_ROW = 5
MAX_TITLES = 600
_SEED = 7
# A half-remembered title keeps this share of its words; a title with fewer words is left out.
_REMEMBERED_SHARE, _MIN_WORDS = 0.6, 4

# Everyday names of product types, with the types; used only where few products have the name in their texts.
EVERYDAY_NAMES = {
    "jumper": ("sweaters",),
    "warm pullover": ("sweaters", "sweatshirts"),
    "rucksack": ("backpacks",),
    "school bag": ("backpacks",),
    "gym bag": ("duffel bag", "backpacks"),
    "trainers": ("sports shoes", "casual shoes"),
    "gym shoes": ("sports shoes",),
    "dress shoes": ("formal shoes",),
    "business shoes": ("formal shoes",),
    "beach slippers": ("flip flops", "sandals"),
    "spectacles": ("sunglasses",),
    "wristwatch": ("watches",),
    "necktie": ("ties",),
    "underpants": ("briefs", "trunk"),
    "tank top": ("tops", "innerwear vests"),
    "undershirt": ("innerwear vests",),
    "hoodie": ("sweatshirts",),
    "jogging trousers": ("track pants",),
    "suit trousers": ("trousers",),
    "denim trousers": ("jeans",),
    "stiletto shoes": ("heels",),
    "baseball hat": ("caps",),
    "leather purse": ("wallets", "handbags", "clutches"),
    "windbreaker": ("jackets",),
    "office shirt": ("shirts",),
    "indian tunic": ("kurtas", "kurtis", "tunics"),
}


class Split(StrEnum):
    """Which queries to use. The halves come from the products that the bundled encoder was not trained on,
    one to choose settings by and one to report results on."""

    ALL = "all"
    CHOOSE = "choose"
    REPORT = "report"

    @classmethod
    def named(cls, text: str) -> Split:
        """The one of this name. Raises ArgumentTypeError."""
        try:
            return cls(text)
        except ValueError:
            raise ArgumentTypeError(f"{text!r} is none of {', '.join(cls)}.") from None


@dataclass(frozen=True)
class EvaluationQuery:
    """A text, and which of the n products are relevant to it (n,)."""

    text: str
    relevant: Flags


@dataclass(frozen=True)
class LabelledProduct:
    """What the catalogue states about one product; "" where it states nothing."""

    title: str
    kind: str
    colour: str
    gender: str
    brand: str
    is_held_out: bool = False
    # The values of its attributes, as words.
    said: str = ""


def labelled_products(snapshot: IndexSnapshot) -> list[LabelledProduct]:
    """One per index row, empty for an inactive product. Raises NothingToMeasure where none is active."""
    found = {
        product.pk: product
        for product in Product.objects.active().only(
            "title", "category", "colour", "gender", "brand", "attributes", "external_id"
        )
    }
    labelled = [_labelled(found[int(key)]) if int(key) in found else _EMPTY for key in snapshot.columns.keys]
    if not any(product.title for product in labelled):
        raise NothingToMeasure("No product is in the index. Run manage.py sync and reindex first.")
    return labelled


_EMPTY = LabelledProduct("", "", "", "", "")


def _labelled(product: Product) -> LabelledProduct:
    labels = labels_of(product)
    # A shop without a field for brands writes them in front of "Men" or "Women".
    before, gender, _after = product.title.partition(f" {product.gender} ")
    return LabelledProduct(
        product.title,
        labels["type"],
        product.colour,
        product.gender,
        product.brand or (before if gender.strip() else ""),
        is_held_out(product.external_id),
        " ".join(str(value) for value in product.attributes.values()),
    )


class EvaluationQueries:
    """The queries that a catalogue has answers for, group by group; the same for the same catalogue."""

    def __init__(self, products: Sequence[LabelledProduct], split: Split = Split.ALL) -> None:
        self._products = products
        self._split = split
        self._rows_of: dict[str, list[int]] = defaultdict(list)
        for row, product in enumerate(products):
            self._rows_of[product.title.casefold()].append(row)
        titled = [
            row
            for row, product in enumerate(products)
            if product.title and (product.is_held_out or split is Split.ALL)
        ]
        rows = np.array(titled[self._half], np.int64)
        self._titles: list[int] = np.sort(
            np.random.default_rng(_SEED).permutation(rows)[:MAX_TITLES]
        ).tolist()

    @property
    def _half(self) -> slice:
        """Of a list in a fixed order: all entries, the even ones or the odd ones."""
        if self._split is Split.ALL:
            return slice(None)
        return slice(int(self._split is Split.REPORT), None, 2)

    def titles(self) -> Iterator[EvaluationQuery]:
        for row in self._titles:
            yield EvaluationQuery(self._products[row].title, self._same_title(row))

    def partial_titles(self) -> Iterator[EvaluationQuery]:
        """Titles with two words of five left out."""
        for row, kept in self._partial_titles():
            yield EvaluationQuery(" ".join(kept), self._same_title(row))

    def misspelt_titles(self) -> Iterator[EvaluationQuery]:
        """Partial titles with two letters of the longest word swapped."""
        for row, kept in self._partial_titles():
            longest = max(kept, key=len)
            typo = _swapped(longest, random.Random(row))  # noqa: S311 - a reproducible typo
            yield EvaluationQuery(
                " ".join(typo if word == longest else word for word in kept), self._same_title(row)
            )

    def colours_and_types(self) -> Iterator[EvaluationQuery]:
        for (colour, kind), rows in self._queried("colour", "kind"):
            yield EvaluationQuery(f"{colour} {kind}".lower(), self._flags(rows))

    def three_attributes(self) -> Iterator[EvaluationQuery]:
        """Such as "dresses in red for women"."""
        for (kind, colour, gender), rows in self._queried("kind", "colour", "gender"):
            yield EvaluationQuery(f"{kind} in {colour} for {gender}".lower(), self._flags(rows))

    def brands_and_types(self) -> Iterator[EvaluationQuery]:
        for (brand, kind), rows in self._queried("brand", "kind", at_least=FIRST_ROW):
            yield EvaluationQuery(f"{brand} {kind}".lower(), self._flags(rows))

    def everyday_names(self, rows_with: Callable[[str], Rows]) -> Iterator[EvaluationQuery]:
        """Everyday names, alone and after a colour; ``rows_with`` returns the products that have the name."""
        of_kind = {kind.casefold(): rows for (kind,), rows in self._sharing("kind").items()}
        for name, kinds in list(EVERYDAY_NAMES.items())[self._half]:
            rows = [row for kind in kinds for row in of_kind.get(kind, ())]
            if len(rows) < DEPTH or len(rows_with(name)) >= DEPTH:
                continue
            yield EvaluationQuery(name, self._flags(rows))
            by_colour = defaultdict(list)
            for row in rows:
                by_colour[self._products[row].colour].append(row)
            for colour, coloured in sorted(by_colour.items()):
                if colour and len(coloured) >= DEPTH:
                    yield EvaluationQuery(f"{colour} {name}".lower(), self._flags(coloured))

    def _partial_titles(self) -> Iterator[tuple[int, list[str]]]:
        for row in self._titles:
            words = self._products[row].title.split()
            if len(words) >= _MIN_WORDS:
                generator = random.Random(row)  # noqa: S311 - a reproducible choice
                kept = sorted(generator.sample(range(len(words)), round(_REMEMBERED_SHARE * len(words))))
                yield row, [words[place] for place in kept]

    def _queried(self, *fields: str, at_least: int = DEPTH) -> list[tuple[tuple[str, ...], list[int]]]:
        return list(self._sharing(*fields, at_least=at_least).items())[self._half]

    def _sharing(self, *fields: str, at_least: int = DEPTH) -> dict[tuple[str, ...], list[int]]:
        """Values that enough products share, with the rows of those products; in alphabetical order."""
        sharing: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for row, product in enumerate(self._products):
            values = tuple(getattr(product, field) for field in fields)
            if all(values):
                sharing[values].append(row)
        return {values: rows for values, rows in sorted(sharing.items()) if len(rows) >= at_least}

    def _same_title(self, row: int) -> Flags:
        """All products of this title, since no text can distinguish them."""
        return self._flags(self._rows_of[self._products[row].title.casefold()])

    def _flags(self, rows: Iterable[int]) -> Flags:
        flags = np.zeros(len(self._products), bool)
        flags[list(rows)] = True
        return flags


def _swapped(word: str, generator: random.Random) -> str:
    """A word with two neighbouring letters swapped, never the first; short words stay."""
    if len(word) < 4:
        return word
    at = generator.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
