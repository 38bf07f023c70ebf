"""Which values of the catalogue a query may name."""

import numpy as np
import pytest

from search.index.columns import Codes, Columns, ManyCodes


def columns(colours):
    count = len(colours)
    nothing = ManyCodes.of([()] * count)
    return Columns(
        keys=np.arange(count),
        active=np.ones(count, bool),
        category=Codes.of(["Dresses"] * count),
        colour=Codes.of(colours),
        brand=Codes.of(["Fern", *[""] * (count - 1)]),
        gender=Codes.of(["Women"] * count),
        group=np.arange(count),
        price=np.full(count, 10.0),
        in_stock=np.ones(count, bool),
        created=np.zeros(count),
        generation=None,
        steps=nothing,
        size=ManyCodes.of([("M",), *[()] * (count - 1)]),
        material=nothing,
        pattern=nothing,
        attributes={},
        on_sale=np.zeros(count, bool),
    )


@pytest.mark.parametrize(("filled", "named"), [(8, True), (7, False)])
def test_a_colour_can_be_named_where_most_products_state_theirs(filled, named):
    vocabulary = columns(["Red"] * filled + [""] * (10 - filled)).vocabulary()
    assert (("red",) in vocabulary.values) is named
    assert vocabulary.values["fern",] == (("brand", "Fern"),)
    assert vocabulary.values["m",] == (("size", "M"),)
    assert vocabulary.genders == {"woman": ("Women",)}
