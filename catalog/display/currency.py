"""The shop's own currency: of price bounds, which name none."""

from __future__ import annotations

from collections import Counter

from django.core.cache import cache

from catalog.models import Product

# Where it is only shown, the currency may lag behind the catalogue by this much.
KEPT_SECONDS = 300
# Products that are asked: one whose row states another currency by mistake does not decide for all.
ASKED = 200


def shop_currency() -> str:
    """That of most of its first products with a price; "" without any."""
    priced = Product.objects.active().exclude(currency="").order_by("pk")
    counted = Counter(priced.values_list("currency", flat=True)[:ASKED])
    return max(counted, key=counted.__getitem__, default="")


def displayed_currency() -> str:
    """The same for what pages show: they ask for it with every bound, and it hardly ever changes."""
    held = cache.get("shop-currency")
    if not isinstance(held, str):
        held = shop_currency()
        cache.set("shop-currency", held, KEPT_SECONDS)
    return held
