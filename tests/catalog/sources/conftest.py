"""Fixtures for the tests of the adapters."""

from dataclasses import replace

import pytest

from catalog import offers
from catalog.sources.base import Rejected, SourceProduct
from catalog.sources.feeds.feed import FeedSource
from catalog.sources.shops import graphql, magento, medusa, shopify, woocommerce
from tests.factories import NOW


@pytest.fixture(autouse=True)
def patient_pages(monkeypatch):
    """A busy machine may answer later than a page would wait. The limits have tests of their own."""
    monkeypatch.setattr(offers, "ASK_SECONDS", 60)
    for adapter in (shopify, woocommerce, graphql, medusa, magento):
        monkeypatch.setattr(adapter, "LIVE", replace(adapter.LIVE, seconds=60))


@pytest.fixture
def read(tmp_path):
    """Write a feed and read it back as (products, rejected)."""

    def write_and_read(content: str | bytes, name="feed"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = list(FeedSource("demo", str(path), now=NOW).products())
        return (
            [row for row in rows if isinstance(row, SourceProduct)],
            [row for row in rows if isinstance(row, Rejected)],
        )

    return write_and_read
