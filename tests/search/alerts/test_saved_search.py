"""A saved search: what it keeps of a search, and what it is called."""

from decimal import Decimal

import pytest

from search.alerts import saved_search
from search.query import Crop, Filters, SearchQuery

CUT = Crop(0.1, 0.2, 0.3, 0.4)
OF_PRODUCT = SearchQuery(text="in red", image_id="product:demo-1", weight=0.25, crop=CUT)


@pytest.mark.parametrize(
    ("query", "label"),
    [
        (SearchQuery(text="dress"), "dress"),
        (SearchQuery(text="dress", exclude="leather"), "dress · without leather"),
        (SearchQuery(text="dress", filters=Filters(in_stock=True)), "dress · in stock"),
        (SearchQuery(text="dress", filters=Filters(on_sale=True)), "dress · on sale"),
        (SearchQuery(text="in red", image_id="product:demo-1"), "“in red” with a picture"),
        (SearchQuery(filters=Filters(price_max=Decimal(50))), "up to €50.00"),
        (SearchQuery(image_id="product:demo-1"), "your search"),
    ],
)
def test_its_name_says_what_tells_it_from_others(query, label):
    assert saved_search.label(saved_search.to_dict(query), "EUR") == label


def test_the_part_of_a_products_picture_that_counts_is_kept():
    kept = saved_search.to_dict(OF_PRODUCT)
    read = saved_search.from_dict(kept)
    assert (read.image_id, read.weight, read.crop) == ("product:demo-1", 0.25, CUT)
    assert ("crop", "0.1000,0.2000,0.3000,0.4000") in saved_search.fields_of(kept)


def test_a_search_with_a_part_is_another_search():
    whole = SearchQuery(text="in red", image_id="product:demo-1", crop=Crop(0, 0, 1, 1))
    plain = SearchQuery(text="in red", image_id="product:demo-1")
    keys = [saved_search.key(saved_search.to_dict(each)) for each in (whole, plain, OF_PRODUCT)]
    assert keys[0] == keys[1] != keys[2]
