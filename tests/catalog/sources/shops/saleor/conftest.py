"""A Saleor shop to crawl, and the adapter that crawls it."""

import pytest

from catalog.sources.shops.saleor.adapter import SaleorSource
from tests.catalog.fakes.fake_saleor import CHANNEL, FakeSaleor
from tests.catalog.fakes.shops import serving


@pytest.fixture
def shop(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"
    with serving(FakeSaleor()) as shop:
        yield shop


@pytest.fixture
def pauses():
    return []


@pytest.fixture
def source(shop, pauses):
    return SaleorSource(
        f"{shop.address}/graphql",
        CHANNEL,
        product_url="https://fern.example/products/{slug}",
        pause=pauses.append,
    )
