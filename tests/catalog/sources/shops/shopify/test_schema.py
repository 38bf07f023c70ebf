"""Every query against an excerpt of Shopify's published schema."""

from pathlib import Path

import pytest
from graphql import build_schema, parse, validate

from catalog.sources.shops import shopify_queries

SCHEMA = build_schema(Path(__file__).with_name("schema.graphql").read_text())
QUERIES = {name: text for name, text in vars(shopify_queries).items() if name.isupper() and name[0] != "_"}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid(name):
    assert validate(SCHEMA, parse(QUERIES[name])) == []


def test_every_query_is_tried():
    assert {"PRODUCTS", "VARIANTS", "PRODUCT", "INVENTORY_ITEM", "SHOP"} < set(QUERIES)
    assert {"BULK_PRODUCTS", "BULK_RUN", "BULK_STATE"} < set(QUERIES)


def test_the_excerpt_refuses_a_field_that_shopify_does_not_have():
    wrong = shopify_queries.PRODUCT.replace("barcode", "ean")
    assert "Cannot query field 'ean'" in str(validate(SCHEMA, parse(wrong)))
