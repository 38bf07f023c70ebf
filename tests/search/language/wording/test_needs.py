"""Needs are stated in words that name no thing; the most of them decide."""

from search.language.wording.needs import needed


def test_the_need_with_the_most_words_decides():
    assert all("slippers" in things for things in needed("something warm for my feet"))
    assert any("sweater" in things for things in needed("something warm"))


def test_every_need_of_as_many_words_counts():
    assert len(needed("from the gym to the beach")) == 2


def test_a_season_counts_where_no_other_need_is_stated():
    assert needed("wedding in summer") == needed("a wedding")
    assert needed("something for summer")


def test_other_words_state_none():
    assert not needed("red dress")
