"""Captions of many forms for every training picture, and which captions are true of which picture.

A caption is made of components (a kind, a colour, a brand, ...). Each component says of each picture
FALSE, OPEN or TRUE, and a caption is as true as its least true component. OPEN pairs count neither for
nor against a picture in training.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from . import vocabulary
from .data import Item

FALSE, OPEN, TRUE = 0, 1, 2

# What was seen in single pictures and stands in no title: hoods, sleeves, quilting. By id or file name.
SEEN = Path(__file__).parent / "seen.json"

SLOTS = ("title", "colour", "detail", "single", "brand")


def words(listed: str) -> list[str]:
    return [word.strip() for word in listed.split(", ")]


@dataclass
class Caption:
    text: str
    components: tuple[int, ...]


@dataclass
class CaptionBook:
    """All captions; `truth[component, item]`; for every item and slot the captions true of it."""

    captions: list[Caption] = field(default_factory=list)
    truth: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    of_item: list[dict[str, list[int]]] = field(default_factory=list)


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


class Writer:
    """Writes the captions of every item, a handful per slot."""

    def __init__(self, items: Sequence[Item], *, per_slot: int, seed: int) -> None:
        self.components = Components(items)
        self._per_slot = per_slot
        self._random = np.random.default_rng(seed)
        self._numbers: dict[str, int] = {}
        self._captions: list[Caption] = []

    def write(self) -> CaptionBook:
        for item in self.components.items:
            if item.title:  # before their shortened forms, which must not take another title's words
                self._add(item.title, ("title", title_key(item.title)))
        of_item = [self._of_item(i, item) for i, item in enumerate(self.components.items)]
        return CaptionBook(self._captions, np.stack(self.components.rows), of_item)

    def _of_item(self, i: int, item: Item) -> dict[str, list[int]]:
        makers = {
            "title": self._title,
            "colour": self._colour,
            "detail": self._detail,
            "single": self._single,
            "brand": self._brand,
        }
        written = {slot: {self._add(*made) for made in makers[slot](i, item)} for slot in SLOTS}
        return {slot: sorted(n for n in numbers if n is not None) for slot, numbers in written.items()}

    def _add(self, text: str, *components: tuple[str, str]) -> int | None:
        """The number of a caption, new or known; None where the same words stand for something else."""
        text = re.sub(r"\s+", " ", text).strip()
        numbers = tuple(self.components.number(*component) for component in components)
        if text not in self._numbers:
            self._numbers[text] = len(self._captions)
            self._captions.append(Caption(text, numbers))
        number = self._numbers[text]
        return number if self._captions[number].components == numbers else None

    def _one(self, listed: Sequence[str]) -> str:
        # The first name is the commonest, and is drawn as often as all others together.
        return listed[0] if self._random.random() < 0.35 else listed[int(self._random.integers(len(listed)))]

    def _called(self, i: int, item: Item) -> tuple[str, tuple[str, str]]:
        details = [
            d for d in sorted(self.components.details[i]) if d not in ("leather", "denim", "training", "yoga")
        ]
        if details and self._random.random() < 0.5:
            word = self._one(words(vocabulary.NARROWER[details[self._random.integers(len(details))]][1]))
            return word, ("detail", word)
        word = self._one(KIND_WORDS[item.kind])
        return word, ("kind", word)

    def _title(self, i: int, item: Item) -> Iterator[tuple[str, *tuple[tuple[str, str], ...]]]:
        if not item.title:
            yield from self._colour(i, item)
            return
        same = ("title", title_key(item.title))
        yield item.title, same
        parts = item.title.split()
        if len(parts) > 4:
            gone = self._random.integers(len(parts))
            yield " ".join(part for k, part in enumerate(parts) if k != gone), same
        called, _ = self._called(i, item)
        pattern = rf"\b{re.escape(item.kind)}\b|\b{re.escape(item.kind.rstrip('s'))}\b"
        renamed = re.sub(pattern, called, item.title, flags=re.IGNORECASE)
        if item.colour in COLOUR_WORDS:
            renamed = re.sub(
                rf"\b{item.colour}\b", self._one(COLOUR_WORDS[item.colour]), renamed, flags=re.IGNORECASE
            )
        yield renamed, same

    def _colour(self, i: int, item: Item) -> Iterator[tuple[str, *tuple[tuple[str, str], ...]]]:
        if item.colour in COLOUR_WORDS and item.title:
            plain = COLOUR_WORDS[item.colour][0]
            yield f"{item.colour} {item.kind}", ("kind", item.kind), ("colour", plain)
        for _ in range(self._per_slot):
            called, kind = self._called(i, item)
            if item.colour not in COLOUR_WORDS:
                yield (
                    self._one(["{}", "a photo of a {}", "{} at home", "second-hand {}", "a {}"]).format(
                        called
                    ),
                    kind,
                )
                continue
            colour = self._one(COLOUR_WORDS[item.colour])
            form = self._one(["{c} {k}", "{k} in {c}", "{k}, {c}", "a {c} {k}", "a photo of a {c} {k}"])
            yield form.format(c=colour, k=called), kind, ("colour", colour)

    def _detail(self, i: int, item: Item) -> Iterator[tuple[str, *tuple[tuple[str, str], ...]]]:
        for _ in range(self._per_slot):
            called, kind = self._called(i, item)
            text, made = called, [kind]
            if item.colour in COLOUR_WORDS and self._random.random() < 0.6:
                colour = self._one(COLOUR_WORDS[item.colour])
                text, made = f"{colour} {text}", [*made, ("colour", colour)]
            patterns = sorted(self.components.patterns[i])
            if patterns and self._random.random() < 0.6:
                pattern = self._one(
                    words(vocabulary.PATTERNS[patterns[self._random.integers(len(patterns))]][1])
                )
                text = f"{text} {pattern}" if pattern.startswith("with") else f"{pattern} {text}"
                made.append(("pattern", pattern))
            if item.gender and self._random.random() < 0.5:
                gender = self._one(words(vocabulary.GENDERS[item.gender]))
                text = f"{text} {gender}" if gender.startswith("for") else f"{gender} {text}"
                made.append(("gender", gender))
            if self.components.brands[i] and self._random.random() < 0.3:
                brand = self.components.brands[i]
                text, made = f"{brand} {text}", [*made, ("brand", brand)]
            yield text, *made

    def _single(self, i: int, item: Item) -> Iterator[tuple[str, *tuple[tuple[str, str], ...]]]:
        called, kind = self._called(i, item)
        yield called, kind
        yield KIND_WORDS[item.kind][0], ("kind", KIND_WORDS[item.kind][0])
        yield item.kind, ("kind", item.kind)
        for detail in sorted(self.components.details[i])[:2]:
            word = self._one(words(vocabulary.NARROWER[detail][1]))
            yield word, ("detail", word)
        if item.colour in COLOUR_WORDS:
            colour = self._one(COLOUR_WORDS[item.colour])
            yield (
                self._one(["in {}", "something {}", "{}", "{} one", "{} colour"]).format(colour),
                ("colour", colour),
            )
        occasions = [
            p
            for p, served in OCCASIONS_CALLED.items()
            if item.kind in served or f"{item.kind}/{item.usage}" in served
        ]
        for _ in range(2 if occasions else 0):
            occasion = occasions[self._random.integers(len(occasions))]
            yield occasion, ("occasion", occasion)

    def _brand(self, i: int, item: Item) -> Iterator[tuple[str, *tuple[tuple[str, str], ...]]]:
        brand = self.components.brands[i]
        if not brand:
            return
        yield brand, ("brand", brand)
        for form in ("{b} {k}", "{k} by {b}", "{b} {k}"):
            called, kind = self._called(i, item)
            yield form.format(b=brand, k=called), ("brand", brand), kind
