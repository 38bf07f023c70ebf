"""Article numbers, head nouns and names with a colour in the lexical index."""

import pytest

from search.lexical import building
from search.lexical.bm25 import LexicalIndex
from search.lexical.documents import LexicalDocument
from search.lexical.files import FOLDER, NAMES

DOCUMENTS = [
    LexicalDocument("Sneaker Socks", category="Socks", codes=("16-07",)),
    LexicalDocument("Running Sneakers", category="Casual Shoes", codes=("NOR.0707-60",)),
    LexicalDocument("Red Tape Shoes", category="Casual Shoes", colour="Red", codes=("16-08",)),
    LexicalDocument("Red Tape Belt", category="Belts", colour="Red", codes=("17-07",)),
    LexicalDocument("Red Rain Jacket", category="Jackets", colour="Red", codes=("demo-1042",)),
    LexicalDocument("Blue Rain Jacket", category="Jackets", colour="Blue", codes=("demo-1043",)),
    LexicalDocument("Black Rain Jacket", category="Jackets", colour="Black"),
    LexicalDocument("Green Rain Jacket", category="Jackets", colour="Green"),
    LexicalDocument("Wrap Dress", category="Dresses", codes=("wrap-dress",), numbers=("WD-N-S", "WD-N-M")),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("version")
    building.build(DOCUMENTS, folder)
    return LexicalIndex.load(folder)


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("16-07", [0]),
        ("1607", [0]),
        ("16 07", [0]),
        ("NOR.0707-60", [1]),
        ("nor 0707 60", [1]),
        ("nor070760", [1]),
        ("0707-60", [1]),
        ("0707", [1]),
        ("demo-1042", [4]),
        ("1042", [4]),
        ("WD-N-S", [8]),
        ("wd_n_m", [8]),
    ],
)
def test_an_article_number_is_found_whole_in_part_and_joined(index, text, rows):
    assert index.article_rows(text).tolist() == rows


@pytest.mark.parametrize(
    "text", ["16", "07", "sneakers", "demo", "99-99", "", "16-07 socks", "wrap-dress", "wd n s", "wd-n"]
)
def test_what_is_no_article_number_carries_none(index, text):
    assert index.article_rows(text).tolist() == []


def test_a_garment_that_describes_another_counts_less(index):
    rows, relevance = index.scores("sneakers")
    found = dict(zip(rows.tolist(), relevance.tolist(), strict=True))
    assert found[0] <= 0.5 < found[1]


def test_the_describing_garment_counts_fully_with_the_other(index):
    rows, relevance = index.scores("sneaker socks")
    assert dict(zip(rows.tolist(), relevance.tolist(), strict=True))[0] == pytest.approx(1)


def test_a_name_begins_with_a_colour_that_its_word_has_in_most_titles(index):
    assert index.is_name("red", "tape")
    assert not index.is_name("red", "rain")


def test_a_version_without_names_can_be_read(tmp_path):
    building.build(DOCUMENTS, tmp_path)
    (tmp_path / FOLDER / NAMES).unlink()
    assert not LexicalIndex.load(tmp_path).is_name("red", "tape")
