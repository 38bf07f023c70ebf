"""A WooCommerce shop to crawl, and the adapter that crawls it."""

import pytest

from catalog.sources.shops.woocommerce import WooCommerceSource
from tests.catalog.fakes.fake_woocommerce import KEY, SECRET, FakeWooCommerce
from tests.catalog.fakes.shops import serving


@pytest.fixture
def shop(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with serving(FakeWooCommerce()) as shop:
        yield shop


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(shop, pauses):
    return WooCommerceSource(shop.address, KEY, SECRET, pause=pauses.append)
