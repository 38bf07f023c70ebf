"""Which products an exclusion by words leaves out."""

import pytest

from search.candidates.exclusion import excluded_rows
from search.candidates.vector_query import VectorQuery
from search.lexical import building
from search.lexical.bm25 import LexicalIndex
from search.lexical.documents import LexicalDocument
from search.query import Filters

TITLES = (
    "Padded bra",
    "Non-padded bra",
    "Bra without wire",
    "BH ohne Bügel",
    "BH mit Bügel",
    "Wired bra",
    "Plain bra",
)


class Columns:
    keys = range(len(TITLES))

    def filter_masks(self, filters):
        return []

    def rows_of(self, keys):
        return []


@pytest.mark.parametrize(
    ("unwanted", "left_out"),
    [
        ("padded", {"Padded bra"}),
        ("wire", set()),
        ("wired", {"Wired bra"}),
        ("bügel", {"BH mit Bügel"}),
        ("hood", set()),
    ],
)
def test_a_product_that_says_it_lacks_a_thing_is_not_left_out(tmp_path, unwanted, left_out):
    building.build([LexicalDocument(title=title) for title in TITLES], tmp_path)
    query = VectorQuery(weight=0.0, filters=Filters(), excluded_words=(unwanted,))
    excluded = excluded_rows(query, Columns(), LexicalIndex.load(tmp_path))
    assert {title for title, is_out in zip(TITLES, excluded, strict=True) if is_out} == left_out
