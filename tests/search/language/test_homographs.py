"""Words that English has too: in which language they are read."""

from dataclasses import replace

import pytest

from search.language.translation import Translator

ENGLISH_SHOP = Translator(lambda word: {"dress": 40, "trousers": 12, "jacket": 20, "red": 60}.get(word, 0))


@pytest.mark.parametrize(
    ("text", "spoken", "english"),
    [
        ("Hose", "", "Hose"),
        ("Hose", "de", "trousers"),
        ("Hose", "fr", "Hose"),
        ("hose t-shirt", "de", "hose t-shirt"),
        ("slip dress", "de", "slip dress"),
        ("veste", "fr", "jacket"),
    ],
)
def test_a_word_that_english_has_too_is_of_the_shoppers_language_alone(text, spoken, english):
    assert replace(ENGLISH_SHOP, spoken=spoken).translated(text) == english


# Words that a shopper types in English: beside "wear", "bag" or nothing they are of no other language.
ENGLISH_WORDS = [
    "adidas", "academia", "bass", "beau", "bone", "bones", "bros", "bureau", "claire", "clara",
    "colorado", "course", "courses", "das", "estate", "florida", "foot", "golden", "grand", "gross",
    "hell", "home", "kind", "kinds", "lane", "late", "linda", "lisa", "locker", "log", "mae",
    "manga", "marines", "maze", "media", "mere", "mono", "montana", "much", "muster", "net", "nova",
    "oliver", "pets", "plate", "plates", "plaza", "rocks", "rode", "rossi", "sabrina", "sort",
    "stale", "strand", "strands", "talon", "viola", "voyage", "wants", "zone",
]  # fmt: skip


@pytest.mark.parametrize("word", ENGLISH_WORDS)
def test_an_english_word_is_of_no_other_language(word):
    nothing_sold = Translator(lambda _word: 0)
    assert nothing_sold.translated(f"{word} outlet") == f"{word} outlet"
