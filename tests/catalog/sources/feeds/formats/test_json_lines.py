"""Feeds in JSON lines, damaged and hostile ones too."""

import json
from decimal import Decimal

import pytest

from catalog.sources.base import SourceError
from catalog.sources.feeds.feed import FeedSource
from tests.factories import NOW


def test_it_reads_json_lines_and_rejects_only_the_bad_line(read):
    lines = [
        {
            "id": 7,
            "title": "Scarf",
            "price": 12.345,
            "currency": "GBP",
            "images": ["a.jpg", "b.jpg"],
            "stock": 0,
        },
        {
            "id": "8",
            "title": "Belt",
            "availability": True,
            "material": None,
            "tags": ["new", "leather"],
            "weight": 1.5,
        },
    ]
    (scarf, belt), rejected = read(f"{json.dumps(lines[0])}\n{{broken\n\n{json.dumps(lines[1])}\n")
    assert (scarf.external_id, scarf.price, scarf.currency) == ("7", Decimal("12.35"), "GBP")
    assert (scarf.images, scarf.in_stock, scarf.quantity) == (("a.jpg", "b.jpg"), False, 0)
    assert (belt.line, belt.in_stock) == (4, True)
    assert belt.attributes == {"tags": ["new", "leather"], "weight": "1.5"}
    assert [(row.line, row.problem[:14]) for row in rejected] == [(2, "not valid JSON")]


@pytest.mark.parametrize(
    "line", ["[" * 100_000, '{"id": ' + "9" * 6000 + "}", '{"a": 1e999999999, "id": 1}', "{1:2}"]
)
def test_hostile_json_costs_one_row(read, line):
    products, rejected = read('{"id": 1, "title": "Hat"}\n' + line + '\n{"id": 2, "title": "Cap"}\n')
    assert [product.external_id for product in products] == ["1", "2"]
    assert [row.line for row in rejected] == [2]


def test_json_lines_that_break_off_give_the_rows_before_and_fail(tmp_path):
    """What is behind the break would be taken for vanished."""
    path = tmp_path / "feed.jsonl"
    path.write_text('{"id": 1, "title": "Hat"}\n{"id": 2, "title": "Cap"}\n{"id": 3, "ti')
    rows = FeedSource("demo", str(path), now=NOW).products()
    assert [next(rows).external_id, next(rows).external_id] == ["1", "2"]
    with pytest.raises(SourceError, match="breaks off within line 3"):
        next(rows)


def test_json_lines_may_end_without_an_end_of_line(read):
    products, rejected = read('{"id": 1, "title": "Hat"}\n{"id": 2, "title": "Cap"}')
    assert ([product.external_id for product in products], rejected) == (["1", "2"], [])
