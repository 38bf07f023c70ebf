"""The key of a frozen answer: equal queries share it, and a change of any field changes it."""

from dataclasses import fields, replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from config.caching import serializer
from search.answers import frozen
from search.candidates.vector_query import Draft, VectorQuery
from search.query import Filters, Sort
from search.ranking.rules import Rule
from search.ranking.score import Weights
from tests.examples import examples

vectors = st.none() | arrays(np.float32, 4, elements=st.floats(-1, 1, width=32))
# PostgreSQL knows no null character, and Filters refuse it.
texts = st.text(st.characters(exclude_characters="\0"), max_size=8)
values = st.lists(texts, max_size=3).map(tuple)
prices = st.none() | st.decimals(0, 1000, places=2)
filters = st.builds(
    lambda low, span, **rest: Filters(
        price_min=low, price_max=None if low is None or span is None else low + span, **rest
    ),
    low=prices,
    span=prices,
    category=values,
    colour=values,
    size=values,
    material=values,
    pattern=values,
    attribute=st.lists(st.sampled_from(["season:Summer", "fit:Slim"]), max_size=2).map(tuple),
    in_stock=st.booleans(),
    on_sale=st.booleans(),
)
rules = st.builds(
    Rule,
    name=st.text(max_size=6),
    bonus=st.floats(-1, 1),
    filters=filters,
    created_from=st.none() | st.floats(0, 1e9),
)
FIELDS = {
    "weight": st.floats(0, 1),
    "filters": filters,
    "image": vectors,
    "text": vectors,
    "pictured": st.none() | st.integers(1, 99),
    "is_beside_picture": st.booleans(),
    "words": st.text(max_size=20),
    "synonyms": st.dictionaries(st.text(max_size=6), values, max_size=3),
    "excluded_keys": st.lists(st.integers(1, 99), max_size=3).map(tuple),
    "excluded_values": filters,
    "excluded_words": values,
    "unwanted": vectors,
    "unwanted_difference": vectors,
    "taste": vectors,
    "interests": vectors,
    "shares": st.lists(st.floats(0, 1), max_size=4).map(tuple),
    "popularity": st.text(max_size=6),
    "diversity": st.floats(0, 1),
    "pins": st.lists(st.tuples(st.integers(1, 99), st.integers(1, 1000)), max_size=3).map(tuple),
    "buried": st.lists(st.integers(1, 99), max_size=3).map(tuple),
    "rules": st.lists(rules, max_size=2).map(tuple),
    "is_browse": st.booleans(),
    "order": st.sampled_from(["", *Sort]),
    "read": values,
    "readings": filters,
    "article": st.text(max_size=20),
    "ignored_kinds": st.none() | values,
    "is_known": st.booleans(),
    "is_unknown": st.booleans(),
    "is_open": st.booleans(),
    "weights": st.none() | st.builds(Weights, taste=st.floats(0, 1)),
    "draft": st.none()
    | st.builds(
        Draft,
        experiment=st.integers(1, 9),
        seed=st.text("0123456789abcdef", min_size=1, max_size=4),
        rival=st.builds(VectorQuery, weight=st.floats(0, 1), filters=filters, words=st.text(max_size=6)),
    ),
}
queries = st.builds(VectorQuery, **FIELDS)


def same(left, right):
    if left is None or right is None:
        return left is right
    # -0.0 equals 0.0 and is another number all the same: it may have another key.
    return repr(left) == repr(right)


def test_every_field_is_tried():
    assert {each.name for each in fields(VectorQuery)} == FIELDS.keys()


@given(query=queries)
def test_equal_queries_share_a_key(query):
    twin = replace(
        query,
        image=None if query.image is None else query.image.copy(),
        synonyms=dict(reversed(query.synonyms.items())),
    )
    assert twin.cache_key() == query.cache_key()


@pytest.mark.parametrize("name", FIELDS)
# A query of 26 fields takes long to draw: each field alone is tried less often than a property is.
@settings(max_examples=examples(12))
@given(data=st.data())
def test_a_change_of_any_field_changes_the_key(name, data):
    query = data.draw(queries)
    other = data.draw(FIELDS[name].filter(lambda value: not same(value, getattr(query, name))))
    changed = replace(query, **{name: other})
    if name == "synonyms" and getattr(query, name) == other:
        return  # the same entries in another order
    assert changed.cache_key() != query.cache_key()


@given(query=queries)
def test_a_query_that_was_kept_with_an_answer_is_the_same_again(query):
    query = replace(query, order=str(query.order))
    stored = serializer.encode(frozen._plain(query))
    assert frozen._restored(serializer.decode(stored)).cache_key() == query.cache_key()


def test_only_what_was_asked_is_kept_of_a_query():
    _kind, _name, kept = frozen._plain(VectorQuery(weight=0.0, filters=Filters(), words="dress"))
    assert kept.keys() == {"weight", "filters", "words"}


def test_a_vector_moved_to_another_field_changes_the_key():
    vector = np.ones(4, np.float32)
    as_taste = VectorQuery(weight=1.0, filters=Filters(), image=vector, taste=vector)
    as_unwanted = VectorQuery(weight=1.0, filters=Filters(), image=vector, unwanted=vector)
    assert as_taste.cache_key() != as_unwanted.cache_key()


def test_half_a_surrogate_pair_has_a_key():
    query = VectorQuery(weight=0.0, filters=Filters(price_max=Decimal(5)), words="\ud800")
    assert query.cache_key() != replace(query, words="\ud801").cache_key()
