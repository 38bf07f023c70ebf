"""Text as it is pasted: addresses, markup, words twice, labels of article numbers."""

import pytest

from search.language.wording.pasted import plain, without_label


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<b>red dress</b>", "red dress"),
        ("red&nbsp;dress", "red dress"),
        ("&lt;b&gt;red dress", "red dress"),
        ("https://shop.example.com/products/red-dress-12345", "red dress"),
        ("www.example.de/nike-schuhe.html", "nike schuhe"),
        (
            "https://www.example.com/Puma-Mens-Running-Shoes/dp/B07XYZ123?ref=sr_1_1",
            "Puma Mens Running Shoes",
        ),
        ("like https://example.com/p/red%20dress but blue", "like red dress but blue"),
        ("red red dress", "red dress"),
        ("pom pom hat", "pom pom hat"),
        ("jeans&notebook &eacute;t&eacute;", "jeans&notebook été"),
        ("dress Dress dress", "dress"),
    ],
)
def test_what_was_pasted_is_read_as_its_words(text, left):
    assert plain(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "shoes <50 and >20",
        "H&M dress",
        "red dress",
        "dress & heels",
        "https://example.com",
        "<>",
        "go to go",
        "((",
    ],
)
def test_other_texts_stay_as_they_are(text):
    assert plain(text) == text


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("SKU: 10-23", "10-23"),
        ("item #10023", "10023"),
        ("Art.-Nr. 10023", "10023"),
        ("product 10023", "10023"),
        ("itemised 10023", "itemised 10023"),
        ("10023", "10023"),
    ],
)
def test_what_an_article_number_is_called_is_left_out(text, number):
    assert without_label(text) == number
