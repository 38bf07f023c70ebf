"""Prices and stock changed between two syncs, for products of any source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.queue import announce_change
from catalog.sources.base import InvalidProduct, SourceProduct, hash_of
from catalog.sources.feeds.reading import PriceColumns, Reading, read_prices
from catalog.sources.feeds.rows import Row as FeedRow
from catalog.sources.feeds.rows import grouped
from catalog.sources.money import rounded
from catalog.syncing.listeners import OfferChange, announce
from catalog.syncing.sync import BATCH
from catalog.writing.results import Refused, Row, RowResult, RowStatus, rejected, without_repeats

_PRICE = ("price", "list_price", "currency")
_STOCK = ("in_stock", "quantity")
# Beside the offer, what a SourceProduct states and a Product stores under the same name.
_STATED = [each.name for each in fields(SourceProduct) if each.name not in ("images", "line")]


def update(source: str, rows: Sequence[Row], *, now: datetime) -> list[RowResult]:
    """Write prices and stock, in transactions of BATCH rows; they count until the source states others."""
    good, results = without_repeats(rows)
    for start in range(0, len(good), BATCH):
        with transaction.atomic():
            results += list(_update_batch(source, good[start : start + BATCH], now))
    if any(result.status == RowStatus.UPDATED for result in results):
        announce_change()
    return results


def _update_batch(source: str, rows: Sequence[Row], now: datetime) -> Iterator[RowResult]:
    # It also makes other writers wait, so that nothing read below changes meanwhile.
    generation = Product.objects.next_generation(now)
    in_shop = Product.objects.filter(Q(is_active=True) | Q(withheld=True), source=source)
    wanted = in_shop.filter(external_id__in=[row.external_id for row in rows]).prefetch_related("images")
    stored = {product.external_id: product for product in wanted}
    changed, confirmed, news = [], [], []
    for row in rows:
        product = stored.get(row.external_id)
        if product is None:
            yield rejected(row, _unknown())
            continue
        before = _offer(product)
        try:
            after = _changed(before, row.stated, now)
        except InvalidProduct as error:
            yield rejected(row, Refused("product_invalid", str(error)))
            continue
        status = RowStatus.UNCHANGED if after == before else RowStatus.UPDATED
        if status == RowStatus.UPDATED:
            _set(product, after, generation, now)
            news.append(_news(product, before, after))
            changed.append(product)
        else:
            confirmed.append(product.pk)
        yield RowResult(row.index, row.external_id, status, product.product_id)
    Product.objects.filter(pk__in=confirmed).update(seen_at=now)
    # An update of each row by its key; bulk_update takes four times as long.
    Product.objects.bulk_create(
        changed,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_PRICE, *_STOCK, "content_hash", "updated_at", "seen_at"],
    )
    announce(news, now=now)


def _set(product: Product, offer: Mapping[str, Any], generation: datetime, now: datetime) -> None:
    for name, value in offer.items():
        setattr(product, name, value)
    product.content_hash = _hash(product)
    product.updated_at, product.seen_at = generation, now


def _news(product: Product, before: Mapping[str, Any], after: Mapping[str, Any]) -> OfferChange:
    return OfferChange(
        product.pk,
        could_be_bought=product.is_active and before["in_stock"],
        can_be_bought=product.is_active and after["in_stock"],
        price_before=before["price"],
        price=after["price"],
        is_same_currency=before["price"] is None or before["currency"] == after["currency"],
    )


def _unknown() -> Refused:
    sentence = _("There is no such product in this source. Send the whole product first.")
    return Refused("product_unknown", sentence)


def _offer(product: Product) -> dict[str, Any]:
    return {name: getattr(product, name) for name in (*_PRICE, *_STOCK)}


def _changed(before: Mapping[str, Any], stated: Any, now: datetime) -> dict[str, Any]:
    """The offer with what the row states. Raises InvalidProduct."""
    offer = {**before, **{name: value for name, value in stated.items() if name != "id"}}
    prices = _prices(offer, now) if stated.keys() & set(_PRICE) else {}
    return {**offer, **prices, **_stock(offer, stated)}


def _prices(offer: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """As a feed's columns of these names would be read."""
    # Rounded before it is read as text, where the point of "1.299" could be a mark of thousands.
    currency = offer["currency"] or settings.DEFAULT_CURRENCY
    stated = {
        name: rounded(value, currency) if isinstance(value, Decimal) else value
        for name in _PRICE
        if (value := offer[name]) is not None
    }
    cells = grouped((name, str(value)) for name, value in stated.items())
    reading = Reading(now=now, currency=settings.DEFAULT_CURRENCY, decimal=".")
    asked = read_prices(FeedRow(0, cells), PriceColumns.of(reading.columns), reading)
    return {"price": asked.price, "list_price": asked.list_price, "currency": asked.currency}


def _stock(offer: Mapping[str, Any], stated: Mapping[str, Any]) -> dict[str, Any]:
    """Where one of the two is stated, the other follows."""
    in_stock, quantity = offer["in_stock"], offer["quantity"]
    if "in_stock" not in stated and stated.get("quantity") is not None:
        in_stock = quantity > 0
    elif "in_stock" in stated and "quantity" not in stated and quantity is not None:
        quantity = (quantity or None) if in_stock else 0
    return {"in_stock": in_stock, "quantity": quantity}


def _hash(product: Product) -> str:
    """What the source would have to state for the next sync to find nothing to write."""
    stated = {name: getattr(product, name) for name in _STATED}
    images = tuple(row.source_url for row in sorted(product.images.all(), key=lambda row: row.position))
    return hash_of({**stated, "images": images})
