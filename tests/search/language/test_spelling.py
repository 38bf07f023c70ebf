"""Edit distance, and which word a misspelt one is corrected to."""

import functools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from search.language.spelling import Speller, is_typical


def osa_distance(left, right):
    """Optimal string alignment by its definition."""

    @functools.cache
    def of(i, j):
        if not i or not j:
            return i + j
        edits = [of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (left[i - 1] != right[j - 1])]
        if i > 1 and j > 1 and left[i - 2 : i] == right[j - 2 : j][::-1]:
            edits.append(of(i - 2, j - 2) + 1)
        return min(edits)

    return of(len(left), len(right))


@pytest.mark.parametrize(
    ("left", "right", "edits"),
    [("puma", "puma", 0), ("tshrit", "tshirt", 1), ("a", "abc", 2), ("kitten", "sitting", 3)],
)
def test_the_edit_distance_counts_swapped_neighbours_once(left, right, edits):
    assert OSA.distance(left, right, score_cutoff=3) == osa_distance(left, right) == edits


@given(left=st.text("abcd", max_size=8), right=st.text("abcd", max_size=8))
def test_the_edit_distance_is_symmetric_and_bounded(left, right):
    distance = OSA.distance(left, right, score_cutoff=2)
    assert distance == OSA.distance(right, left, score_cutoff=2)
    assert distance == min(osa_distance(left, right), 3)
    assert (distance == 0) == (left == right)


@given(
    word=st.text("abcé", min_size=4, max_size=9),
    counts=st.dictionaries(st.text("abcé", min_size=3, max_size=9), st.integers(1, 9), max_size=20),
)
def test_a_correction_is_the_most_used_of_the_nearest_words(word, counts):
    allowed = 1 if len(word) < 7 else 2
    near = [
        (made, osa_distance(word, known), -count, known)
        for known, count in counts.items()
        if (made := mistakes(word, known)) <= allowed and (made == 1 or known[0] == word[0])
    ]
    assert Speller(counts).correct(word) == (min(near)[-1] if near else "")


def mistakes(word, known):
    """The edits between two words; those beside a letter written once for twice, or twice for once, alone."""
    edits = osa_distance(word, known)
    once, known_once = (re.sub(r"(.)\1+", r"\1", each) for each in (word, known))
    is_other = len(once) == len(known_once) and once != known_once
    if edits != 2 or len(word) < 6 or known[0] != word[0] or is_other:
        return edits
    return max(1, osa_distance(once, known_once))


def test_the_more_used_of_two_near_words_wins():
    assert Speller({"shorts": 9, "shirts": 2}).correct("shrts") == "shorts"


def test_of_words_equally_near_a_likely_one_is_meant():
    counts = {"short": 90, "shirt": 2, "wearing": 90, "earrings": 2}
    assert Speller(counts, {"shirt", "earrings"}).correct("shrt") == "shirt"
    assert Speller(counts, {"shirt", "earrings"}).correct("earing") == "earrings"
    assert Speller(counts).correct("shrt") == "short"


@pytest.mark.parametrize(
    ("typed", "meant", "is_sure"),
    [("sandles", "sandals", True), ("cardegin", "cardigan", True), ("sandles", "saddled", False)],
)
def test_mistakes_in_the_vowels_alone_are_typical(typed, meant, is_sure):
    assert is_typical(typed, meant) is is_sure


def test_a_short_word_is_left_alone():
    assert Speller({"red": 9}).correct("rod") == ""


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("drss", "dress"), ("dresss", "dress"), ("derss", "dress"), ("shirr", "shirt"), ("jaczket", "jacket")],
)
def test_a_missing_doubled_swapped_or_neighbouring_letter_is_a_typical_mistake(typed, meant):
    assert is_typical(typed, meant)


@pytest.mark.parametrize(("typed", "meant"), [("togs", "tops"), ("boty", "boy"), ("ruching", "running")])
def test_another_short_word_is_no_typical_mistake(typed, meant):
    assert not is_typical(typed, meant)


@pytest.mark.parametrize("typed", ["legins", "leggins", "leggiings", "legginss"])
def test_a_letter_once_for_twice_is_no_mistake_of_its_own(typed):
    assert Speller({"leggings": 5, "lining": 9}).correct(typed) == "leggings"
    assert is_typical(typed, "leggings")


def test_of_equally_near_words_the_one_with_fewer_edits_is_meant():
    assert Speller({"umbrellas": 50, "umbrella": 3}).correct("umbrela") == "umbrella"


def test_two_other_mistakes_in_a_word_of_six_letters_are_too_many():
    assert Speller({"jacket": 5}).correct("jeckit") == ""
    assert Speller({"chiffon": 5}).correct("chiton") == ""
