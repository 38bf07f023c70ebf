"""What a search field offers of the shop itself while somebody types: categories, and products with pictures.

Products are found by their words alone. The best completion stands for what is typed, so that "dre" shows
dresses; the encoder, which half a word tells nothing, is left to searches.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from catalog.display.cards import Card, cards
from search import engine
from search.browsing.sections import Section, categories
from search.engine import NotReady
from search.language.tokens import stems, words
from search.lexical.completions import Completion
from search.ranking import curation
from search.ranking.diversity import fold
from search.vectors import Rows

MAX_CATEGORIES, MAX_PRODUCTS = 3, 4
# What can be bought leads by this much relevance.
IN_STOCK = 0.5


def matching_categories(text: str, completions: Sequence[Completion]) -> list[Section]:
    """Categories with a word that begins with the typed ones, or that a completion names; largest first."""
    typed = f" {' '.join(words(text))}"
    if not typed.strip():
        return []
    named = {" ".join(words(each.text)) for each in completions if each.kind == "category"}
    found = [each for each in categories().sections if _begins(each, typed) or _folded(each) in named]
    # Of "Dress > Dresses" one is enough; the first is the larger.
    unique: dict[tuple[str, ...], Section] = {}
    for each in found:
        unique.setdefault(_stems(each), each)
    return list(unique.values())[:MAX_CATEGORIES]


def matching_products(text: str, completions: Sequence[Completion]) -> list[Card]:
    """The products that fit the best completion, or else the typed words; none without an index."""
    wanted = completions[0].text if completions else text
    if not words(wanted):
        return []
    try:
        keys = _best(wanted)
    except NotReady:
        return []
    found = cards(keys)
    return [found[key] for key in keys if key in found]


def _best(text: str) -> list[int]:
    """Primary keys, one of each style."""
    snapshot = engine.snapshot()
    rows, relevance = snapshot.lexical.scores(text, synonyms=curation.current().synonyms)
    columns = snapshot.columns
    shown = columns.active[rows]
    rows, relevance = rows[shown], relevance[shown]
    score = relevance + IN_STOCK * columns.in_stock[rows]
    order: Rows = rows[np.lexsort((columns.keys[rows], -score))][: 8 * MAX_PRODUCTS]
    return [int(key) for key in columns.keys[order[fold(order, columns.group).cards]][:MAX_PRODUCTS]]


def _begins(section: Section, typed: str) -> bool:
    return typed in f" {_folded(section)}"


@lru_cache(maxsize=4096)
def _stems(section: Section) -> tuple[str, ...]:
    return tuple(stems(section.name))


@lru_cache(maxsize=4096)
def _folded(section: Section) -> str:
    return " ".join(words(section.name))
