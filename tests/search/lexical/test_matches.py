"""The relevance of those that can matter is that of all."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lexical import building
from search.lexical.bm25 import LexicalIndex, load_segment
from search.lexical.documents import LexicalDocument
from search.lexical.matching import held_shares
from search.lexical.matching.held_shares import FrequentTokens
from search.lexical.segments import removed
from search.lexical.terms import query_terms
from tests.examples import examples

# "red" is in most of them, "linen" in few.
# Sums of float32 in another order.
EQUAL = 1e-6
WORDS = ["red"] * 12 + ["dress"] * 8 + ["puma"] * 4 + ["zip", "linen", "sling", "bag"]
SYNONYMS = {"frock": ("dress", "linen dress"), "red": ("puma",)}
QUERIES = [
    "red",
    "linen",
    "red dress",
    "red puma linen dress",
    "sling bag red",
    "frock red",
    "frock",
    "nope",
    "red nope",
]
words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
documents = st.builds(LexicalDocument, title=words, description=st.one_of(st.just(""), words))
shops = st.lists(st.lists(documents, min_size=2, max_size=12), min_size=1, max_size=3)


def index_of(parts, folder):
    for number, part in enumerate(parts):
        building.build(part, folder / str(number))
    if len(parts) == 1:
        return LexicalIndex.load(folder / "0")
    # The first of each part has left.
    left = [removed(folder / str(number), np.array([0])) for number in range(len(parts))]
    return LexicalIndex.of_segments(
        [load_segment(folder / str(n), mapped=False) for n in range(len(parts))], left
    )


def relevance_of_all(index, query):
    """(n,) row by row and word by word, of those that are found."""
    postings, terms = index._postings, query_terms(query, index._postings, SYNONYMS)
    every = np.zeros(index.size)
    for term in terms:
        numbers = {number for numbers, _share in term.alternatives for number in numbers}
        for row in {int(row) for number in numbers for row in postings.rows(number)}:
            shares = [
                min(float(postings.shares_at(number, np.array([row]))[0]) for number in numbers) * share
                for numbers, share in term.alternatives
            ]
            every[row] += max(shares) * term.weight
    return np.minimum(every / (sum(term.weight for term in terms) or 1.0), 1.0)


@given(shops, st.sampled_from(QUERIES), st.sampled_from([0.0, 0.1, 0.4, 0.64, 0.8, 1.0]))
@settings(max_examples=examples(120), deadline=None)
def test_whoever_is_not_looked_at_has_less(parts, query, least):
    with tempfile.TemporaryDirectory() as name:
        index = index_of(parts, Path(name))
    expected = relevance_of_all(index, query)
    matches = index.matches(query, synonyms=SYNONYMS)
    rows, relevance = matches.at_least(least)
    assert set(np.flatnonzero(expected >= least + EQUAL)) <= set(rows.tolist())
    assert (expected[rows] >= max(least - EQUAL, EQUAL)).all()
    assert (np.diff(rows) > 0).all()
    np.testing.assert_allclose(relevance, expected[rows], atol=EQUAL)
    assert matches.best == pytest.approx(expected.max(initial=0.0), abs=EQUAL)


@given(shops, st.lists(st.sampled_from(QUERIES), min_size=2, max_size=4))
@settings(max_examples=examples(40), deadline=None)
def test_tokens_that_are_held_add_what_is_looked_up(parts, queries):
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        index = index_of(parts, Path(name))
        expected = [index.matches(query, synonyms=SYNONYMS).at_least(0.4) for query in queries]
        for name, value in {"LEAST_ROWS": 0, "LEAST_SHARE": 0, "OFTEN": 1}.items():
            patch.setattr(held_shares, name, value)
        for query, (rows, relevance) in zip(queries, expected, strict=True):
            found = index.matches(query, synonyms=SYNONYMS).at_least(0.4)
            assert found[0].tolist() == rows.tolist()
            assert found[1].tolist() == relevance.tolist()


def shares_of(count):
    return np.arange(count, dtype=np.int32), np.linspace(0.5, 1, count, dtype=np.float32)


def not_asked_for():
    raise AssertionError("It is held, or need not be.")


@pytest.fixture
def few_are_many(monkeypatch):
    monkeypatch.setattr(held_shares, "LEAST_ROWS", 10)
    monkeypatch.setattr(held_shares, "HELD_BYTES", 1000)


@pytest.mark.usefixtures("few_are_many")
def test_a_frequent_token_is_held_once_it_is_looked_up_often():
    tokens = FrequentTokens(300)
    found = [tokens.get(1, 20, lambda: shares_of(20)) for _time in range(4)]
    assert [each is None for each in found] == [True, True, False, False]
    assert found[2] is found[3]
    assert found[2].at(np.array([0, 19, 20])).tolist() == [0.5, 1.0, 0.0]
    assert [tokens.get(2, 9, not_asked_for) for _time in range(4)] == [None] * 4


@pytest.mark.usefixtures("few_are_many")
def test_held_tokens_stay_within_their_bytes():
    tokens = FrequentTokens(300)
    for number in (1, 2, 3):
        for _time in range(3):
            tokens.get(number, 20, lambda: shares_of(20))
    # About 380 bytes each, so that the first had to go.
    assert [tokens.get(number, 20, not_asked_for).nbytes for number in (2, 3)] == [384, 384]
    with pytest.raises(AssertionError, match="held"):
        tokens.get(1, 20, not_asked_for)


def test_more_than_255_values_take_two_bytes_each():
    held = held_shares.HeldShares.of(shares_of(300), 1000)
    assert held.codes.dtype == np.uint16
    assert held.at(np.arange(300)).tolist() == shares_of(300)[1].tolist()


def test_of_a_title_only_products_with_a_rare_word_are_looked_at(tmp_path, monkeypatch):
    plain = [LexicalDocument(f"red dress number{number}") for number in range(200)]
    index = index_of([[*plain, LexicalDocument("zebra red dress")]], tmp_path)
    looked_at = []
    matches = index.matches("zebra red dress")
    added = matches._added
    monkeypatch.setattr(
        matches, "_added", lambda term, rows: looked_at.extend(rows.tolist()) or added(term, rows)
    )
    assert matches.best == pytest.approx(1.0)
    assert matches.at_least(0.8)[0].tolist() == [200]
    assert set(looked_at) == {200}


@pytest.mark.parametrize("phrase", ["red", "red dress", "linen dress", "nope", "red nope", ""])
def test_rows_say_a_phrase_that_rows_with_has(tmp_path, phrase):
    titles = ["red dress", "linen dress", "dress of red linen", "zip", "red"]
    index = index_of([[LexicalDocument(title) for title in titles]], tmp_path)
    rows = np.array([4, 0, 2, 1, 3])
    assert index.says(rows, phrase).tolist() == np.isin(rows, index.rows_with(phrase)).tolist()
