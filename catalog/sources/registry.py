"""Which adapter reads which source: feeds by their address, shops by the keys in the settings."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from catalog.sources.base import ProductSource, ShopSource
from catalog.sources.feed import FeedSource
from catalog.sources.shopify import ShopifySource
from catalog.sources.shopify_api import ShopifyKeys
from catalog.sources.woocommerce import WooCommerceSource

# The names that shops' APIs have as sources, and what configures them.
SHOPS = {
    "shopify": "SHOPIFY_SHOP and the keys that go with it",
    "woocommerce": "WOOCOMMERCE_URL, WOOCOMMERCE_KEY and WOOCOMMERCE_SECRET",
}


def source_at(name: str, address: str, *, now: datetime) -> ProductSource:
    """The source called ``name`` at ``address``: a feed's path or http(s) URL."""
    return FeedSource(name, address, now=now)


def source_named(name: str, *, now: datetime) -> ProductSource | None:
    """The source of this name in CATALOGUE_SOURCES, or the shop of this name; None where there is neither."""
    address = settings.CATALOGUE_SOURCES.get(name)
    return shop_named(name) if address is None else source_at(name, address, now=now)


def shop_named(name: str) -> ShopSource | None:
    """The shop of this name with the keys of the settings; None where there are none."""
    if name == "shopify" and settings.SHOPIFY_SHOP:
        keys = ShopifyKeys(settings.SHOPIFY_TOKEN, settings.SHOPIFY_CLIENT_ID, settings.SHOPIFY_CLIENT_SECRET)
        return ShopifySource(settings.SHOPIFY_SHOP, keys)
    if name == "woocommerce" and settings.WOOCOMMERCE_URL:
        return WooCommerceSource(
            settings.WOOCOMMERCE_URL, settings.WOOCOMMERCE_KEY, settings.WOOCOMMERCE_SECRET
        )
    return None


def source_names() -> list[str]:
    """Every source that the settings know: feeds first, then shops."""
    shops = {"shopify": settings.SHOPIFY_SHOP, "woocommerce": settings.WOOCOMMERCE_URL}
    return [*settings.CATALOGUE_SOURCES, *(name for name, given in shops.items() if given)]
