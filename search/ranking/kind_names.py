"""The names of kinds in the words of a query: those of the catalogue, and everyday names for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np

from search.index.categories import Categories, step_key
from search.language.complements import complements, names_companion, stated, wished, without_trailing
from search.language.lexicon import (
    BROADER_NAMES,
    COMPANIONS,
    ENSEMBLES,
    GARMENTS,
    GENDER_OF,
    JOINERS,
    MATCHING,
    STATEMENTS,
    VALID_WORDS,
    WITHIN,
)
from search.language.tokens import phrase_key, stem, stems, words
from search.language.wording.compounds import is_one_thing
from search.language.wording.wishes import is_garment, naming
from search.lexical.terms import Synonyms
from search.vectors import Mask, Rows

_SHORTEST_PART = 3
_NOBODY: Rows = np.empty(0, np.int64)
# Kinds with fewer products than this are no reason to leave out the next best kind.
LEAST_PRODUCTS = 5
# With a page of products of a narrower kind the broader one is not meant: sneakers before shoes.
LEAST_PAGE = 24

# The labels of categories or steps and their products (n,).
Named = tuple[list[str], Mask | None]
_NONE: Named = ([], None)


def named_as(phrase: str, categories: Categories, synonyms: Synonyms) -> Named:
    """What a phrase is the name of: a category or a step to one, also with what it is another name of behind
    it ("puffer": Puffer Jackets); where that has hardly any products, also what it is another name of.
    """
    key = phrase_key(phrase)
    usual, broader = synonyms.get(key, ()), BROADER_NAMES.get(key, ())
    own = categories.named.get(step_key(phrase))
    whole = (own, *(categories.named.get(each) for each in _in_full(phrase, (*usual, *broader))))
    if found_whole := next((each for each in whole if each is not None and _is_usual(each[1])), None):
        return [found_whole[0]], found_whole[1]
    others = (categories.named.get(step_key(each)) for each in usual)
    found = dict(filter(None, (own, *others)))
    if sum(map(np.count_nonzero, found.values())) < LEAST_PAGE:
        found |= dict(filter(None, (categories.named.get(step_key(each)) for each in broader)))
    kept = _first_named(found)
    return (kept, reduce(np.logical_or, (found[label] for label in kept))) if kept else _NONE


def named_things(things: Iterable[str], categories: Categories, synonyms: Synonyms) -> Rows:
    """Rows of the products that any of these names stands for, ascending."""
    found = (named_as(thing, categories, synonyms)[1] for thing in things)
    masks = [mask for mask in found if mask is not None]
    return np.flatnonzero(np.logical_or.reduce(masks)) if masks else _NOBODY


def of_product(row: int, categories: Categories) -> Mask | None:
    """(n,) the products of the kind of one, by the narrowest step of its path that has enough of them; None
    where it has no category. The widest of several steps holds things of all kinds.
    """
    found = {id(mask): mask for _label, mask in categories.named.values() if mask[row]}
    ordered = sorted(found.values(), key=np.count_nonzero)
    steps = ordered[: max(len(ordered) - 1, 1)]
    return next(filter(_is_usual, steps), steps[-1]) if steps else None


def is_own_name(phrase: str, categories: Categories) -> bool:
    """Whether a phrase is the catalogue's own name for a kind, and no everyday name of it."""
    own = categories.named.get(step_key(phrase))
    return own is not None and _is_usual(own[1])


def names_a_thing(text: str, categories: Categories, synonyms: Synonyms) -> bool:
    """Whether words beside a picture name a thing of their own: "matching boots", "this as a skirt",
    "something to wear with it". Others are a wish about the picture: "in blue", "with a belt".
    """
    unnamed = categories.colour_stems | GENDER_OF.keys()
    parts = ([word for word in part if not set(stems(word)) <= unnamed] for part in naming(words(text)))
    return any(_names_a_thing(part, categories, synonyms) for part in parts)


def _names_a_thing(every: Sequence[str], categories: Categories, synonyms: Synonyms) -> bool:
    phrase = Phrase.read(" ".join(every), categories, synonyms)
    if len(phrase.rows):
        # "Party wear" says how the thing is worn.
        return not (phrase.is_within and every[-1:] == ["wear"])
    return is_garment(phrase.before) or names_companion(every)


def _is_usual(products: Mask) -> bool:
    return int(np.count_nonzero(products)) >= LEAST_PRODUCTS


def _in_full(phrase: str, usual: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """The keys of a phrase with each of its usual names behind it, unless that name holds it already."""
    for name in usual:
        if (key := step_key(f"{phrase} {name}")) != step_key(name):
            yield key


def _first_named(found: Mapping[str, Mask]) -> list[str]:
    """The labels without each step to one that stands before it, which says better what is meant, and without
    what such a step leads to: "bags" behind "handbags". A step that stands first is what is meant.
    """
    kept: list[str] = []
    covered: list[Mask] = []
    for label, mask in found.items():
        narrower = [found[each] for each in kept if not (found[each] & ~mask).any()]
        if not narrower and all((mask & ~other).any() for other in covered):
            kept.append(label)
        if not narrower or any(map(_is_usual, narrower)):
            covered.append(mask)
    return kept


@dataclass(frozen=True)
class Phrase:
    """What the words ask for, as a noun phrase over one catalogue: words ``before`` the head, the products of
    the head (``rows``, ascending; none where it names no kind), and the complement ``behind`` it.

    ``has_head`` where whole words are the name of a kind, which "miniskirt" is not; ``is_list`` where it is
    two of them, as in "shirt and tie"; ``is_within`` where it is no kind but surely within one: "boots".
    """

    before: Sequence[str]
    rows: Rows
    behind: Sequence[str]
    has_head: bool = False
    is_list: bool = False
    is_within: bool = False

    @classmethod
    def read(cls, text: str, categories: Categories, synonyms: Synonyms) -> Phrase:
        every = words(text)
        if start := wished(every):
            found = cls._of(every[start:], categories, synonyms)
            if found.has_head:
                # What stands before a wish is what it is for.
                return found if found.behind else replace(found, behind=["for", *every[:start]])
        return cls._of(every, categories, synonyms)

    @classmethod
    def _of(cls, every: Sequence[str], categories: Categories, synonyms: Synonyms) -> Phrase:
        for end in (*complements(every), len(every)):
            found = _head(every[:end], categories, synonyms)
            if found is not None:
                return replace(found, behind=every[end:])
            if end == len(every) or every[end] not in MATCHING:
                break
        return cls(every[:end], _NOBODY, every[end:])

    def qualifiers(self) -> str:
        """What the words say beside the name of a kind: "striped" of "striped dress" and of "dress with
        stripes".
        """
        return " ".join([*self.before, *stated(self.behind)])

    def companions(self, categories: Categories, synonyms: Synonyms) -> Rows:
        """Rows of what the thing is to go with, where it is not said which kind it is: the skirts of
        "something to wear with a skirt".
        """
        if len(self.rows) or not names_companion([*self.before, *self.behind]):
            return _NOBODY
        # The verb may end a German phrase: "das zu einem Rock passt".
        behind = [word for word in self.behind if word not in COMPANIONS]
        ends = (*complements(behind), len(behind))
        found = (_head(behind[:end], categories, synonyms) for end in ends)
        return reduce(np.union1d, (each.rows for each in found if each is not None), _NOBODY)

    def tells_apart(self, categories: Categories, synonyms: Synonyms) -> bool:
        """Whether the words hold more than the head that may name a kind, so that only the head tells which
        is meant: "belt for jeans", "jeans jacket".
        """
        if not len(self.rows):
            return False
        described = [word for word in self.before if named_as(word, categories, synonyms)[1] is not None]
        return self.is_within or bool(self.behind) or len(described) == 1

    @property
    def names_parts(self) -> bool:
        """Whether the complement says what the thing has: a set of a kurta with leggings is both."""
        return bool(self.behind) and self.behind[0] in STATEMENTS


def _head(every: Sequence[str], categories: Categories, synonyms: Synonyms) -> Phrase | None:
    """The phrase with the longest name that it ends on, or with both of "shirt and tie" (set); what describes
    a thing may stand behind it, as in "skirt pleated".
    """
    core = without_trailing(every)
    if core and len(core) < len(every) and (found := _head_at_end(core, categories, synonyms)):
        return replace(found, before=[*found.before, *every[len(core) :]])
    whole = _head_at_end(every, categories, synonyms)
    if every and every[-1] in ENSEMBLES:
        parts = _head_at_end(every[:-1], categories, synonyms)
        return parts if parts is not None and (parts.is_list or whole is None) else whole
    return whole


def _head_at_end(every: Sequence[str], categories: Categories, synonyms: Synonyms) -> Phrase | None:
    for start in range(len(every)):
        if every[start] in JOINERS:
            continue
        # "Sweat shirt" and "hand bag" are one word in most shops.
        joiners = (" ", "") if start == len(every) - 2 else (" ",)
        for name in (joiner.join(every[start:]) for joiner in joiners):
            named = named_as(name, categories, synonyms)[1]
            if named is not None:
                found = Phrase(every[:start], np.flatnonzero(named), (), has_head=True)
                return _joined(every, found, categories, synonyms)
        if start == len(every) - 2 and is_one_thing(*every[start:]):
            return _head_at_end([*every[:start], "".join(every[start:])], categories, synonyms)
    # A waistcoat is no coat, and a tracksuit no suit.
    for name in _ends_within(every[-1]) if every and stem(every[-1]) not in GARMENTS else ():
        named = named_as(name, categories, synonyms)[1]
        if named is not None:
            return Phrase(every[:-1], np.flatnonzero(named), ())
    for step in WITHIN.get(stem(every[-1]), ()) if every else ():
        if found_step := categories.named.get(step_key(step)):
            return Phrase(every[:-1], np.flatnonzero(found_step[1]), (), is_within=True)
    return None


def _joined(every: Sequence[str], head: Phrase, categories: Categories, synonyms: Synonyms) -> Phrase:
    """A head with the one that "and" or "or" joins it to."""
    if not head.before or head.before[-1] not in JOINERS:
        return head
    first = _head_at_end(head.before[:-1], categories, synonyms)
    if first is None:
        return head
    return replace(first, rows=np.union1d(first.rows, head.rows), is_list=True)


def _ends_within(word: str) -> list[str]:
    """The later parts of a word that begins with a known one: "miniskirt" ends on "skirt"."""
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return [word[cut:] for cut in cuts if stem(word[:cut]) in VALID_WORDS]
