"""Complete the look: the pieces that go with one product, from the index in service."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from analytics.events.pairs import Pair
from catalog.attributes import choices
from catalog.models import Product
from search import engine
from search.engine import IndexSnapshot
from search.index.columns import Columns
from search.looks import harmony, reasons, staff
from search.looks.bought import Bought, pairs, shown
from search.looks.building import Anchor, LookBuilder, Piece
from search.looks.garments import garment_of_title, garments_of
from search.looks.table import table
from search.looks.wardrobe import OCCASION_NAMES, Wardrobe, occasion_of
from search.looks.wearers import wearer
from search.ranking import curation

# What a page shows unless asked for another number.
PIECES = 5
CACHE_SECONDS = 3600


@dataclass(frozen=True)
class Match:
    """One piece of a look. ``reason`` is in the language of the request; ``terms`` are in [0, 1]."""

    rank: int
    slot: str
    slot_name: str
    product: Product
    score: float
    terms: Mapping[str, float]
    reason: str
    is_fixed: bool


@dataclass(frozen=True)
class Look:
    """What is worn with a product, and what the same people bought besides."""

    pieces: list[Match]
    bought: list[Bought]


def look_of(product: Product, *, now: datetime, size: int = PIECES) -> Look:
    """As ``complete_the_look``, with what was bought together and is no piece of it."""
    found = pairs(product)
    pieces = complete_the_look(product, now=now, size=size, bought=found)
    return Look(pieces, shown(found, besides=[piece.product for piece in pieces]) if found else [])


def complete_the_look(
    product: Product, *, now: datetime, size: int = PIECES, bought: Sequence[Pair] = ()
) -> list[Match]:
    """At most ``size`` products that complete an outfit with this one, one for each slot; [] where nothing
    goes with it. ``bought`` is what people bought with it. Raises NotReady without an index.
    """
    snapshot = engine.snapshot()
    wishes = staff.wishes(product, now=now)
    wardrobe = _wardrobe(snapshot)
    anchor = _anchor(product, snapshot, wardrobe)
    if anchor is None:
        return []
    key = _cache_key(product, snapshot, wishes, bought)
    pieces = _read(cache.get(key))
    if pieces is None:
        scores = {pair.key: pair.score for pair in bought}
        pieces = LookBuilder(anchor, wardrobe, snapshot.index.vectors, wishes, scores).look()
        cache.set(key, [vars(piece) for piece in pieces], CACHE_SECONDS)
    return _matches(anchor, pieces[:size], product, snapshot.columns)


def _matches(anchor: Anchor, pieces: Sequence[Piece], product: Product, columns: Columns) -> list[Match]:
    keys = [int(columns.keys[piece.row]) for piece in pieces]
    found = Product.objects.active().filter(in_stock=True).for_cards().in_bulk(keys)
    shown = [(piece, found[key]) for piece, key in zip(pieces, keys, strict=True) if key in found]
    return [
        Match(
            rank=rank,
            slot=piece.slot,
            slot_name=reasons.slot_name(piece.slot),
            product=shown_product,
            score=round(piece.score, 6),
            terms={name: round(value, 6) for name, value in piece.terms.items()},
            reason=reasons.reason(anchor, piece, product.colour),
            is_fixed=piece.is_fixed,
        )
        for rank, (piece, shown_product) in enumerate(shown, 1)
    ]


def _anchor(product: Product, snapshot: IndexSnapshot, wardrobe: Wardrobe) -> Anchor | None:
    """None for a product that is part of no outfit, or of a kind that is not known."""
    rows = snapshot.columns.rows_of([product.pk])
    number = int(wardrobe.garment[rows[0]]) if len(rows) else -1
    name = wardrobe.garments[number] if number >= 0 else _garment_of(product)
    if not name or not table().garments[name].slot:
        return None
    stated = dict(choices(product.attributes))
    return Anchor(
        key=product.pk,
        garment=table().garments[name],
        tone=harmony.tone(product.colour, is_denim=name == "jeans"),
        occasion=next(filter(None, (occasion_of([stated.get(each, "")]) for each in OCCASION_NAMES)), ""),
        wearer=int(wardrobe.wearer[rows[0]])
        if len(rows)
        else wearer(product.gender, stated.get("age_group", "")),
        style=int(snapshot.columns.group[rows[0]]) if len(rows) else None,
        vector=snapshot.index.vectors[rows[0]] if len(rows) else None,
    )


def _garment_of(product: Product) -> str:
    """Of a product too new for the index, or whose category says nothing."""
    return garments_of([product.category], curation.current().synonyms)[0] or garment_of_title(product.title)


def _wardrobe(snapshot: IndexSnapshot) -> Wardrobe:
    """The wardrobe of these columns, computed once for them; two threads may compute it at once."""
    global _held
    columns = snapshot.columns
    held, synonyms = _held, curation.current().synonyms
    if held is None or held[0] is not columns or held[1] != synonyms:
        held = _held = (columns, synonyms, Wardrobe.of(columns, synonyms, snapshot.lexical.rows_saying))
    return held[2]


_held: tuple[Columns, Mapping[str, tuple[str, ...]], Wardrobe] | None = None


def _cache_key(
    product: Product, snapshot: IndexSnapshot, wishes: staff.Wishes, bought: Sequence[Pair]
) -> str:
    parts = (
        *(snapshot.index.manifest.version, snapshot.columns.generation, product.pk, product.updated_at),
        *(wishes.fixed, sorted(wishes.forbidden), wishes.forbidden_categories, bought),
    )
    return f"look:{hashlib.sha256(repr(parts).encode()).hexdigest()}"


def _read(cached: Any) -> list[Piece] | None:
    """None for nothing, and for what another release cached."""
    try:
        return None if cached is None else [Piece(**each) for each in cached]
    except TypeError:
        return None
