"""The names of kinds in the words of a query: those of the catalogue, and everyday names for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from search.index.categories import Categories, step_key
from search.language.lexicon import BROADER_NAMES, VALID_WORDS
from search.language.tokens import phrase_key, stem, words
from search.lexical.terms import Synonyms
from search.vectors import Mask, Rows

# What follows these says more about the head noun: "shirt with stripes".
_BEFORE_A_COMPLEMENT = frozenset(
    ["for", "in", "with", "of", "without", "to", "from", "on", "at", "under", "over", "that", "which", "who"]
)
# Behind "over" they say how high or large a thing is: "over the knee boots".
_REACHES = frozenset(["knee", "knees", "ankle", "thigh", "shoulder", "head", "ear", "ears", "size", "sized"])
_BEFORE_A_STATEMENT = frozenset(["with", "in", "of"])
_SHORTEST_PART = 3
# Kinds with fewer products than this are no reason to leave out the next best kind.
LEAST_PRODUCTS = 5
# With a page of products of a narrower kind the broader one is not meant: sneakers before shoes.
LEAST_PAGE = 24

# The labels of categories or steps and their products (n,).
Named = tuple[list[str], Mask | None]
_NONE: Named = ([], None)


def named_as(phrase: str, categories: Categories, synonyms: Synonyms) -> Named:
    """What a phrase is the name of: a category or a step to one; where that has hardly any products, also
    what it is another name of.
    """
    own = categories.named.get(step_key(phrase))
    if own is not None and np.count_nonzero(own[1]) >= LEAST_PRODUCTS:
        return [own[0]], own[1]
    key = phrase_key(phrase)
    others = (categories.named.get(step_key(each)) for each in synonyms.get(key, ()))
    found = dict(filter(None, (own, *others)))
    if sum(map(np.count_nonzero, found.values())) < LEAST_PAGE:
        broader = (categories.named.get(step_key(each)) for each in BROADER_NAMES.get(key, ()))
        found |= dict(filter(None, broader))
    kept = [label for label in found if not _is_broader(label, found)]
    return (kept, np.logical_or.reduce([found[label] for label in kept])) if kept else _NONE


def _is_broader(label: str, found: Mapping[str, Mask]) -> bool:
    """Whether it is the step to another one that was found: "bags" beside "handbags"."""
    own = found[label]
    return any(
        other != label and not mask[~own].any() and mask.sum() < own.sum() for other, mask in found.items()
    )


def named_by_head(text: str, categories: Categories, synonyms: Synonyms) -> Rows:
    """Rows of what the words end on, before a "for" or a "with": the longest such name counts."""
    phrase = _before_a_complement(text)
    ends = [" ".join(phrase[start:]) for start in range(len(phrase))]
    for end in [*ends, *_ends_within(phrase[-1])] if phrase else []:
        _labels, named = named_as(end, categories, synonyms)
        if named is not None:
            return np.flatnonzero(named)
    return np.empty(0, np.int64)


def qualifiers(text: str, categories: Categories, synonyms: Synonyms) -> tuple[str, bool]:
    """What the words say beside the name of a kind, such as "striped" of "striped dress" and of "dress with
    stripes", and whether they name one; all of the words where they do not.
    """
    phrase = _before_a_complement(text)
    for start in range(len(phrase)):
        if named_as(" ".join(phrase[start:]), categories, synonyms)[1] is not None:
            return " ".join([*phrase[:start], *_stated(words(text)[len(phrase) :])]), True
    return text, False


def _stated(complement: Sequence[str]) -> Sequence[str]:
    """The words of "with stripes"; those of "for the gym" are a purpose, which products seldom name."""
    return complement[1:] if complement[:1] and complement[0] in _BEFORE_A_STATEMENT else ()


def _before_a_complement(text: str) -> list[str]:
    """The words up to a complement: all of "over the knee boots", the first of "shawl over a dress"."""
    every = words(text)
    ends = (at for at in range(len(every)) if _begins_complement(every, at))
    return every[: next(ends, len(every))]


def _begins_complement(every: Sequence[str], at: int) -> bool:
    after = [word for word in every[at + 1 :] if word != "the"][:1]
    reaches = every[at] == "over" and not _REACHES.isdisjoint(after)
    return every[at] in _BEFORE_A_COMPLEMENT and not reaches


def _ends_within(word: str) -> list[str]:
    """The later parts of a word that begins with a known one: "miniskirt" ends on "skirt"."""
    cuts = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return [word[cut:] for cut in cuts if stem(word[:cut]) in VALID_WORDS]
