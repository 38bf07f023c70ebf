"""Products in one JSON array, which many interfaces answer with."""

import json
from decimal import Decimal

import pytest

from catalog.sources.base import SourceError

PRODUCTS = [{"id": 1, "title": "Dress", "price": 10.5}, {"id": 2, "title": "Hat", "price": 5}]


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda rows: rows,
        lambda rows: {"products": rows},
        lambda rows: {"data": rows},
        lambda rows: {"status": 'o"k', "total": 2, "next": None, "products": rows, "page": 1},
    ],
)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_is_read_object_by_object(look, wrapped, indent):
    products, rejected, _notes = look(json.dumps(wrapped(PRODUCTS), indent=indent))
    assert not rejected
    assert [(each.title, each.price) for each in products] == [
        ("Dress", Decimal("10.50")),
        ("Hat", Decimal(5)),
    ]


def test_a_line_with_a_list_of_its_own_is_no_array(look):
    lines = "\n".join(json.dumps({"images": ["https://a.example/1.jpg"], **each}) for each in PRODUCTS)
    products, *_ = look(lines)
    assert len(products) == 2


def test_a_line_that_has_items_after_its_id_is_no_array(look):
    lines = "\n".join(json.dumps({**each, "items": [{"id": 9}]}) for each in PRODUCTS)
    products, *_ = look(lines)
    assert [each.external_id for each in products] == ["1", "2"]


@pytest.mark.parametrize("first", ["ID", "Titel", "Handle", "url", "@type"])
def test_nor_is_a_line_that_begins_with_any_other_column(look, first):
    lines = "\n".join(json.dumps({first: f"x{number}", **each, "offers": [{"size": "S"}]})
                      for number, each in enumerate(PRODUCTS))  # fmt: skip
    products, *_ = look(lines)
    assert [each.title for each in products] == ["Dress", "Hat"]


def test_an_object_longer_than_a_chunk_is_read(look):
    long = {"id": 3, "title": "Coat", "price": 7, "description": "word " * 100_000}
    products, *_ = look(json.dumps([long, *PRODUCTS]))
    assert [each.title for each in products] == ["Coat", "Dress", "Hat"]


def test_a_row_of_an_array_is_refused_with_its_line(look):
    _products, rejected, _notes = look('[\n{"id": 1, "title": "Dress"},\n{"id": 2},\n7]')
    assert [each.line for each in rejected] == [3, 4]


def test_an_array_that_breaks_off_fails(look):
    with pytest.raises(SourceError, match="JSON breaks off or is damaged"):
        look(json.dumps(PRODUCTS)[:-20])


@pytest.mark.parametrize(
    "page", ["<!DOCTYPE html><html><body>Login</body></html>", "<html lang='en'><body></body>"]
)
def test_a_web_page_in_the_place_of_a_feed_is_called_so(look, page):
    with pytest.raises(SourceError, match="web page"):
        look(page)
