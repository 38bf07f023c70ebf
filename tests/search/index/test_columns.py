"""The catalogue's columns: rows of products, and how often they follow a changing catalogue."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from search.index import columns
from search.index.columns import ColumnStore, store
from search.index.manifest import Manifest
from search.index.product_index import ProductIndex
from tests.factories import NOW, ProductFactory

keys = st.lists(st.integers(1, 60), unique=True, max_size=40)


@given(held=keys, wanted=st.lists(st.integers(0, 70), max_size=80))
def test_rows_come_in_the_order_asked_without_those_that_are_not_indexed(held, wanted):
    found = columns.Columns.rows_of(_Keys(np.array(held, np.int64)), wanted)
    assert found.tolist() == [held.index(key) for key in wanted if key in held]
    assert found.dtype == np.int64


class _Keys:
    """As much of Columns as finding rows needs."""

    def __init__(self, held):
        self.keys = held
        self.by_key = columns.Columns.by_key.func(self)


@pytest.fixture
def index(db):
    of = np.array([ProductFactory().pk for _product in range(3)], np.int64)
    return ProductIndex(of, np.eye(3, dtype=np.float32), None, Manifest(version="v1", count=3))


@pytest.fixture
def clock(monkeypatch):
    """A clock that the test moves; each load of the columns takes ``clock.load`` seconds."""

    class Clock:
        now, load, loads = 100.0, 0.0, 0

        def monotonic(self):
            return self.now

    clock, load = Clock(), store.load_columns

    def slow_load(keys):
        clock.now += clock.load
        clock.loads += 1
        return load(keys)

    monkeypatch.setattr(store.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(store, "load_columns", slow_load)
    return clock


@pytest.mark.parametrize(("load", "pause"), [(0.01, 2.0), (6.0, 60.0)])
def test_a_changing_catalogue_costs_a_tenth_of_the_time_at_most(index, clock, load, pause):
    held, clock.load = ColumnStore(), load
    held.current(index)
    Product.objects.filter(pk=index.keys[0]).deactivate(NOW)
    clock.now += pause - 0.1
    assert held.current(index).active.tolist() == [True, True, True]
    clock.now += 0.2
    assert held.current(index).active.tolist() == [False, True, True]
    assert clock.loads == 2
