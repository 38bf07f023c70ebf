"""The sections that stand on the home page, each with the picture of one of its products."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from django.core.cache import cache
from django.db.models import Exists, OuterRef

from catalog.attributes import category_steps
from catalog.display.cards import cards
from catalog.models import Product, ProductImage
from search import engine
from search.browsing.sections import (
    KEPT_SECONDS,
    Directory,
    Section,
    categories,
    stated_categories,
    steps_key,
)

# With the number of the form that tiles are kept in: processes of two releases may share a cache.
_KEY = "home:tiles:2"
# Fewer tiles than this leave a row half empty.
LEAST, MOST = 6, 12
# A section with more of the shop than this says too little: it gives way to those below it.
LARGEST = 0.25
# Categories of a section that are asked for a picture, the largest first.
TRIED = 10


@dataclass(frozen=True)
class Tile:
    """A category, and the picture of a ``product`` that can be bought, by its primary key; ``width`` and
    ``height`` in pixels.
    """

    product: int
    name: str
    url: str
    count: int
    image: str
    srcset: str
    width: int
    height: int


def tiles() -> tuple[Tile, ...]:
    """The largest categories that have a picture to show, those of hidden products never."""
    held = cache.get(_KEY)
    if isinstance(held, str) and _are_shown(found := _read(held)):
        return found
    held = json.dumps([row for each in _largest(categories()) if (row := _row(each))])
    cache.set(_KEY, held, KEPT_SECONDS)
    return _read(held)


def _are_shown(found: Sequence[Tile]) -> bool:
    keys = {each.product for each in found}
    return keys == cards(keys).keys()


@lru_cache(maxsize=8)
def _read(held: str) -> tuple[Tile, ...]:
    return tuple(Tile(**row) for row in json.loads(held))


def has_sale() -> bool:
    """Whether the shop reduces any price; False without an index, which a search for it would need."""
    try:
        columns = engine.snapshot().columns
    except engine.NotReady:
        return False
    return bool((columns.on_sale & columns.active).any())


def _largest(directory: Directory) -> list[Section]:
    """The first sections, the largest replaced by those below until they are enough and alike in size."""
    shown = directory.below()
    most = LARGEST * sum(each.count for each in shown)
    while divided := _divisible(shown, directory, above=0 if len(shown) < LEAST else most):
        others = [each for each in shown if each is not divided]
        shown = sorted((*others, *directory.below(divided.steps)), key=lambda each: -each.count)
    return shown[:MOST]


def _divisible(shown: Sequence[Section], directory: Directory, *, above: float) -> Section | None:
    """The largest section with others below it, if it has more products than ``above``."""
    return next((each for each in shown if each.count > above and directory.below(each.steps)), None)


def _row(section: Section) -> dict[str, Any] | None:
    product = _representative(section)
    if product is None or not (cover := product.cover):
        return None
    return {
        "product": product.pk,
        "name": section.name,
        "url": section.url,
        "count": section.count,
        "image": cover.thumbnail_url,
        "srcset": cover.srcset,
        "width": cover.width,
        "height": cover.height,
    }


def _representative(section: Section) -> Product | None:
    """A pictured product in stock, of the largest category of the section that has one."""
    length, key = len(section.steps), steps_key(section.steps)
    pictured = Exists(ProductImage.objects.filter(product=OuterRef("pk")).exclude(content_hash=""))
    sold = Product.objects.active().filter(pictured, in_stock=True).for_cards().order_by("pk")
    stated = (
        (path, category)
        for path, category, _count in stated_categories()
        if steps_key(category_steps(path, category))[:length] == key
    )
    found = (
        sold.filter(category_path=path, category=category).first() for path, category in islice(stated, TRIED)
    )
    return next(filter(None, found), None)
