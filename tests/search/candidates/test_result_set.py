"""How a frozen result set is stored: read back as it was, and anything else is a miss."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import numpy as np
import pytest
from django.core.cache import caches

from search.candidates import result_set
from search.candidates.result_set import ResultSet
from search.result import Facets, FacetValue

SCORES = np.array([0.9, 0.5, 0.4], np.float32)
STORED = ResultSet(
    keys=np.array([3, 1, 8]),
    score=SCORES,
    similarity=SCORES / 2,
    image=None,
    text=SCORES,
    relevance=np.zeros(3, np.float32),
    terms={"words": SCORES, "rest": SCORES * 0},
    variants=((), (4, 5)),
    total=2,
    is_capped=False,
    cutoff=0.31,
    facets=Facets(
        category=(FacetValue("Dresses", 2, selected=True),),
        price_min=Decimal("3.50"),
        price_max=None,
        in_stock=1,
    ),
    index_version="20260101T000000000000",
    generation=datetime(2026, 1, 1, tzinfo=UTC),
    close=1,
    kind="Dresses",
    theirs=np.array([True, False, False]),
    alike=1,
    pinned=np.array([False, True, False]),
)


def test_it_is_read_back_as_it_was():
    result_set.save("key", STORED)
    read = result_set.load("key")
    for name in ("keys", "score", "similarity", "text", "relevance", "theirs", "pinned"):
        assert np.array_equal(getattr(read, name), getattr(STORED, name), equal_nan=True)
        assert getattr(read, name).dtype == getattr(STORED, name).dtype
    assert read.image is None
    assert {name: values.tolist() for name, values in read.terms.items()} == {
        name: values.tolist() for name, values in STORED.terms.items()
    }
    for name in ("variants", "total", "is_capped", "cutoff", "facets", "index_version", "generation"):
        assert getattr(read, name) == getattr(STORED, name)
    assert read.alike == STORED.alike


def test_another_key_is_a_miss():
    result_set.save("key", STORED)
    assert result_set.load("other") is None


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"no json",
        b"{}\n",
        b"[]\n",
        STORED.to_bytes()[:200],
        STORED.to_bytes()[:-10],
        STORED.to_bytes().replace(b'"format": ', b'"format": 9'),
        "a text",
        {"keys": 1},
    ],
)
def test_what_cannot_be_read_counts_as_a_miss(garbage):
    caches["answers"].set(f"answer:{result_set.FORMAT}:key", garbage)
    assert result_set.load("key") is None


def test_nothing_executable_is_read():
    objects = STORED.to_bytes().replace(b'"<i8"', b'"|O"', 1)
    assert objects != STORED.to_bytes()
    with pytest.raises(ValueError, match="OBJECT"):
        ResultSet.from_bytes(objects)


def test_a_process_reads_a_set_once():
    result_set.save("key", STORED)
    assert result_set.load("key") is result_set.load("key")


def test_a_set_that_was_computed_again_is_read_again():
    result_set.save("key", STORED)
    before = result_set.load("key")
    result_set.save("key", replace(STORED, total=1))
    assert (before.total, result_set.load("key").total) == (2, 1)
