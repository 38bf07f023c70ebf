"""What is asked of Vendure; tests/real_shops asks a running one."""

import math

import pytest
from graphql import parse

from catalog.sources.shops import vendure

LISTS = {"items", "variants", "assets", "options", "facetValues", "collections", "breadcrumbs"}


@pytest.mark.parametrize("query", [vendure.PRODUCTS, vendure.PRODUCT, vendure.COUNT])
def test_no_query_is_as_complex_as_vendures_harden_plugin_refuses(query):
    (asked,) = parse(query).definitions
    assert complexity(asked) < 1000


def complexity(node):
    """By the plugin's published rules: 1 for a field, 5 times what is within a list, more for a page."""
    return sum(complexity_of(each) for each in node.selection_set.selections)


def complexity_of(node):
    if node.selection_set is None:
        return 1
    within = complexity(node)
    if node.name.value in LISTS:
        return 5 * within
    if node.name.value == "products":
        return within + round(math.log(within) * vendure.PAGE)
    return within + 1
