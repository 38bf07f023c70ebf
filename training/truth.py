"""Which component of a caption (a kind, a colour, a brand, ...) is true of which picture.

Each says of each picture FALSE, OPEN or TRUE. OPEN pairs count neither for nor against a picture in training.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import vocabulary
from .data import Item

FALSE, OPEN, TRUE = 0, 1, 2

# What was seen in single pictures and stands in no title: hoods, sleeves, quilting. By id or file name.
SEEN = Path(__file__).parent / "seen.json"


def words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(", ")]


class Components:
    """Names the components and works out each one's truth over all items once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.rows: list[NDArray[np.int8]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        seen = json.loads(SEEN.read_text())
        self.details = [self._details_of(item, seen) for item in items]
        self.patterns = [
            {
                name
                for name, (pattern, _) in vocabulary.PATTERNS.items()
                if re.search(pattern, item.title.lower())
            }
            for item in items
        ]
        self.brands = [brand_of(item.title) for item in items]
        self._kinds_with: dict[str, set[str]] = {}
        for item, details in zip(items, self.details, strict=True):
            for detail in details:
                self._kinds_with.setdefault(detail, set()).add(item.kind)
        self._close = _pairs(vocabulary.CLOSE_COLOURS)
        self._titles = np.array([title_key(item.title) for item in items])
        self._brands = np.array(self.brands)
        self._houses = np.array([brand.split()[0] if brand else "" for brand in self.brands])
        self._examples, self._alike = self._group()
        _, self._twins = np.unique(
            np.array([f"{group} {brand}" for group, brand in zip(self._alike, self.brands, strict=True)]),
            return_inverse=True,
        )

    @staticmethod
    def _details_of(item: Item, seen: dict[str, list[str]]) -> set[str]:
        found = {name for name, ids in seen.items() if item.path.stem in ids}
        for name, (pattern, _) in vocabulary.NARROWER.items():
            fits = re.search(vocabulary.NARROWED[name], item.kind)
            if item.title and fits and re.search(pattern, item.title.lower()):
                found.add(name)
        return found

    def _group(self) -> tuple[list[int], NDArray[np.int64]]:
        """One item of each group that only brand and title tell apart, and the group of every item."""
        groups: dict[tuple[object, ...], int] = {}
        examples, alike = [], []
        for i, item in enumerate(self.items):
            sets = (frozenset(self.details[i]), frozenset(self.patterns[i]))
            key = (item.kind, item.colour, item.gender, item.usage, *sets)
            if key not in groups:
                groups[key] = len(groups)
                examples.append(i)
            alike.append(groups[key])
        return examples, np.array(alike, np.int64)

    def number(self, sort: str, word: str) -> int:
        key = (sort, word)
        if key not in self._numbers:
            self._numbers[key] = len(self.rows)
            self.rows.append(self._row(sort, word))
        return self._numbers[key]

    def _row(self, sort: str, word: str) -> NDArray[np.int8]:
        if sort == "title":
            # A picture does not tell what only a model's name tells apart.
            named = self._titles == word
            twins = np.isin(self._twins, self._twins[named])
            return np.where(named, TRUE, np.where(twins, OPEN, FALSE)).astype(np.int8)
        if sort == "brand":
            same_house = self._houses == word.split()[0]
            may_be = same_house | (self._houses == "")
            return np.where(self._brands == word, TRUE, np.where(may_be, OPEN, FALSE)).astype(np.int8)
        judge: Callable[[int, Item, str], int] = getattr(self, f"_is_{sort}")
        judged = [judge(i, self.items[i], word) for i in self._examples]
        return np.array(judged, np.int8)[self._alike]

    def _is_kind(self, i: int, item: Item, word: str) -> int:
        if word in KIND_WORDS[item.kind]:
            return TRUE
        if item.title and word in LABELS:
            return FALSE  # a catalogue that uses this very label did not give it to this picture
        verdict = OPEN if any(word in KIND_WORDS[kind] for kind in OPEN_KINDS[item.kind]) else FALSE
        return max(verdict, self._is_detail(i, item, word))

    def _is_detail(self, i: int, item: Item, word: str) -> int:
        verdict = FALSE
        for name in DETAILS_CALLED.get(word, ()):
            if name in self.details[i]:
                return TRUE
            settled = words(vocabulary.SETTLED.get(name, ""))
            kinds = self._kinds_with.get(name, set())
            related = item.kind in kinds or not kinds.isdisjoint(OPEN_KINDS[item.kind])
            if related and item.kind not in settled:
                verdict = OPEN
        return max(verdict, TRUE if word in KIND_WORDS[item.kind] else FALSE)

    def _is_colour(self, i: int, item: Item, word: str) -> int:
        if not item.colour:
            return OPEN
        if word in COLOUR_WORDS.get(item.colour, ()):
            return TRUE
        labels = [label for label, called in COLOUR_WORDS.items() if word in called]
        is_close = any(label in self._close.get(item.colour, ()) for label in labels)
        return OPEN if is_close or item.colour == "Multi" else FALSE

    def _is_gender(self, i: int, item: Item, word: str) -> int:
        if not item.gender or item.gender == "Unisex":
            return TRUE if item.gender and word == "unisex" else OPEN
        return TRUE if word in words(vocabulary.GENDERS[item.gender]) else FALSE

    def _is_pattern(self, i: int, item: Item, word: str) -> int:
        name = next(name for name, (_, called) in vocabulary.PATTERNS.items() if word in words(called))
        if name in self.patterns[i]:
            return TRUE
        return FALSE if self.patterns[i] else OPEN

    def _is_occasion(self, i: int, item: Item, word: str) -> int:
        served = OCCASIONS_CALLED[word]
        if item.kind in served or f"{item.kind}/{item.usage}" in served:
            return TRUE
        by_kind = {entry.split("/")[0] for entry in served}
        return FALSE if by_kind.isdisjoint({item.kind, *OPEN_KINDS[item.kind]}) else OPEN


KIND_WORDS = {kind: [*words(called), kind] for kind, called in vocabulary.KINDS.items()}
KIND_WORDS["Free Gifts"] = ["free gift", "Free Gifts"]
# The label of a kind, and the word it is commonest by where no other kind shares it.
_SHARED = Counter(word for called in KIND_WORDS.values() for word in called)
LABELS = {kind for kind in KIND_WORDS if kind[0].isupper()} | {
    called[0] for kind, called in KIND_WORDS.items() if kind[0].isupper() and _SHARED[called[0]] == 1
}
OPEN_KINDS = {kind: words(vocabulary.OPEN[kind]) if kind in vocabulary.OPEN else [] for kind in KIND_WORDS}
COLOUR_WORDS = {label: words(called) for label, called in vocabulary.COLOURS.items()}
DETAILS_CALLED: dict[str, list[str]] = {}
for _name, (_, _called) in vocabulary.NARROWER.items():
    for _word in words(_called):
        DETAILS_CALLED.setdefault(_word, []).append(_name)
OCCASIONS_CALLED: dict[str, set[str]] = {
    phrase: set(words(served)) for called, served in vocabulary.OCCASIONS.items() for phrase in words(called)
}


def _pairs(groups: Sequence[str]) -> dict[str, set[str]]:
    close: dict[str, set[str]] = {}
    for group in map(words, groups):
        for label in group:
            close.setdefault(label, set()).update(set(group) - {label})
    return close


def brand_of(title: str) -> str:
    """What stands before the gender in a title; empty where the title names none."""
    parts = re.split(
        r"\b(?:men|women|unisex|boys|girls|kids|mens|womens|men's|women's|woman|man)\b",
        title.lower(),
        maxsplit=1,
    )
    return parts[0].strip() if len(parts) > 1 else ""


def title_key(title: str) -> str:
    return " ".join(sorted(word.rstrip("s") for word in re.findall(r"[a-z0-9]+", title.lower())))
