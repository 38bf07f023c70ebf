"""Price and stock as of now, where a shop can tell; else as last stated, with the time of that."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache

from catalog.models import Product
from catalog.sources.base import Offer, SourceError
from catalog.sources.protocols import ProductSource
from catalog.sources.registry import source_named

# The longest that a page waits for a shop, and how long a request for several products goes on asking it.
ASK_SECONDS, SEVERAL_SECONDS = 1.0, 3.0
LIVE = timedelta(seconds=60)
# An answer that is no longer live is still newer than most syncs.
KEPT_SECONDS = 900
# After a failure the shop is left alone for a while, and pages do not wait for it; for longer where it
# will fail again, such as with a refused key.
PAUSE_SECONDS, LONG_PAUSE_SECONDS = 30, 300

logger = logging.getLogger(__name__)

# DNS look-ups and slow trickles of bytes escape every socket timeout, so the wait is bounded from outside.
# A shop that hangs holds these threads, not those that serve pages.
_threads = ThreadPoolExecutor(8, thread_name_prefix="offers")


@dataclass(frozen=True)
class StatedOffer:
    """An offer, when it was stated, and whether the shop itself stated it within the last minute."""

    offer: Offer
    as_of: datetime
    is_live: bool

    def to_dict(self) -> dict[str, Any]:
        """For a cache."""
        return asdict(self)

    @classmethod
    def from_dict(cls, cached: Any) -> StatedOffer | None:
        """What ``to_dict`` made; None for anything else, such as what another release cached."""
        try:
            return cls(**{**cached, "offer": Offer(**cached["offer"])})
        except (TypeError, KeyError):
            return None


def current_offer(product: Product, *, now: datetime) -> StatedOffer:
    """The shop's offer, or the last known one. Raises nothing for what the shop does wrong."""
    return _stated(product, now=now, may_ask=True)


def current_offers(products: Iterable[Product], *, now: datetime) -> list[StatedOffer]:
    """The offers of several products, in their order; once SEVERAL_SECONDS are over, the last known ones."""
    deadline = time.monotonic() + SEVERAL_SECONDS
    return [_stated(product, now=now, may_ask=time.monotonic() < deadline) for product in products]


def _stated(product: Product, *, now: datetime, may_ask: bool) -> StatedOffer:
    key = f"offer:{product.pk}"
    known = StatedOffer.from_dict(cache.get(key))
    if known is not None and now - known.as_of < LIVE:
        return known
    fresh = _ask(product, now) if may_ask else None
    if fresh is not None:
        cache.set(key, fresh.to_dict(), KEPT_SECONDS)
        return fresh
    if known is not None and known.as_of > product.seen_at:
        return replace(known, is_live=False)
    return StatedOffer(_synced(product), product.seen_at, is_live=False)


def _ask(product: Product, now: datetime) -> StatedOffer | None:
    pause = f"offer-pause:{product.source}"
    source = source_named(product.source, now=now)
    if source is None or cache.get(pause):
        return None
    # Of many requests for one product at once, one asks the shop; the others take the last offer.
    if not cache.add(f"offer-pending:{product.pk}", now, 2 * ASK_SECONDS):
        return None
    try:
        offer = _ask_in_time(source, product)
    except SourceError as error:
        logger.warning("%s did not state the offer of %s: %s", product.source, product.product_id, error)
        cache.set(pause, now, LONG_PAUSE_SECONDS if error.permanent else PAUSE_SECONDS)
        return None
    return None if offer is None else StatedOffer(_completed(offer, product), now, is_live=True)


def _ask_in_time(source: ProductSource, product: Product) -> Offer | None:
    answer = _threads.submit(source.offer, product.external_id, product.style_id)
    try:
        return answer.result(ASK_SECONDS)
    except TimeoutError as error:
        answer.cancel()
        raise SourceError(f"It did not answer within {ASK_SECONDS:g} s.", permanent=False) from error


def _completed(offer: Offer, product: Product) -> Offer:
    """With the last known price where none is stated, as for a product that is gone."""
    if offer.price is None:
        return replace(offer, price=product.price, list_price=product.list_price, currency=product.currency)
    return replace(offer, currency=offer.currency or product.currency)


def _synced(product: Product) -> Offer:
    return Offer(
        price=product.price,
        list_price=product.list_price,
        currency=product.currency,
        in_stock=product.in_stock,
        quantity=product.quantity,
    )
