"""Wishes to tap beside a query picture: words that narrow its answer, made of what the answer holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from statistics import quantiles

import numpy as np
from django.utils.translation import gettext as _

from catalog.templatetags.shop import amid_sentence
from search import engine
from search.index.columns import Codes, ManyCodes
from search.language.tokens import stem, words
from search.pages.addresses import results_url
from search.pages.picture import vocabulary
from search.query import Filters, SearchQuery
from search.result import SearchResult

MOST = 6
COLOURS, DETAILS = 2, 2
# A wish must leave something, and leave something out: shares of the products that have the word.
LEAST_SHARE, MOST_SHARE = 0.08, 0.6
# Prices are rounded down to steps that people say.
PRICE_STEPS = (500, 100, 50, 10, 5, 1)


@dataclass(frozen=True)
class Wish:
    """Words that a shopper may add to those of the query, and the address of the results with them."""

    words: str
    url: str


def wishes(result: SearchResult) -> list[Wish]:
    """Words that fit the kind of thing that the picture shows; none without a picture or an answer."""
    query = result.query
    if not query.has_picture or not result.hits:
        return []
    said = set(map(stem, words(query.text)))
    offered = (each for each in _offers(result) if not said & set(map(stem, words(each))))
    return [Wish(each, _url(query, each)) for each in islice(dict.fromkeys(offered), MOST)]


def _offers(result: SearchResult) -> Iterator[str]:
    for colour in _colours(result):
        yield _("in %(colour)s") % {"colour": colour}
    kind = _kind(result)
    for column in ("material", "pattern"):
        yield from islice(filter(None, map(vocabulary.shown, _usual(column, kind, MOST_SHARE))), 1)
    yield from _details(result)
    price = _lower_price(result)
    if price and not result.query.filters.price_max and not _is_read("price_max", result):
        yield _("under %(price)s") % {"price": price}


def _is_read(field: str, result: SearchResult) -> bool:
    return any(chip.field == field for chip in result.chips)


def _colours(result: SearchResult) -> list[str]:
    """The usual colours of the kind, without the one that the best hits have: the picture's own."""
    if result.query.filters.colour or _is_read("colour", result):
        return []
    own = Counter(hit.product.colour for hit in result.hits[:8]).most_common(1)[0][0]
    others = (vocabulary.shown(each) for each in _usual("colour", _kind(result), 1.0) if each != own)
    return list(islice(filter(None, others), COLOURS))


def _kind(result: SearchResult) -> str:
    """The category of most of the best hits."""
    return Counter(hit.product.category for hit in result.hits).most_common(1)[0][0]


def _usual(name: str, kind: str, most: float) -> Iterator[str]:
    """The values of a column that enough products of the kind have and not more than a share of ``most``,
    the most frequent first.
    """
    columns = engine.snapshot().columns
    rows = np.flatnonzero(columns.passing(Filters(category=(kind,) if kind else ())))
    column: Codes | ManyCodes = getattr(columns, name)
    _at, codes = column.pairs(rows)
    counts = np.bincount(codes, minlength=len(column.values)) / max(len(rows), 1)
    return (
        column.values[code]
        for code in np.argsort(-counts, kind="stable").tolist()
        if LEAST_SHARE <= counts[code] <= most
    )


def _details(result: SearchResult) -> list[str]:
    """Details of the hits' titles that tell them apart: "printed", "sleeveless"."""
    counted: Counter[str] = Counter()
    for hit in result.hits:
        product = hit.product
        named = " ".join((product.brand, product.category, product.colour))
        counted.update(vocabulary.details(product.title) - vocabulary.details(named))
    cards = len(result.hits)
    # The more frequent first, and those that are as frequent always in one order.
    frequent = sorted(counted.items(), key=lambda each: (-each[1], each[0]))
    return [
        amid_sentence(detail)
        for detail, count in frequent
        if LEAST_SHARE <= count / cards <= MOST_SHARE and count > 1
    ][:DETAILS]


def _lower_price(result: SearchResult) -> int | None:
    """A round price that about a quarter of the cards stay under; None where they cost much the same."""
    prices = sorted(float(hit.product.price) for hit in result.hits if hit.product.price is not None)
    if len(prices) < 4:
        return None
    quarter = quantiles(prices, n=4)[0]
    step = next(step for step in PRICE_STEPS if quarter >= 2 * step or step == 1)
    rounded = int(quarter // step * step)
    return rounded if prices[0] < rounded < prices[-1] else None


def _url(query: SearchQuery, wish: str) -> str:
    text = f"{query.text} {wish}".strip()
    # Beside the picture alone nothing was weighed yet.
    weight = query.weight if query.text else SearchQuery().weight
    return results_url(query, text=text, weight=weight)
