"""The kinds of exports, recognised by their columns."""

from __future__ import annotations

from collections.abc import Collection

from catalog.sources.feeds.dialects.base import Dialect
from catalog.sources.feeds.dialects.bigcommerce import BigCommerceExport
from catalog.sources.feeds.dialects.etsy import EtsyExport
from catalog.sources.feeds.dialects.generic import AwinFeed, FacebookFeed, GenericFeed, GoogleFeed
from catalog.sources.feeds.dialects.magento import MagentoExport
from catalog.sources.feeds.dialects.magento1 import Magento1Export
from catalog.sources.feeds.dialects.prestashop import PrestaShopExport
from catalog.sources.feeds.dialects.shopify import ShopifyExport
from catalog.sources.feeds.dialects.squarespace import SquarespaceExport
from catalog.sources.feeds.dialects.systems import AmazonFeed, OpenCartExport, Shopware5Export
from catalog.sources.feeds.dialects.wix import WixExport
from catalog.sources.feeds.dialects.woocommerce import WooCommerceExport

# The first that recognises the columns reads the feed.
DIALECTS: tuple[type[Dialect], ...] = (
    *(ShopifyExport, WooCommerceExport, MagentoExport, Magento1Export, WixExport, EtsyExport),
    *(BigCommerceExport, OpenCartExport, PrestaShopExport, SquarespaceExport, Shopware5Export),
    *(AmazonFeed, AwinFeed, FacebookFeed, GoogleFeed, GenericFeed),
)


def dialect_of(columns: Collection[str]) -> Dialect:
    """The dialect of a feed with these columns."""
    names = frozenset(columns)
    return next(kind for kind in DIALECTS if kind.recognises(names))()


def is_export(columns: Collection[str]) -> bool:
    """Whether these are the columns of a named kind of export, which may state ids and titles its own way."""
    names = frozenset(columns)
    return any(kind.recognises(names) for kind in DIALECTS if kind not in (GenericFeed, GoogleFeed))
