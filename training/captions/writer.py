"""Captions of many forms for every training picture.

A caption is made of components, and is as true of a picture as its least true component (`truth`).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from training.captions.truth import (
    COLOUR_WORDS,
    KIND_WORDS,
    OCCASIONS_CALLED,
    Components,
    split_names,
    title_key,
)
from training.captions.vocabulary.attributes import GENDERS, PATTERNS
from training.captions.vocabulary.details import DETAILS
from training.collections.items import Item

SLOTS = ("title", "colour", "detail", "single", "brand")

Component = tuple[str, str]
Draft = tuple[str, *tuple[Component, ...]]


@dataclass
class Caption:
    """A text, and the numbers of its components."""

    text: str
    components: tuple[int, ...]


@dataclass
class CaptionSet:
    """All captions; `truth[component, item]`; for every item and slot the numbers of its true captions."""

    captions: list[Caption] = field(default_factory=list)
    truth: NDArray[np.int8] = field(default_factory=lambda: np.zeros((0, 0), np.int8))
    by_item: list[dict[str, list[int]]] = field(default_factory=list)


class CaptionWriter:
    """Writes the captions of every item, about `per_slot` in each slot."""

    def __init__(self, items: Sequence[Item], *, per_slot: int, seed: int) -> None:
        self.components = Components(items)
        self._per_slot = per_slot
        self._random = np.random.default_rng(seed)
        self._numbers: dict[str, int] = {}
        self._captions: list[Caption] = []

    def write(self) -> CaptionSet:
        for item in self.components.items:
            if item.title:  # before their shortened forms, which must not take another title's words
                self._add(item.title, ("title", title_key(item.title)))
        by_item = [self._write_item(i, item) for i, item in enumerate(self.components.items)]
        return CaptionSet(self._captions, np.stack(self.components.rows), by_item)

    def _write_item(self, i: int, item: Item) -> dict[str, list[int]]:
        drafts = {
            "title": self._title_drafts,
            "colour": self._colour_drafts,
            "detail": self._detail_drafts,
            "single": self._single_drafts,
            "brand": self._brand_drafts,
        }
        written = {slot: {self._add(*draft) for draft in drafts[slot](i, item)} for slot in SLOTS}
        return {slot: sorted(n for n in numbers if n is not None) for slot, numbers in written.items()}

    def _add(self, text: str, *components: Component) -> int | None:
        """The number of a caption, new or known; None where the same words stand for something else."""
        text = re.sub(r"\s+", " ", text).strip()
        numbers = tuple(self.components.number(*component) for component in components)
        if text not in self._numbers:
            self._numbers[text] = len(self._captions)
            self._captions.append(Caption(text, numbers))
        number = self._numbers[text]
        return number if self._captions[number].components == numbers else None

    def _one(self, listed: Sequence[str]) -> str:
        # The first name is the commonest, and is drawn about as often as all others together.
        return listed[0] if self._random.random() < 0.35 else listed[int(self._random.integers(len(listed)))]

    def _draw_noun(self, i: int, item: Item) -> tuple[str, Component]:
        # A material or a sport narrows a noun; it is no noun itself.
        details = [
            d for d in sorted(self.components.details[i]) if d not in ("leather", "denim", "training", "yoga")
        ]
        if details and self._random.random() < 0.5:
            word = self._one(split_names(DETAILS[details[self._random.integers(len(details))]][1]))
            return word, ("detail", word)
        word = self._one(KIND_WORDS[item.kind])
        return word, ("kind", word)

    def _title_drafts(self, i: int, item: Item) -> Iterator[Draft]:
        if not item.title:
            yield from self._colour_drafts(i, item)
            return
        same = ("title", title_key(item.title))
        yield item.title, same
        parts = item.title.split()
        if len(parts) > 4:
            gone = self._random.integers(len(parts))
            yield " ".join(part for k, part in enumerate(parts) if k != gone), same
        noun, _ = self._draw_noun(i, item)
        pattern = rf"\b{re.escape(item.kind)}\b|\b{re.escape(item.kind.rstrip('s'))}\b"
        renamed = re.sub(pattern, noun, item.title, flags=re.IGNORECASE)
        if item.colour in COLOUR_WORDS:
            renamed = re.sub(
                rf"\b{item.colour}\b", self._one(COLOUR_WORDS[item.colour]), renamed, flags=re.IGNORECASE
            )
        yield renamed, same

    def _colour_drafts(self, i: int, item: Item) -> Iterator[Draft]:
        if item.colour in COLOUR_WORDS and item.title:
            plain = COLOUR_WORDS[item.colour][0]
            yield f"{item.colour} {item.kind}", ("kind", item.kind), ("colour", plain)
        for _ in range(self._per_slot):
            noun, kind = self._draw_noun(i, item)
            if item.colour not in COLOUR_WORDS:
                form = self._one(["{}", "a photo of a {}", "{} at home", "second-hand {}", "a {}"])
                yield form.format(noun), kind
                continue
            colour = self._one(COLOUR_WORDS[item.colour])
            form = self._one(["{c} {k}", "{k} in {c}", "{k}, {c}", "a {c} {k}", "a photo of a {c} {k}"])
            yield form.format(c=colour, k=noun), kind, ("colour", colour)

    def _detail_drafts(self, i: int, item: Item) -> Iterator[Draft]:
        for _ in range(self._per_slot):
            noun, kind = self._draw_noun(i, item)
            text, components = noun, [kind]
            if item.colour in COLOUR_WORDS and self._random.random() < 0.6:
                colour = self._one(COLOUR_WORDS[item.colour])
                text, components = f"{colour} {text}", [*components, ("colour", colour)]
            patterns = sorted(self.components.patterns[i])
            if patterns and self._random.random() < 0.6:
                pattern = self._one(split_names(PATTERNS[patterns[self._random.integers(len(patterns))]][1]))
                text = f"{text} {pattern}" if pattern.startswith("with") else f"{pattern} {text}"
                components.append(("pattern", pattern))
            if item.gender and self._random.random() < 0.5:
                gender = self._one(split_names(GENDERS[item.gender]))
                text = f"{text} {gender}" if gender.startswith("for") else f"{gender} {text}"
                components.append(("gender", gender))
            if self.components.brands[i] and self._random.random() < 0.3:
                brand = self.components.brands[i]
                text, components = f"{brand} {text}", [*components, ("brand", brand)]
            yield text, *components

    def _single_drafts(self, i: int, item: Item) -> Iterator[Draft]:
        noun, kind = self._draw_noun(i, item)
        yield noun, kind
        yield KIND_WORDS[item.kind][0], ("kind", KIND_WORDS[item.kind][0])
        yield item.kind, ("kind", item.kind)
        for detail in sorted(self.components.details[i])[:2]:
            word = self._one(split_names(DETAILS[detail][1]))
            yield word, ("detail", word)
        if item.colour in COLOUR_WORDS:
            colour = self._one(COLOUR_WORDS[item.colour])
            form = self._one(["in {}", "something {}", "{}", "{} one", "{} colour"])
            yield form.format(colour), ("colour", colour)
        occasions = [
            phrase
            for phrase, served_by in OCCASIONS_CALLED.items()
            if item.kind in served_by or f"{item.kind}/{item.usage}" in served_by
        ]
        for _ in range(2 if occasions else 0):
            occasion = occasions[self._random.integers(len(occasions))]
            yield occasion, ("occasion", occasion)

    def _brand_drafts(self, i: int, item: Item) -> Iterator[Draft]:
        brand = self.components.brands[i]
        if not brand:
            return
        yield brand, ("brand", brand)
        for form in ("{b} {k}", "{k} by {b}", "{b} {k}"):
            noun, kind = self._draw_noun(i, item)
            yield form.format(b=brand, k=noun), ("brand", brand), kind
