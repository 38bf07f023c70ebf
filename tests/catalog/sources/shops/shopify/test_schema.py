"""Every query against an excerpt of Shopify's published schema."""

from pathlib import Path

import pytest
from graphql import InlineFragmentNode, build_schema, get_named_type, is_leaf_type, parse, validate

from catalog.sources.shops import shopify_queries

SCHEMA = build_schema(Path(__file__).with_name("schema.graphql").read_text())
QUERIES = {name: text for name, text in vars(shopify_queries).items() if name.isupper() and name[0] != "_"}


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid(name):
    assert validate(SCHEMA, parse(QUERIES[name])) == []


def test_every_query_is_tried():
    assert {"PRODUCTS", "VARIANTS", "PRODUCT", "INVENTORY_ITEM", "SHOP"} < set(QUERIES)
    assert {"BULK_PRODUCTS", "BULK_RUN", "BULK_STATE"} < set(QUERIES)


@pytest.mark.parametrize("name", ["PRODUCT", "VARIANTS", "INVENTORY_ITEM", "SHOP"])
def test_a_query_for_one_product_costs_no_more_than_shopify_allows_for_one(name):
    """Refused as too costly, every live offer and every product with many variants would fail."""
    assert cost(parse(QUERIES[name]).definitions[0], SCHEMA.query_type) <= 1000


def cost(node, kind):
    """In points, by Shopify's published rules: 1 for an object, 2 for a list and its objects beside."""
    return sum(cost_of(each, kind) for each in node.selection_set.selections)


def cost_of(node, kind):
    if isinstance(node, InlineFragmentNode):
        return cost(node, SCHEMA.type_map[node.type_condition.name.value])
    found = get_named_type(kind.fields[node.name.value].type)
    if is_leaf_type(found) or found.name == "PageInfo":
        return 0
    if not found.name.endswith("Connection"):
        return 1 + cost(node, found)
    size = next(int(each.value.value) for each in node.arguments if each.name.value == "first")
    return 2 + size * cost(node, found)


def test_the_excerpt_refuses_a_field_that_shopify_does_not_have():
    wrong = shopify_queries.PRODUCT.replace("barcode", "ean")
    assert "Cannot query field 'ean'" in str(validate(SCHEMA, parse(wrong)))
