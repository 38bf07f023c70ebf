"""Questions in words whose right answers a synced catalogue knows: titles, attributes, everyday names."""

from __future__ import annotations

import random
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

FIRST_ROW = 5
MOST_TITLES = 600
_SEED = 7
# Somebody who half remembers a title of at least so many words says so many of them.
_REMEMBERED, _FEWEST_WORDS = 0.6, 4

# What people call types that shops call otherwise; asked only where too few products say it for a page.
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


class Part(StrEnum):
    """Which questions are asked. The halves are of those products that the bundled encoder was not trained
    on, one to choose settings by and one to report them on."""

    ALL = "all"
    CHOOSE = "choose"
    REPORT = "report"


@dataclass(frozen=True)
class Question:
    """Words, and which of the n products answer them."""

    text: str
    right: Flags


@dataclass(frozen=True)
class Item:
    """What the catalogue says of one product; "" where it says nothing."""

    title: str
    kind: str
    colour: str
    gender: str
    brand: str
    is_held_out: bool = False


def items(snapshot: IndexSnapshot) -> list[Item]:
    """One item per index row. Raises NothingToMeasure where the index holds none that is active."""
    found = {
        product.pk: product
        for product in Product.objects.active().only(
            "title", "category", "colour", "gender", "brand", "attributes", "external_id"
        )
    }
    known = [_item(found[int(key)]) if int(key) in found else _NOTHING for key in snapshot.columns.keys]
    if not any(item.title for item in known):
        raise NothingToMeasure("No product is in the index. Run manage.py sync and reindex first.")
    return known


_NOTHING = Item("", "", "", "", "")


def _item(product: Product) -> Item:
    labels = labels_of(product)
    # A shop without a field for brands writes them in front of "Men" or "Women".
    before, gender, _after = product.title.partition(f" {product.gender} ")
    return Item(
        product.title,
        labels["type"],
        product.colour,
        product.gender,
        product.brand or (before if gender.strip() else ""),
        is_held_out(product.external_id),
    )


class Questions:
    """The questions a catalogue can be asked, group by group; the same for the same catalogue."""

    def __init__(self, catalogue: Sequence[Item], part: Part = Part.ALL) -> None:
        self._items = catalogue
        self._part = part
        self._rows_of: dict[str, list[int]] = defaultdict(list)
        for row, item in enumerate(catalogue):
            self._rows_of[item.title.casefold()].append(row)
        titled = [
            row for row, item in enumerate(catalogue) if item.title and (item.is_held_out or part is Part.ALL)
        ]
        rows = np.array(titled[self._half], np.int64)
        self._titles: list[int] = np.sort(
            np.random.default_rng(_SEED).permutation(rows)[:MOST_TITLES]
        ).tolist()

    @property
    def _half(self) -> slice:
        """Of things in their order: all, every other one, or those between."""
        return slice(None) if self._part is Part.ALL else slice(int(self._part is Part.REPORT), None, 2)

    def titles(self) -> Iterator[Question]:
        for row in self._titles:
            yield Question(self._items[row].title, self._titled(row))

    def remembered(self) -> Iterator[Question]:
        """Titles with two words of five forgotten."""
        for row, kept in self._remembered():
            yield Question(" ".join(kept), self._titled(row))

    def misspelt(self) -> Iterator[Question]:
        """The same, with two letters of the longest word swapped."""
        for row, kept in self._remembered():
            longest = max(kept, key=len)
            wrong = _swapped(longest, random.Random(row))  # noqa: S311 - a reproducible slip
            yield Question(" ".join(wrong if word == longest else word for word in kept), self._titled(row))

    def colours_and_types(self) -> Iterator[Question]:
        for (colour, kind), rows in self._asked("colour", "kind"):
            yield Question(f"{colour} {kind}".lower(), self._flags(rows))

    def stacked(self) -> Iterator[Question]:
        """Three attributes: "dresses in red for women"."""
        for (kind, colour, gender), rows in self._asked("kind", "colour", "gender"):
            yield Question(f"{kind} in {colour} for {gender}".lower(), self._flags(rows))

    def brands_and_types(self) -> Iterator[Question]:
        for (brand, kind), rows in self._asked("brand", "kind", at_least=FIRST_ROW):
            yield Question(f"{brand} {kind}".lower(), self._flags(rows))

    def everyday(self, said_by: Callable[[str], Rows]) -> Iterator[Question]:
        """Everyday names, alone and behind a colour."""
        of_kind = {kind.casefold(): rows for (kind,), rows in self._sharing("kind").items()}
        for name, kinds in list(EVERYDAY_NAMES.items())[self._half]:
            rows = [row for kind in kinds for row in of_kind.get(kind, ())]
            if len(rows) < DEPTH or len(said_by(name)) >= DEPTH:
                continue
            yield Question(name, self._flags(rows))
            by_colour = defaultdict(list)
            for row in rows:
                by_colour[self._items[row].colour].append(row)
            for colour, coloured in sorted(by_colour.items()):
                if colour and len(coloured) >= DEPTH:
                    yield Question(f"{colour} {name}".lower(), self._flags(coloured))

    def _remembered(self) -> Iterator[tuple[int, list[str]]]:
        for row in self._titles:
            said = self._items[row].title.split()
            if len(said) >= _FEWEST_WORDS:
                generator = random.Random(row)  # noqa: S311 - a reproducible memory
                kept = sorted(generator.sample(range(len(said)), round(_REMEMBERED * len(said))))
                yield row, [said[place] for place in kept]

    def _asked(self, *fields: str, at_least: int = DEPTH) -> list[tuple[tuple[str, ...], list[int]]]:
        return list(self._sharing(*fields, at_least=at_least).items())[self._half]

    def _sharing(self, *fields: str, at_least: int = DEPTH) -> dict[tuple[str, ...], list[int]]:
        """Values that enough products share, with those products; in alphabetical order."""
        sharing: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for row, item in enumerate(self._items):
            values = tuple(getattr(item, field) for field in fields)
            if all(values):
                sharing[values].append(row)
        return {values: rows for values, rows in sorted(sharing.items()) if len(rows) >= at_least}

    def _titled(self, row: int) -> Flags:
        """The products of this title: words cannot tell them apart."""
        return self._flags(self._rows_of[self._items[row].title.casefold()])

    def _flags(self, rows: Iterable[int]) -> Flags:
        flags = np.zeros(len(self._items), bool)
        flags[list(rows)] = True
        return flags


def _swapped(word: str, generator: random.Random) -> str:
    """A word with two neighbouring letters, not the first, in the wrong order; short words stay."""
    if len(word) < 4:
        return word
    at = generator.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
