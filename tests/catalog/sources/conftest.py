"""Fixtures for the tests of the adapters."""

from dataclasses import replace

import pytest

from catalog import offers
from catalog.sources import shopify, woocommerce


@pytest.fixture(autouse=True)
def patient_pages(monkeypatch):
    """A busy machine may answer later than a page would wait. The limits have tests of their own."""
    monkeypatch.setattr(offers, "ASK_SECONDS", 60)
    for adapter in (shopify, woocommerce):
        monkeypatch.setattr(adapter, "LIVE", replace(adapter.LIVE, seconds=60))
