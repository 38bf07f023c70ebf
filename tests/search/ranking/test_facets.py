"""Facets: a count is the total that choosing it gives, whatever is stated and whatever was chosen."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.attributes import value_key
from search.index.columns import FACETS, Codes, Columns, ManyCodes
from search.query import Filters
from search.ranking.facets import FacetCounter, _money, passing_all_but_one
from tests.examples import examples

CAP = 1000
COLOURS = ("Red", "RED", "Navy", "NAVY", "Marineblau", "Blue", "Red/Navy", "Teal", "Galaxy", "")
SIZES = ("S", "M", "l", "L", "42")
PATHS = ("Shoes", "Shoes > Boots", "Shoes > Boots > Ankle", "Apparel > Tops", "Apparel > shoes", "")
SEASONS = ("Summer", "SUMMER", "Winter")

product = st.fixed_dictionaries(
    {
        "path": st.sampled_from(PATHS),
        "colour": st.sampled_from(COLOURS),
        "size": st.lists(st.sampled_from(SIZES), max_size=3).map(tuple),
        "material": st.lists(st.sampled_from(("Wool", "Linen")), max_size=2).map(tuple),
        "season": st.lists(st.sampled_from(SEASONS), max_size=1).map(tuple),
        "style": st.integers(0, 12),
        "price": st.sampled_from((np.nan, 5.0, 20.0)),
        "in_stock": st.booleans(),
        "on_sale": st.booleans(),
        "active": st.booleans(),
    }
)
some = {"max_size": 2}
CATEGORIES = ("Boots", "shoes", "Apparel", "Shoes>Boots", "Hats")
filters = st.builds(
    Filters,
    category=st.lists(st.sampled_from(CATEGORIES), **some).map(tuple),
    colour=st.lists(st.sampled_from(("red", "Navy", "Green", "blau", "galaxy")), **some).map(tuple),
    exact_colour=st.booleans(),
    size=st.lists(st.sampled_from(("s", "L", "42")), **some).map(tuple),
    material=st.lists(st.sampled_from(("wool", "Linen")), **some).map(tuple),
    attribute=st.lists(st.sampled_from(("season:summer", "Season:Winter", "fit:Slim")), **some).map(tuple),
    price_max=st.sampled_from((None, Decimal(10))),
    in_stock=st.booleans(),
    on_sale=st.booleans(),
)


def columns(products):
    def steps(path):
        parts = path.split(" > ") if path else []
        return tuple(dict.fromkeys([*parts, *(" > ".join(parts[: n + 1]) for n in range(len(parts)))]))

    def of(name):
        return [each[name] for each in products]

    count = len(products)
    return Columns(
        keys=np.arange(count),
        active=np.array(of("active"), bool),
        category=Codes.of([path.rpartition(" > ")[2] for path in of("path")]),
        colour=Codes.of(of("colour")),
        brand=Codes.of(["Fern"] * count),
        gender=Codes.of([""] * count),
        group=np.array(of("style"), np.int64),
        price=np.array(of("price"), float),
        in_stock=np.array(of("in_stock"), bool),
        created=np.zeros(count),
        generation=None,
        steps=ManyCodes.of([steps(path) for path in of("path")]),
        size=ManyCodes.of(of("size")),
        material=ManyCodes.of(of("material")),
        pattern=ManyCodes.of([()] * count),
        attributes={"season": ManyCodes.of(of("season"))},
        on_sale=np.array(of("on_sale"), bool),
    )


def counted(held, chosen):
    pool = np.flatnonzero(passing_all_but_one(held, chosen))
    return FacetCounter(held, chosen, pool, cap=CAP).facets()


def total(held, chosen):
    return len(np.unique(held.group[held.passing(chosen)]))


def offers(facets, chosen):
    """Every count that the facets show, with the filters that choosing its value alone sets."""
    # A choice takes the place of what was read, with which alone a colour is the shop's own word.
    left_open = {name: {name: ()} for name in FACETS} | {"colour": {"colour": (), "exact_colour": False}}
    for name, nothing in left_open.items():
        for each in getattr(facets, name):
            yield each, replace(chosen, **(nothing | {name: (each.value,)}))
    yield from ((each, replace(chosen, category=(each.value,))) for each in facets.category_tree)
    for attribute in facets.attributes:
        others = tuple(
            each for each in chosen.attribute if value_key(each.partition(":")[0]) != attribute.name
        )
        for each in attribute.values:
            yield each, replace(chosen, attribute=(*others, f"{attribute.name}:{each.value}"))


@settings(max_examples=examples(80), deadline=None)
@given(products=st.lists(product, max_size=25), chosen=filters)
def test_a_count_is_the_total_of_choosing_it_under_every_combination(products, chosen):
    held = columns(products)
    facets = counted(held, chosen)
    for each, narrowed in offers(facets, chosen):
        assert each.count == total(held, narrowed), (each, narrowed)
    assert facets.in_stock == total(held, replace(chosen, in_stock=True))
    assert facets.on_sale == total(held, replace(chosen, on_sale=True))


@settings(max_examples=examples(30), deadline=None)
@given(products=st.lists(product, max_size=25), chosen=filters)
def test_each_value_is_offered_once_however_it_is_spelled(products, chosen):
    facets = counted(columns(products), chosen)
    lists = [facets.category, facets.category_tree, facets.colour, facets.size, facets.material]
    for values in (*lists, *(each.values for each in facets.attributes)):
        keys = [value_key(each.value) for each in values]
        assert len(keys) == len(set(keys))


def test_the_most_frequent_spelling_is_shown():
    assert Codes.of(["NAVY", "Navy", "", "Navy", "women's", "Women’s"]).values == ("Navy", "women's")
    assert ManyCodes.of([("Polka-dot",), ("polka dot", "Plain"), ("polka dot",)]).values == (
        "Plain",
        "polka dot",
    )


BASE = {
    "path": "Shoes > Boots",
    "colour": "Red",
    "size": ("M",),
    "material": (),
    "season": ("Summer",),
    "price": 5.0,
    "in_stock": True,
    "on_sale": False,
    "active": True,
}


@pytest.mark.parametrize(("stating", "is_shown"), [(5, True), (4, False)])
def test_an_attribute_is_a_facet_where_at_least_half_of_the_answer_states_it(stating, is_shown):
    products = [{**BASE, "style": n, "season": ("Summer",) if n < stating else ()} for n in range(10)]
    assert bool(counted(columns(products), Filters()).attributes) is is_shown


def test_what_names_single_products_is_no_facet():
    products = [{**BASE, "style": n, "season": (f"article {n}",)} for n in range(10)]
    held = columns(products)
    assert counted(held, Filters()).attributes == ()
    # ... and is a filter all the same.
    assert total(held, Filters(attribute=("season:Article 3",))) == 1


def test_the_tree_lists_each_branch_below_its_step_the_larger_first():
    paths = ["Shoes > Boots", "Shoes > Heels", "Shoes > Heels", "Bags", "Bags > Totes"]
    held = columns([{**BASE, "style": n, "path": path} for n, path in enumerate(paths)])
    tree = [(each.value, each.count) for each in counted(held, Filters()).category_tree]
    assert tree == [
        ("Shoes", 3),
        ("Shoes > Heels", 2),
        ("Shoes > Boots", 1),
        ("Bags", 2),
        ("Bags > Totes", 1),
    ]


def test_a_chosen_step_is_marked_in_the_tree_and_its_siblings_stay():
    paths = ["Shoes > Boots", "Shoes > Heels"]
    held = columns([{**BASE, "style": n, "path": path} for n, path in enumerate(paths)])
    tree = counted(held, Filters(category=("boots",))).category_tree
    assert [(each.value, each.selected) for each in tree] == [
        ("Shoes", False),
        ("Shoes > Boots", True),
        ("Shoes > Heels", False),
    ]


@given(st.lists(st.lists(st.sampled_from(SIZES), max_size=3).map(tuple), min_size=1, max_size=9), st.data())
def test_values_are_counted_by_combination_as_one_by_one(texts, data):
    column = ManyCodes.of(texts)
    rows = np.array(sorted(data.draw(st.sets(st.integers(0, len(texts) - 1)))), np.int64)
    _at, codes = column.pairs(rows)
    assert column.counts(rows).tolist() == np.bincount(codes, minlength=len(column.values)).tolist()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.index.columns.codes.MAX_COMBINATIONS", 0)
        assert column.counts(rows).tolist() == np.bincount(codes, minlength=len(column.values)).tolist()


@given(st.lists(product, min_size=1, max_size=12).map(columns), filters)
def test_what_fails_at_most_one_filter_is_counted(table, wanted):
    failed = sum((~mask).astype(int) for _name, mask in table.filter_masks(wanted))
    assert passing_all_but_one(table, wanted).tolist() == (table.active & (failed <= 1)).tolist()


@pytest.mark.parametrize("price", ["12.50", "12.345"])
def test_the_range_of_prices_has_thousandths_where_a_price_has(price):
    assert str(_money(float(price))) == price
