"""A Shopify shop to crawl, and the adapter that crawls it."""

import pytest

from catalog.sources.shops import shopify_api
from catalog.sources.shops.shopify import ShopifySource
from catalog.sources.shops.shopify_api import ShopifyKeys
from tests.catalog.fakes.fake_shopify import (
    TOKEN,
    FakeShopify,
)
from tests.catalog.fakes.shops import serving


@pytest.fixture
def shop(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with serving(FakeShopify()) as shop:
        yield shop
    shopify_api._tokens.clear()


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(shop, pauses):
    keys = ShopifyKeys(TOKEN)
    return ShopifySource("fern.myshopify.com", keys, address=shop.address, pause=pauses.append)
