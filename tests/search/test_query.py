"""The rules of a query, whichever door it comes through."""

from decimal import Decimal

import pytest

from search.query import Crop, Filters, InvalidQuery, SearchQuery, Upload


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("text", {"text": "x" * 501}),
        ("exclude", {"exclude": "x" * 501}),
        ("weight", {"weight": float("nan")}),
        ("weight", {"weight": 1.01}),
        ("weight", {"weight": -0.01}),
        ("diversity", {"diversity": 2.0}),
        ("top_k", {"top_k": 0}),
        ("top_k", {"top_k": 101}),
        ("offset", {"offset": -1}),
        ("offset", {"offset": 1001}),
        ("image_id", {"picture": Upload(b"x"), "image_id": "y"}),
        ("crop", {"crop": Crop(0, 0, 1, 1)}),
    ],
)
def test_it_names_the_field_that_breaks_a_rule(field, options):
    with pytest.raises(InvalidQuery) as refusal:
        SearchQuery(**options)
    assert refusal.value.field == field


def test_it_folds_white_space_and_drops_nul_characters():
    assert SearchQuery(text="  red\x00 \n dress ").text == "red dress"


@pytest.mark.parametrize(
    "text", ["", "1,2,3", "a,b,c,d", "0,0,2,1", "0.5,0.5,0.6,0.2", "0,0,0.01,1", "nan,0,1,1"]
)
def test_it_refuses_a_crop_that_is_no_box_in_the_picture(text):
    with pytest.raises(InvalidQuery) as refusal:
        Crop.parse(text)
    assert refusal.value.field == "crop"


def test_a_crop_survives_being_written_and_read():
    assert Crop.parse(str(Crop(0.1, 0.2, 0.5, 0.25))) == Crop(0.1, 0.2, 0.5, 0.25)


@pytest.mark.parametrize(
    ("field", "options"),
    [
        ("price_min", {"price_min": Decimal("-1")}),
        ("price_max", {"price_max": Decimal("NaN")}),
        ("price_min", {"price_min": Decimal(20), "price_max": Decimal(10)}),
    ],
)
def test_it_refuses_prices_that_make_no_range(field, options):
    with pytest.raises(InvalidQuery) as refusal:
        Filters(**options)
    assert refusal.value.field == field


@pytest.mark.parametrize("field", ["category", "colour", "gender", "brand"])
def test_it_refuses_more_alternatives_than_anybody_ticks(field):
    with pytest.raises(InvalidQuery) as refusal:
        Filters(**{field: tuple(map(str, range(51)))})
    assert refusal.value.field == field
    assert len(getattr(Filters(**{field: tuple(map(str, range(50)))}), field)) == 50


def test_filters_in_use_are_named_for_the_log():
    filters = Filters(colour=("Red",), price_max=Decimal("50"), in_stock=True)
    assert filters.in_use() == {"colour": ["Red"], "price_max": "50", "in_stock": True}
