"""Which component of a caption (a kind, a colour, a brand, ...) is true of which picture.

Each pair is FALSE, UNKNOWN or TRUE. UNKNOWN pairs count neither for nor against a picture in training.
"""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.captions.vocabulary import attributes, colours, details, kinds, occasions
from training.collections.items import Item

FALSE, UNKNOWN, TRUE = 0, 1, 2

# Details seen in single pictures that no title mentions: hoods, sleeves, quilting. By id or file name.
SEEN = Path(__file__).parent / "seen.json"


def split_names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(", ")]


class Components:
    """Numbers the components, (attribute, word) pairs, and works out each one's truth over all items once."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = items
        self.rows: list[NDArray[np.int8]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        seen = json.loads(SEEN.read_text())
        self.details = [_details_of(item, seen) for item in items]
        self.patterns = [_patterns_of(item) for item in items]
        self.brands = [brand_of(item.title) for item in items]
        self._kinds_with: dict[str, set[str]] = {}
        for item, found in zip(items, self.details, strict=True):
            for detail in found:
                self._kinds_with.setdefault(detail, set()).add(item.kind)
        self._close = _pairs(colours.CLOSE_COLOURS)
        self._titles = np.array([title_key(item.title) for item in items])
        self._brands = np.array(self.brands)
        # "puma motorsport" may be called "puma" elsewhere, so brands are compared by their first word too.
        self._parent_brands = np.array([brand.split()[0] if brand else "" for brand in self.brands])
        self._examples, self._groups = self._group()
        _, self._twins = np.unique(
            np.array([f"{group} {brand}" for group, brand in zip(self._groups, self.brands, strict=True)]),
            return_inverse=True,
        )

    def _group(self) -> tuple[list[int], NDArray[np.int64]]:
        """One item of each group that only brand and title tell apart, and the group of every item."""
        numbers: dict[tuple[object, ...], int] = {}
        examples, groups = [], []
        for i, item in enumerate(self.items):
            sets = (frozenset(self.details[i]), frozenset(self.patterns[i]))
            key = (item.kind, item.colour, item.gender, item.usage, *sets)
            if key not in numbers:
                numbers[key] = len(numbers)
                examples.append(i)
            groups.append(numbers[key])
        return examples, np.array(groups, np.int64)

    def number(self, attribute: str, word: str) -> int:
        """The row of a component in `rows`; it is worked out on first use."""
        key = (attribute, word)
        if key not in self._numbers:
            self._numbers[key] = len(self.rows)
            self.rows.append(self._row(attribute, word))
        return self._numbers[key]

    def _row(self, attribute: str, word: str) -> NDArray[np.int8]:
        if attribute == "title":
            # A picture does not tell what only a model's name tells apart.
            named = self._titles == word
            twins = np.isin(self._twins, self._twins[named])
            return np.where(named, TRUE, np.where(twins, UNKNOWN, FALSE)).astype(np.int8)
        if attribute == "brand":
            may_be = (self._parent_brands == word.split()[0]) | (self._parent_brands == "")
            return np.where(self._brands == word, TRUE, np.where(may_be, UNKNOWN, FALSE)).astype(np.int8)
        judges: dict[str, Callable[[int, Item, str], int]] = {
            "kind": self._judge_kind,
            "detail": self._judge_detail,
            "colour": self._judge_colour,
            "gender": self._judge_gender,
            "pattern": self._judge_pattern,
            "occasion": self._judge_occasion,
        }
        judged = [judges[attribute](i, self.items[i], word) for i in self._examples]
        return np.array(judged, np.int8)[self._groups]

    def _judge_kind(self, i: int, item: Item, word: str) -> int:
        if word in KIND_WORDS[item.kind]:
            return TRUE
        if item.title and word in LABELS:
            return FALSE  # a catalogue that uses this very label did not give it to this picture
        is_possible = any(word in KIND_WORDS[kind] for kind in POSSIBLE_KINDS[item.kind])
        return max(UNKNOWN if is_possible else FALSE, self._judge_detail(i, item, word))

    def _judge_detail(self, i: int, item: Item, word: str) -> int:
        verdict = FALSE
        for name in DETAILS_CALLED.get(word, ()):
            if name in self.details[i]:
                return TRUE
            complete = split_names(details.COMPLETE_ON.get(name, ""))
            with_it = self._kinds_with.get(name, set())
            related = item.kind in with_it or not with_it.isdisjoint(POSSIBLE_KINDS[item.kind])
            if related and item.kind not in complete:
                verdict = UNKNOWN
        return max(verdict, TRUE if word in KIND_WORDS[item.kind] else FALSE)

    def _judge_colour(self, i: int, item: Item, word: str) -> int:
        if not item.colour:
            return UNKNOWN
        if word in COLOUR_WORDS.get(item.colour, ()):
            return TRUE
        labels = [label for label, called in COLOUR_WORDS.items() if word in called]
        is_close = any(label in self._close.get(item.colour, ()) for label in labels)
        return UNKNOWN if is_close or item.colour == "Multi" else FALSE

    def _judge_gender(self, i: int, item: Item, word: str) -> int:
        if not item.gender or item.gender == "Unisex":
            return TRUE if item.gender and word == "unisex" else UNKNOWN
        return TRUE if word in split_names(attributes.GENDERS[item.gender]) else FALSE

    def _judge_pattern(self, i: int, item: Item, word: str) -> int:
        name = next(name for name, (_, called) in attributes.PATTERNS.items() if word in split_names(called))
        if name in self.patterns[i]:
            return TRUE
        return FALSE if self.patterns[i] else UNKNOWN

    def _judge_occasion(self, i: int, item: Item, word: str) -> int:
        served_by = OCCASIONS_CALLED[word]
        if item.kind in served_by or f"{item.kind}/{item.usage}" in served_by:
            return TRUE
        by_kind = {entry.split("/")[0] for entry in served_by}
        return FALSE if by_kind.isdisjoint({item.kind, *POSSIBLE_KINDS[item.kind]}) else UNKNOWN


KIND_WORDS = {kind: [*split_names(called), kind] for kind, called in kinds.KINDS.items()}
KIND_WORDS["Free Gifts"] = ["free gift", "Free Gifts"]
# The label of a kind, and its commonest name where no other kind shares it.
_SHARED = Counter(word for called in KIND_WORDS.values() for word in called)
LABELS = {kind for kind in KIND_WORDS if kind[0].isupper()} | {
    called[0] for kind, called in KIND_WORDS.items() if kind[0].isupper() and _SHARED[called[0]] == 1
}
POSSIBLE_KINDS = {
    kind: split_names(kinds.POSSIBLY_ALSO[kind]) if kind in kinds.POSSIBLY_ALSO else [] for kind in KIND_WORDS
}
COLOUR_WORDS = {label: split_names(called) for label, called in colours.COLOURS.items()}
DETAILS_CALLED: dict[str, list[str]] = {}
for _name, (_, _called) in details.DETAILS.items():
    for _word in split_names(_called):
        DETAILS_CALLED.setdefault(_word, []).append(_name)
OCCASIONS_CALLED: dict[str, set[str]] = {
    phrase: set(split_names(served_by))
    for called, served_by in occasions.OCCASIONS.items()
    for phrase in split_names(called)
}


def _details_of(item: Item, seen: dict[str, list[str]]) -> set[str]:
    found = {name for name, ids in seen.items() if item.path.stem in ids}
    for name, (pattern, _) in details.DETAILS.items():
        fits = re.search(details.FOUND_ON[name], item.kind)
        if item.title and fits and re.search(pattern, item.title.lower()):
            found.add(name)
    return found


def _patterns_of(item: Item) -> set[str]:
    title = item.title.lower()
    return {name for name, (pattern, _) in attributes.PATTERNS.items() if re.search(pattern, title)}


def _pairs(groups: Sequence[str]) -> dict[str, set[str]]:
    close: dict[str, set[str]] = {}
    for group in map(split_names, groups):
        for label in group:
            close.setdefault(label, set()).update(set(group) - {label})
    return close


def brand_of(title: str) -> str:
    """The words before the gender in a title, in lower case; empty where the title names no gender."""
    parts = re.split(
        r"\b(?:men|women|unisex|boys|girls|kids|mens|womens|men's|women's|woman|man)\b",
        title.lower(),
        maxsplit=1,
    )
    return parts[0].strip() if len(parts) > 1 else ""


def title_key(title: str) -> str:
    """Equal for titles of the same words in any order and number."""
    return " ".join(sorted(word.rstrip("s") for word in re.findall(r"[a-z0-9]+", title.lower())))
