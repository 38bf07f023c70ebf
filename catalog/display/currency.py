"""The shop's own currency: of price bounds, which name none."""

from __future__ import annotations

from catalog.models import Product


def shop_currency() -> str:
    """That of its first product with a price; "" without any."""
    priced = Product.objects.active().exclude(currency="").order_by("pk")
    return priced.values_list("currency", flat=True).first() or ""
