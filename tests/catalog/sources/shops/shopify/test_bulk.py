"""Catalogues of thousands, which Shopify writes into one file."""

import pytest

from catalog.sources.base import SourceError
from catalog.sources.shops import shopify
from tests.catalog.fakes.fake_shopify import answered, pictures, product, variant
from tests.factories import NOW


@pytest.fixture
def large(shop, monkeypatch, settings):
    """A shop that counts as large, whose file lies on this machine."""
    monkeypatch.setattr(shopify, "BULK_FROM", 3)
    settings.ALLOW_PRIVATE_FEEDS = True
    shop.products = [
        product(
            number,
            [
                variant(
                    number * 10,
                    options=[("Color", "Navy")],
                    media=pictures(f"https://cdn.example/{number}n.jpg"),
                ),
                variant(number * 10 + 1, options=[("Color", "Red")], sku=f"LD-{number}-R"),
            ],
            media=pictures(f"https://cdn.example/{number}n.jpg", f"https://cdn.example/{number}.jpg"),
        )
        for number in range(1, 5)
    ]
    return shop


def operations(shop):
    return [request["query"].split()[1].partition("(")[0] for request in shop.requests]


def test_a_file_of_all_products_reads_like_their_pages(large, source, monkeypatch):
    in_one_file = list(source.products())
    assert operations(large) == ["Products", "BulkRun", "BulkState", "BulkState", "BulkState"]
    monkeypatch.setattr(shopify, "BULK_FROM", 1000)
    assert in_one_file == list(source.products())
    assert len(in_one_file) == 8
    assert in_one_file[1].article_numbers["sku"] == ["LD-1-R"]
    assert in_one_file[0].images == ("https://cdn.example/1n.jpg", "https://cdn.example/1.jpg")


def test_the_operation_is_polled_at_growing_intervals(large, source, pauses):
    large.bulk_states = ("CREATED", *["RUNNING"] * 6, "COMPLETED")
    list(source.products())
    assert pauses == [1, 2, 4, 8, 15, 30, 30, 30]


def test_what_changed_since_is_read_in_pages(large, source):
    assert len(list(source.products(since=NOW.replace(year=2020)))) == 8
    assert operations(large) == ["Products"]


def test_a_small_shop_is_read_in_pages(large, source):
    del large.products[2:]
    assert len(list(source.products())) == 4
    assert operations(large) == ["Products"]


@pytest.mark.parametrize("end", ["FAILED", "CANCELED", "EXPIRED"])
def test_where_the_operation_fails_pages_are_read_instead(large, source, caplog, end):
    large.bulk_states = ("CREATED", end)
    assert len(list(source.products())) == 8
    assert "The products are read page by page." in caplog.text


def test_where_another_operation_is_running_pages_are_read_instead(large, source, caplog):
    busy = [{"message": "A bulk query operation for this app and shop is already in progress."}]
    run = {"bulkOperation": None, "userErrors": busy}
    large.before[2] = lambda: large.instead.append(answered({"bulkOperationRunQuery": run}))
    assert len(list(source.products())) == 8
    assert "already in progress" in caplog.text


def test_a_file_that_was_cut_off_fails_instead_of_losing_products(large, source):
    large.bulk_lost = 3
    with pytest.raises(SourceError, match="holds 29 of 32 objects") as caught:
        list(source.products())
    assert not caught.value.permanent


def test_a_file_on_a_private_address_is_refused(large, source, settings):
    settings.ALLOW_PRIVATE_FEEDS = False
    with pytest.raises(SourceError, match="not a public one"):
        list(source.products())


def test_lines_of_an_unknown_parent_are_refused(large, source, monkeypatch):
    lines = list(large._bulk_lines())
    monkeypatch.setattr(large, "_bulk_lines", lambda: lines[::-1])
    with pytest.raises(SourceError, match="not grouped by product"):
        list(source.products())
