"""The shop's own currency: of price bounds, which name none."""

from __future__ import annotations

from django.core.cache import cache

from catalog.models import Product

# Where it is only shown, the currency may lag behind the catalogue by this much.
KEPT_SECONDS = 300


def shop_currency() -> str:
    """That of its first product with a price; "" without any."""
    priced = Product.objects.active().exclude(currency="").order_by("pk")
    return priced.values_list("currency", flat=True).first() or ""


def displayed_currency() -> str:
    """The same for what pages show: they ask for it with every bound, and it hardly ever changes."""
    held = cache.get("shop-currency")
    if not isinstance(held, str):
        held = shop_currency()
        cache.set("shop-currency", held, KEPT_SECONDS)
    return held
