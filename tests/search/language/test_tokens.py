"""Words and their stems."""

import pytest

from search.language.tokens import stem, stems, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("dresses", "dress"),
        ("shoes", "shoe"),
        ("watches", "watch"),
        ("bodies", "body"),
        ("scarves", "scarf"),
        ("striped", "stripes"),
        ("knitted", "knit"),
        ("checked", "checks"),
        ("sleeved", "sleeve"),
        ("men", "man"),
        ("blouses", "blouse"),
        ("jeans", "jean"),
        ("boxes", "box"),
        ("bikinis", "bikini"),
        ("capris", "capri"),
    ],
)
def test_forms_of_one_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"), [("dress", "dre"), ("red", "r"), ("adidas", "adid"), ("top", "to")]
)
def test_short_words_and_other_words_keep_apart(one, other):
    assert stem(one) != stem(other)


def test_words_are_folded_and_compounds_joined():
    assert words("Café T-Shirt, women's V neck & flip-flops") == [
        "cafe", "tshirt", "women", "vneck", "flip", "flops",
    ]  # fmt: skip


def test_an_article_is_no_letter_of_a_compound():
    assert words("a shirt and a back pack") == ["a", "shirt", "and", "a", "back", "pack"]
    assert words("a t shirt, a v neck, an a line skirt") == [
        "a",
        "tshirt",
        "a",
        "vneck",
        "an",
        "aline",
        "skirt",
    ]


def test_only_stop_words_are_kept_rather_than_nothing():
    assert stems("with and for") == ["with", "and", "for"]
