"""Cached values are JSON with tagged types: nothing that is read from a cache runs."""

import pickle
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import numpy as np
import pytest
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st

from config.caching import serializer
from config.caching.serializer import SignedSerializer, Unreadable, decode, encode

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=()))
    | st.binary()
    | st.datetimes(timezones=st.none() | st.just(UTC))
    | st.dates()
    | st.decimals(allow_nan=False)
    | st.uuids()
)
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(st.characters()), inner)
    ),
    max_leaves=20,
)
SIGNED = SignedSerializer(options={})


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Shirt:
    colour: str


def same(one, other):
    """Equal, and of equal types all the way down: 1 == 1.0 == True."""
    if type(one) is not type(other) or one != other:
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return all(map(same, one, other))
    return True


@given(VALUES)
def test_what_is_read_is_what_was_written(value):
    assert same(decode(encode(value)), value)
    assert same(SIGNED.loads(SIGNED.dumps(value)), value)


@pytest.mark.parametrize(
    "value",
    [
        {1},
        frozenset(),
        Shirt("red"),
        Colour.RED,
        np.float64(0.5),
        np.float32(0.5),
        np.arange(3),
        gettext_lazy("Search"),
        mark_safe("<b>"),
        {1: "one"},
        {Colour.RED: 1},
        {"deep": [(object(),)]},
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_types_are_refused_when_they_are_written(value):
    with pytest.raises(TypeError):
        encode(value)


GARBAGE = [
    b"",
    b"garbage",
    b"\xff\xfe",
    b"[1]",
    b"[0,1]",
    b"{}",
    b"[1,{}]",
    b'[1,{"bytes":"ab","date":"2026-01-01"}]',
    b'[1,{"object":"os.system"}]',
    b'[1,{"bytes":"%"}]',
    b'[1,{"bytes":7}]',
    b'[1,{"datetime":"yesterday"}]',
    b'[1,{"decimal":"x"}]',
    b'[1,{"decimal":{}}]',
    b'[1,{"uuid":7}]',
    b'[1,{"tuple":7}]',
    b'[1,{"dict":[]}]',
    b"[1," + b"[" * 100_000,
    pickle.dumps({"a": 1}),
]


@pytest.mark.parametrize("stored", GARBAGE, ids=lambda stored: repr(stored[:30]))
def test_garbage_is_unreadable(stored):
    with pytest.raises(Unreadable):
        decode(stored)
    with pytest.raises(Unreadable):
        SIGNED.loads(stored)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_unreadable(stored):
    with pytest.raises(Unreadable):
        SIGNED.loads(stored)


def test_a_value_of_another_key_is_unreadable(settings):
    stored = SIGNED.dumps({"price": 7})
    assert SIGNED.loads(stored) == {"price": 7}
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(Unreadable, match="not signed"):
        SIGNED.loads(stored)


def test_a_changed_value_is_unreadable():
    stored = SIGNED.dumps({"price": 7})
    with pytest.raises(Unreadable, match="not signed"):
        SIGNED.loads(stored.replace(b"7}", b"1}"))


def test_a_value_of_another_release_is_unreadable(monkeypatch):
    stored = SIGNED.dumps(7.5)
    monkeypatch.setattr(serializer, "FORMAT", serializer.FORMAT + 1)
    with pytest.raises(Unreadable, match="format"):
        SIGNED.loads(stored)


def test_examples_of_each_type():
    value = {
        "at": datetime(2026, 5, 4, 12, 30, 1, 5, tzinfo=UTC),
        "on": date(2026, 5, 4),
        "price": Decimal("19.00"),
        "id": UUID(int=7),
        "vector": b"\x00\xff",
        "pair": ("a", None),
        "list": [1, 1.0, True, float("inf")],
        "lone surrogate": "\ud800",
    }
    assert same(decode(encode(value)), value)
