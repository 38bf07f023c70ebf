"""Addresses of results pages with a thing less."""

import pytest

from search.pages.addresses import cut


@pytest.mark.parametrize(
    ("listed", "words", "left"),
    [
        ("men, women", "men", "women"),
        ("red, redwood", "red", "redwood"),
        ("red, zips, blue", "zips", "red, blue"),
        ("women", "men", "women"),
        ("red", "red", ""),
    ],
)
def test_one_thing_of_a_list_is_cut_out_whole(listed, words, left):
    assert cut(listed, words) == left
