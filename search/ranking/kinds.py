"""The kind of thing that words ask for, as evidence for each category of the catalogue.

    evidence(category) = .7·likeness + .3·name + .3·said + .3·head + .4·need - elsewhere

``likeness`` is the mean text score of the five of its sampled products that are nearest to the words,
``name`` the text score of the category's own name, ``said`` the share of its products that say the words,
without colours and genders, which are no part of a kind, and ``head`` the share of its products that are what
the words end on: a head noun beats its modifier, so that "dress shoes" are shoes. ``need`` is the share of
the needs in the words that the category serves: socks for "something warm for my feet". The evidence depends
on the catalogue and the words alone; no filter, page or sort changes which kinds are meant, so counts stay
true.

The weights, the margin and the number of products are chosen by measurement (docs/measurements.md).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.index.categories import Categories
from search.language.lexicon import GENDER_OF, OF_NO_KIND, USUAL_NAMES, VALID_WORDS
from search.language.parser import IGNORE_ALL
from search.language.tokens import stem, stems, words
from search.language.wording.needs import needed
from search.lexical.terms import NO_SYNONYMS, Synonyms
from search.ranking.kind_names import LEAST_PRODUCTS, Phrase, is_own_name, named_as, named_things
from search.vectors import Mask, Rows, Scores

LIKENESS, NAME, SAID, HEAD, NEED = 0.7, 0.3, 0.3, 0.3, 0.4
# How many of a category's products have to be like the words.
NEAREST = 5
# Words name no kind where no category's name scores above the first, and surely one from the second on.
LEAST_NAME, SURE_NAME = 0.4, 0.7
# How surely words that state a need name kinds.
SURE_NEED = 0.6
# Categories this far below the best still answer.
MARGIN = 0.15
# The same for a picture alone, which shows one kind of thing.
SAME_KIND = 0.05
# What words name beside the thing they ask for has less evidence than any other kind.
ELSEWHERE = 1.0
# A category is one of a name's where that holds for most of its products.
_MOSTLY = 0.5
_NONE: Rows = np.empty(0, np.int64)
_SHORTEST_PART = 3
KIND = "kind"  # the field of the chip for the kind that the words name


@dataclass(frozen=True)
class Kinds:
    """What the words say about the kinds of n products; arrays are (n,)."""

    # (k,) the evidence for each category, in the units of a text score; and the category of each product.
    by_category: Scores
    of_row: NDArray[np.int32]
    # In [0, 1]: how surely the words name a kind at all.
    certainty: float
    # The products of the kinds that are meant.
    meant: Mask
    # The best evidence of any category.
    best: float
    # The one kind that is meant, where it is one; and whether the words are its very name.
    label: str
    is_named: bool
    # What the words say beside the name of a kind, and whether they hold such a name.
    qualifiers: str
    has_head: bool
    # (n,) products of what the words name beside the thing they ask for: saying the words is no answer.
    beside: Mask

    def evidence(self, rows: Rows) -> Scores:
        """(c,) that for the category of each of the rows, as a term of the score in [0, 1]; 0 without one."""
        scaled = np.clip(self.by_category / (LIKENESS + NAME + SAID + HEAD), 0.0, 1.0)
        return np.asarray(np.append(scaled, 0.0)[self.of_row[rows]], np.float32)


def ignored_kinds(ignore: Sequence[str]) -> tuple[str, ...] | None:
    """The kinds that the shopper took back, casefolded; None for all of them."""
    taken_back = [each.casefold() for each in ignore]
    if IGNORE_ALL in taken_back or KIND in taken_back:
        return None
    return tuple(each.removeprefix(f"{KIND}:") for each in taken_back if each.startswith(f"{KIND}:"))


def is_readable(word: str, knows: Callable[[str], bool]) -> bool:
    """Whether an encoder that ``knows`` some words can read this one: it, its stem, or two parts of which the
    second is a word of fashion, as in "timepiece" but not in "primark".
    """
    splits = range(_SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
    return (
        knows(word)
        or knows(stem(word))
        or any(knows(word[:at]) and _is_of_fashion(word[at:], knows) for at in splits)
    )


def _is_of_fashion(word: str, knows: Callable[[str], bool]) -> bool:
    return stem(word) in VALID_WORDS and (knows(word) or knows(stem(word)))


def kind_words(text: str, categories: Categories) -> str:
    """The words that can name a kind: without colours, genders and, but in the name of a kind ("Kids Shoes"),
    what says of children or prices. All where nothing else is left.
    """
    unnamed = categories.colour_stems | GENDER_OF.keys()
    if not OF_NO_KIND.isdisjoint(stems(text)):
        unnamed |= OF_NO_KIND.difference(*categories.named)
    left = [word for word in words(text) if not set(stems(word)) <= unnamed]
    return " ".join(left) or text


def kinds_of(
    text: str,
    categories: Categories,
    *,
    likeness: Scores,
    names: Scores,
    saying: Rows,
    synonyms: Synonyms = NO_SYNONYMS,
) -> Kinds | None:
    """The kinds that ``text`` asks for; None in a catalogue without categories.

    ``likeness`` (s,) are the text scores of the sampled products, ``names`` (k,) those of the categories'
    names, ``saying`` the index rows of the products that say ``text``, itself without colours and genders;
    ``synonyms`` are other names of things, by stemmed phrase.
    """
    if not len(categories):
        return None
    phrase = Phrase.read(text, categories, synonyms)
    headed = _share(phrase.rows, categories)
    unheaded = (
        LIKENESS * _nearest_mean(likeness, categories.starts)
        + NAME * names
        + SAID * _share(saying, categories)
    )
    elsewhere = _elsewhere(phrase, headed, categories, synonyms)
    need = _need(text, headed, categories)
    evidence = unheaded + HEAD * headed + NEED * need - ELSEWHERE * elsewhere
    labels, named = named_as(text, categories, synonyms)
    if named is None:
        more = _meant(evidence, categories.sizes, elsewhere)
        more = np.union1d(more, np.flatnonzero(headed >= _MOSTLY)) if phrase.is_list else more
    else:
        more = _NONE if is_own_name(text, categories) else _near(unheaded, named, categories)
    meant = categories.mask(more) if named is None else named | categories.mask(more)
    if named is not None and all(word.endswith(("ed", "less")) for word in words(text)):
        # "Hooded" only describes a thing: a jacket that says so is meant as a hoodie is.
        meant[saying] = True
    least = SURE_NEED if need.any() else 0.0
    kinds = [*labels, *(categories.labels[each] for each in more)]
    return Kinds(
        by_category=evidence,
        of_row=categories.of_row,
        certainty=1.0 if named is not None else max(least, _certainty(float(names.max()))),
        meant=meant,
        best=float(evidence.max()),
        label=kinds[0] if len(kinds) == 1 else "",
        is_named=named is not None,
        qualifiers="" if named is not None else phrase.qualifiers() if phrase.has_head else text,
        has_head=phrase.has_head,
        beside=categories.mask(np.flatnonzero(elsewhere) if not phrase.names_parts else _NONE),
    )


def with_picture(kinds: Kinds, categories: Categories, likeness: Scores, weight: float) -> Mask:
    """(n,) the products of the kinds that words and a picture mean together.

    ``likeness`` (s,) are the sampled products' scores for the picture, ``weight`` its part in [0, 1].
    """
    pictured = _nearest_mean(likeness, categories.starts)
    mixed = weight * pictured + (1.0 - weight) * kinds.by_category
    return categories.mask(_meant(mixed, categories.sizes, np.zeros_like(mixed)))


def of_picture(categories: Categories, likeness: Scores) -> Mask:
    """(n,) the products of the kind that a picture shows, whatever words wish for.

    ``likeness`` (s,) are the sampled products' scores for it.
    """
    pictured = _nearest_mean(likeness, categories.starts)
    return categories.mask(_meant(pictured, categories.sizes, np.zeros_like(pictured), SAME_KIND))


def _elsewhere(phrase: Phrase, headed: Scores, categories: Categories, synonyms: Synonyms) -> Scores:
    """(k,) 1 for the categories that the words name beside what they ask for, else 0: all but those of the
    head in "belt for jeans", the skirts of "something to wear with a skirt".
    """
    if phrase.tells_apart(categories, synonyms):
        return np.asarray(headed < _MOSTLY, np.float32)
    companions = _share(phrase.companions(categories, synonyms), categories)
    return np.asarray(companions >= _MOSTLY, np.float32)


def _need(text: str, headed: Scores, categories: Categories) -> Scores:
    """(k,) the share of the needs in the words that each category serves, of those of the head where there is
    one: the backpacks of "bag for school".
    """
    needs = [named_things(things, categories, USUAL_NAMES) for things in needed(text)]
    shares = [_share(rows, categories) >= _MOSTLY for rows in needs if len(rows)]
    served = np.mean(shares, axis=0) if shares else np.zeros(len(categories))
    return np.asarray(np.where(headed >= _MOSTLY, served, 0) if headed.any() else served, np.float32)


def _near(evidence: Scores, named: Mask, categories: Categories) -> Rows:
    """The further categories that are hardly less what is meant than those of an everyday name: shops sort
    jumpers under sweatshirts too. ``evidence`` (k,) is that without the head, which is the name itself; where
    another category has more of it, the name is one that the encoder does not know.
    """
    of_name = _share(np.flatnonzero(named), categories) >= _MOSTLY
    if not of_name[evidence.argmax()]:
        return _NONE
    return np.flatnonzero(~of_name & (evidence >= evidence[of_name].max() - MARGIN))


def _certainty(name: float) -> float:
    """From the text score of the category's name that is nearest to the words."""
    return min(max((name - LEAST_NAME) / (SURE_NAME - LEAST_NAME), 0.0), 1.0)


def _nearest_mean(scores: Scores, starts: Rows) -> Scores:
    """(k,) the mean of each category's NEAREST best scores, or of all where it has fewer."""
    sizes = np.diff(np.append(starts, len(scores)))
    # One row for each category, as wide as the largest: partitioning it is faster than sorting all scores.
    filled = np.arange(max(NEAREST, sizes.max())) < sizes[:, None]
    grid = np.full(filled.shape, np.inf, np.float32)
    grid[filled] = -scores
    best = np.partition(grid, NEAREST - 1, axis=1)[:, :NEAREST]
    return np.asarray(-best.sum(axis=1, where=np.isfinite(best)) / np.minimum(sizes, NEAREST), np.float32)


def _share(rows: Rows, categories: Categories) -> Scores:
    """(k,) the share of each category's products that are among ``rows``."""
    # The first is that of products without a category.
    counts = np.bincount(categories.of_row.take(rows) + 1, minlength=len(categories) + 1)[1:]
    return np.asarray(counts / categories.sizes, np.float32)


def _meant(evidence: Scores, sizes: NDArray[np.int64], elsewhere: Scores, margin: float = MARGIN) -> Rows:
    """The categories within the margin, best first, and further ones until there are some products; none of
    those ``elsewhere`` beside any other.
    """
    order = np.argsort(-evidence, kind="stable")
    order = order[: max(int(np.count_nonzero(elsewhere == 0)), 1)]
    needed = int(np.searchsorted(np.cumsum(sizes[order]), LEAST_PRODUCTS)) + 1
    within = int(np.count_nonzero(evidence >= evidence[order[0]] - margin))
    return order[: max(needed, within)]
