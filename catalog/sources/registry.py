"""Which adapter reads which source: feeds by their address, shops by the keys in the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings

from catalog.models import Product, SavedOptions
from catalog.sources.base import SourceError
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.feeds.options import FeedOptions, options_of_file
from catalog.sources.names import API, is_of_api
from catalog.sources.protocols import ProductSource, ShopSource
from catalog.sources.shops.magento import MagentoSource
from catalog.sources.shops.medusa import MedusaSource
from catalog.sources.shops.saleor.adapter import SaleorSource
from catalog.sources.shops.shopify import ShopifySource
from catalog.sources.shops.vendure import VendureSource
from catalog.sources.shops.woocommerce import WooCommerceSource

# Every kind of shop, by its adapter; docs/extending.md tells how to add one.
SHOPS: tuple[type[ShopSource], ...] = (
    ShopifySource,
    WooCommerceSource,
    VendureSource,
    MedusaSource,
    MagentoSource,
    SaleorSource,
)


def source_at(name: str, address: str, *, now: datetime, options: FeedOptions | None = None) -> ProductSource:
    """The feed at ``address``, read with ``options``, then with those that are saved."""
    given = options or FeedOptions()
    # Looked up only when the feed is read: pages that ask for an offer need none.
    return FeedSource(name, address, now=now, options=lambda: given.over(saved_options(name)))


def saved_options(source: str) -> FeedOptions:
    """Those of the admin, then those of the file FEED_OPTIONS. Raises InvalidOptions."""
    known = SavedOptions.objects.filter(source=source).first()
    of_file = options_of_file(source)
    return known.options().over(of_file) if known else of_file


def source_named(name: str, *, now: datetime, options: FeedOptions | None = None) -> ProductSource | None:
    """The source of this name in CATALOGUE_SOURCES, or the shop of this name; None where there is neither."""
    # The settings refuse a feed with the name of a configured shop, so the order decides nothing.
    address = settings.CATALOGUE_SOURCES.get(name)
    return shop_named(name) if address is None else source_at(name, address, now=now, options=options)


def shop_adapter(name: str) -> type[ShopSource] | None:
    return next((shop for shop in SHOPS if shop.name == name), None)


def shop_named(name: str) -> ShopSource | None:
    """The shop of this name with the keys of the settings; None where there are none."""
    adapter = shop_adapter(name)
    return adapter.from_settings() if adapter else None


def configured_shops() -> list[tuple[str, ShopSource]]:
    """Each shop that the settings have keys for, with its name."""
    known = ((shop.name, shop.from_settings()) for shop in SHOPS)
    return [(name, source) for name, source in known if source is not None]


def shop_answers(*, now: datetime) -> Iterator[tuple[str, bool]]:
    """For each configured shop, a sentence on what it answers, and whether all is well."""
    for name, source in configured_shops():
        is_heard = source.webhook is not None and bool(getattr(settings, source.webhook.signed_by))
        try:
            yield f"{name}: {source.check(now=now)} Webhooks are {'accepted' if is_heard else 'off'}.", True
        except SourceError as error:
            yield f"{name}: {error}", False


def source_names() -> list[str]:
    """Every source that the settings know: feeds first, then shops."""
    return [*settings.CATALOGUE_SOURCES, *(name for name, _source in configured_shops())]


def pushed_sources() -> list[str]:
    """The sources with products that were sent to the API."""
    stored = Product.objects.active().filter(source__startswith=API).order_by("source")
    return [name for name in stored.values_list("source", flat=True).distinct() if is_of_api(name)]
