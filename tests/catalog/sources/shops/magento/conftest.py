"""A Magento shop to crawl, and the adapter that crawls it."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from catalog.sources.shops import magento
from catalog.sources.shops.magento import MagentoSource
from tests.catalog.fakes.fake_magento import TOKEN, FakeMagento
from tests.catalog.fakes.shops import serving


@pytest.fixture
def shop():
    with serving(FakeMagento()) as shop:
        yield shop
    magento._stores.clear()


@pytest.fixture
def clock():
    return SimpleNamespace(now=datetime(2026, 5, 4, 12, tzinfo=UTC))


@pytest.fixture
def source(shop, clock):
    return MagentoSource(shop.address, TOKEN, clock=lambda: clock.now, pause=lambda _seconds: None)
