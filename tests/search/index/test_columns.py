"""The catalogue's columns: rows of products, and how often they follow a changing catalogue."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from search.index import columns
from search.index.columns import ColumnStore, load_columns, store
from search.index.columns.loading import follow_columns
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
    """A clock that the test moves; each look at the catalogue takes ``clock.load`` seconds."""

    class Clock:
        now, load, loads = 100.0, 0.0, 0

        def monotonic(self):
            return self.now

    clock, refresh = Clock(), ColumnStore._refreshed

    def slow_refresh(held, index):
        clock.now += clock.load
        clock.loads += 1
        return refresh(held, index)

    monkeypatch.setattr(store.time, "monotonic", clock.monotonic)
    monkeypatch.setattr(ColumnStore, "_refreshed", slow_refresh)
    return clock


@pytest.mark.parametrize(("load", "pause"), [(0.01, 1.0), (6.0, 60.0)])
def test_a_changing_catalogue_costs_a_tenth_of_the_time_at_most(index, clock, load, pause):
    held, clock.load = ColumnStore(), load
    held.current(index)
    Product.objects.filter(pk=index.keys[0]).deactivate(NOW)
    clock.now += pause - 0.1
    assert held.current(index).active.tolist() == [True, True, True]
    clock.now += 0.2
    assert held.current(index).active.tolist() == [False, True, True]
    assert clock.loads == 2


def described(held):
    """Everything that columns say, as values that can be compared; styles by who shares them."""
    one = {name: getattr(held, name) for name in ("category", "colour", "brand", "gender")}
    many = {name: getattr(held, name) for name in ("steps", "size", "material", "pattern")}
    return {
        "keys": held.keys.tolist(),
        **{
            name: np.nan_to_num(getattr(held, name)).tolist()
            for name in ("price", "active", "in_stock", "created", "on_sale")
        },
        **{name: (column.values, column.codes.tolist()) for name, column in one.items()},
        **{
            name: (column.values, column.starts.tolist(), column.codes.tolist())
            for name, column in (*many.items(), *held.attributes.items())
        },
        "names": list(held.attributes),
        "styles": (held.group[:, None] == held.group).tolist(),
        "paths": held.category_paths,
        "alone": held.is_alone.tolist(),
    }


def changed_at_random(generator, product):
    fields = {
        "price": generator.choice([None, 5, 20]),
        "list_price": generator.choice([None, 10]),
        "brand": generator.choice(["Fern", "FERN", "Moss", ""]),
        "category": generator.choice(["Dresses", "Bags"]),
        "category_path": generator.choice(["", "Apparel > Dresses", "Apparel > Bags"]),
        "item_group_id": generator.choice(["", "A", "B"]),
        "is_active": generator.random() < 0.8,
        "attributes": generator.choice(
            [
                {},
                {"season": "Summer"},
                {"sizes": ["S", "M"], "material": "Linen"},
                {"fit": "slim", "season": "SUMMER"},
            ]
        ),
    }
    chosen = {name: fields[name] for name in generator.sample(sorted(fields), 3)}
    generation = Product.objects.next_generation(NOW)
    Product.objects.filter(pk=product.pk).update(**chosen, updated_at=generation)


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(5))
def test_columns_that_followed_many_changes_are_those_that_are_read_anew(seed):
    generator = random.Random(seed)
    products = ProductFactory.create_batch(9)
    of = np.array([product.pk for product in products[:7]], np.int64)
    held = load_columns(of)
    for _round in range(8):
        for product in generator.sample(products, 2):
            changed_at_random(generator, product)
        _ = (held.is_alone, held.category_paths, held.by_key)
        if generator.random() < 0.4:
            # Another version of the index: products come, and rows of others are dead.
            of = np.array([*generator.sample([each.pk for each in products], 6), -1], np.int64)
            held = follow_columns(held, of)
        else:
            held = follow_columns(held, held.keys)
        assert described(held) == described(load_columns(of))


@pytest.mark.django_db
def test_a_price_copies_its_column_and_no_other(index):
    before = load_columns(index.keys)
    generation = Product.objects.next_generation(NOW)
    Product.objects.filter(pk=index.keys[1]).update(price=7, updated_at=generation)
    after = follow_columns(before, before.keys)
    assert after.price.tolist() == [39.0, 7.0, 39.0]
    assert before.price.tolist() == [39.0, 39.0, 39.0]
    changed = {name for name, value in vars(before).items() if getattr(after, name) is not value}
    assert changed == {"price", "generation"}


@pytest.mark.django_db
def test_a_change_of_one_product_reads_one_product(index, django_assert_num_queries):
    before = load_columns(index.keys)
    Product.objects.filter(pk=index.keys[0]).deactivate(NOW)
    with django_assert_num_queries(3):
        after = follow_columns(before, before.keys)
    assert after.active.tolist() == [False, True, True]


@pytest.mark.django_db
def test_a_generation_that_went_back_reads_everything(index):
    before = load_columns(index.keys)
    ProductFactory(updated_at=Product.objects.next_generation(NOW)).delete()
    Product.objects.filter(pk=index.keys[2]).delete()
    Product.objects.update(updated_at=NOW.replace(year=2020))
    assert follow_columns(before, before.keys).active.tolist() == [True, True, False]
