"""Every query, and the subscription that shops are told to send, against an excerpt of Saleor's schema."""

import re
from pathlib import Path

import pytest
from graphql import parse, validate

from catalog.sources.shops.saleor import queries
from tests.catalog.fakes.fake_saleor import SCHEMA

QUERIES = {name: text for name, text in vars(queries).items() if name.isupper() and name[0] != "_"}
DOCUMENT = Path(__file__).parents[5] / "docs" / "shops.md"


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_is_valid(name):
    assert validate(SCHEMA, parse(QUERIES[name])) == []


def test_every_query_is_tried():
    assert set(QUERIES) == {"PRODUCTS", "COUNT"}


def test_the_excerpt_refuses_a_field_that_saleor_does_not_have():
    wrong = queries.PRODUCTS.replace("quantityAvailable", "stockQuantity")
    assert "Cannot query field 'stockQuantity'" in str(validate(SCHEMA, parse(wrong)))


def test_the_subscription_of_the_documentation_is_valid():
    (subscription,) = re.findall(r"```graphql\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert validate(SCHEMA, parse(subscription)) == []
