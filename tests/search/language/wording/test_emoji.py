"""Emoji of things stand for their words."""

import pytest

from search.language.wording.pasted import in_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("👗", "dress"),
        ("👟 black", "sneakers black"),
        ("🔴👠", "red high heels"),
        ("🕶️ for women", "sunglasses for women"),
        ("dress👰🏽\u200d♀️", "dress wedding ♀️"),
    ],
)
def test_an_emoji_becomes_the_words_that_it_stands_for(text, words):
    assert in_words(text) == words


@pytest.mark.parametrize("text", ["red  dress", "été", "nice dress 😍", ""])
def test_a_text_without_emoji_of_things_stays_as_it_is(text):
    assert in_words(text) == text
