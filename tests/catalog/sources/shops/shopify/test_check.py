"""What ``manage.py doctor`` learns of a Shopify shop."""

from datetime import UTC, datetime

import pytest

from catalog.sources.base import SourceError


def test_it_names_the_shop_and_how_long_the_apis_version_is_served(shop, source):
    sentence = source.check(now=datetime(2026, 11, 1, tzinfo=UTC))
    assert sentence == "Fern answers through API version 2026-07, which Shopify serves until 1 July 2027."


def test_it_finds_a_version_that_ends_soon(shop, source):
    with pytest.raises(SourceError, match=r"API version 2026-07.*until 1 July 2027; update Tandem before"):
        source.check(now=datetime(2027, 5, 20, tzinfo=UTC))


def test_it_asks_once(shop, source):
    shop.instead = [(503, {}, "")] * 5
    with pytest.raises(SourceError, match="Shopify answered 503"):
        source.check(now=datetime(2026, 11, 1, tzinfo=UTC))
    assert len(shop.requests) == 1
