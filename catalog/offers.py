"""Price and stock as of now, where a shop can be asked; else as the last sync left them."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from catalog.models import Product
from catalog.sources.addresses import source_named
from catalog.sources.base import Offer, SourceError

LIVE_SECONDS = 60
# After a failure the shop is left alone for a while, and pages do not wait for it.
PAUSE_SECONDS = 30

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class StatedOffer:
    """An offer, when it was stated, and whether the shop itself said it just now (or within a minute)."""

    offer: Offer
    as_of: datetime
    is_live: bool


def current_offer(product: Product, *, now: datetime) -> StatedOffer:
    """Never raises for what the shop does: the last sync's offer is always there to fall back on."""
    key = f"offer:{product.pk}"
    known = cache.get(key)
    if known is None:
        known = _ask(product, now)
        if known is not None:
            cache.set(key, known, LIVE_SECONDS)
    return known or StatedOffer(_synced(product), product.seen_at, is_live=False)


def _ask(product: Product, now: datetime) -> StatedOffer | None:
    pause = f"offer-pause:{product.source}"
    source = source_named(product.source, now=now)
    if source is None or cache.get(pause):
        return None
    try:
        offer = source.offer(product.external_id)
    except SourceError as error:
        logger.warning("%s did not say what %s costs now: %s", product.source, product.product_id, error)
        cache.set(pause, True, PAUSE_SECONDS)  # noqa: FBT003 - the cache's signature
        return None
    return None if offer is None else StatedOffer(offer, now, is_live=True)


def _synced(product: Product) -> Offer:
    return Offer(
        price=product.price,
        list_price=product.list_price,
        currency=product.currency,
        in_stock=product.in_stock,
        quantity=product.quantity,
    )
