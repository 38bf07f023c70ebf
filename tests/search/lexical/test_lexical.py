"""Lexical relevance: which products the words find, and how near their relevance comes to one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.language.tokens import phrase_key
from search.lexical import building as lexical
from search.lexical.bm25 import LexicalError, LexicalIndex
from search.lexical.documents import LexicalDocument
from tests.factories import ProductFactory

DOCUMENTS = [
    LexicalDocument("Puma Men Black Polo T-Shirt", "Puma", "Tshirts", "Black", "Men", codes=("demo-1042",)),
    LexicalDocument(
        "Puma Women Red Running Shoes", "Puma", "Sports Shoes", "Red", "Women", codes=("demo-1043",)
    ),
    LexicalDocument("Nike Men White T-Shirt", "Nike", "Tshirts", "White", "Men", codes=("AB-77/1",)),
    LexicalDocument(
        "Zoë Sleeveless Summer Dress", "Zoë", "Dresses", "Red", "Women", description="Striped hem."
    ),
    LexicalDocument("Striped Flip-Flops", "Nike", "Flip Flops", "Blue", "Women", attributes="sleeve none"),
    LexicalDocument("Grey Sweatshirt", "Nike", "Sweatshirts", "Grey", "Men"),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    folder = tmp_path_factory.mktemp("version")
    lexical.build(DOCUMENTS, folder)
    return LexicalIndex.load(folder)


def best(index, text, **options):
    rows, relevance = index.scores(text, **options)
    return int(rows[np.argmax(relevance)])


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("puma tshirt", 0),
        ("PUMA T-shirts", 0),
        ("puma t shirt", 0),
        ("nike tee-shirt nike t-shirt", 2),
        ("zoe dress", 3),
        ("summer dresses", 3),
        ("flipflops", 4),
        ("sweat shirt", 5),
        ("gray sweatshirts", 5),
    ],
)
def test_it_finds_the_product_that_the_words_name(index, text, row):
    assert best(index, text) == row


@pytest.mark.parametrize(
    ("text", "row"), [("demo-1042", 0), ("1043", 1), ("ab 77/1", 2), ("AB-77/1", 2), ("ab771", 2)]
)
def test_it_finds_an_article_number_whole_or_in_part(index, text, row):
    assert best(index, text) == row


def test_an_exact_brand_and_type_scores_almost_one(index):
    rows, relevance = index.scores("puma tshirt")
    assert relevance[rows == 0] > 0.95


def test_half_of_the_words_score_clearly_less(index):
    rows, relevance = index.scores("puma tshirt")
    assert relevance[rows == 1] < 0.8


def test_a_word_that_no_product_has_lowers_the_relevance(index):
    alone, with_unknown = index.scores("puma")[1].max(), index.scores("puma zeppelin")[1].max()
    assert with_unknown < alone


def test_a_word_of_the_description_counts_less_than_one_of_the_title(index):
    rows, relevance = index.scores("striped")
    assert relevance[rows == 3] < relevance[rows == 4]


def test_unknown_words_find_nothing(index):
    rows, relevance = index.scores("zeppelin")
    assert len(rows) == len(relevance) == 0


@pytest.mark.parametrize("word", ["nephew", "niece", "fiancee", "fifty"])
def test_a_relative_or_a_number_is_no_unknown_word(index, word):
    assert index.unknown_words(f"zeppelin {word}", is_word=lambda word: False) == ("zeppelin",)


@pytest.mark.parametrize("text", ["", "   ", "!?", "&", "\N{PILE OF POO}"])
def test_a_text_without_words_finds_nothing(index, text):
    assert len(index.scores(text)[0]) == 0
    assert index.did_you_mean(text) == ""


def test_a_synonym_counts_almost_as_much_as_the_word(index):
    synonyms = {"trainer": ("sports shoes",)}
    assert len(index.scores("trainers")[0]) == 0
    rows, relevance = index.scores("puma trainers", synonyms=synonyms)
    assert rows[np.argmax(relevance)] == 1
    assert relevance.max() > 0.9


def test_a_synonym_may_be_a_phrase(index):
    assert best(index, "beach slippers", synonyms={"beach slipper": ("flip flops",)}) == 4


def test_rows_with_a_phrase_have_all_its_words_outside_the_description(index):
    assert index.rows_with("sleeveless").tolist() == [3]
    assert index.rows_with("striped").tolist() == [4]
    assert index.rows_with("puma shoes").tolist() == [1]
    assert index.rows_with("puma zeppelin").tolist() == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("puma t-shrit", "puma tshirt"),
        ("pumma tshrit", "puma tshirt"),
        ("sumer dress", "summer dress"),
        ("puma tshirt", ""),
        ("flipflops", ""),
        ("zeppelin", ""),
        ("demo-1042", ""),
        ("demo 9999", ""),
        ("the nike", ""),
    ],
)
def test_it_suggests_a_spelling_only_for_words_that_no_product_has(index, text, meant):
    assert index.did_you_mean(text) == meant


def test_a_word_that_the_encoder_knows_is_not_corrected(index):
    assert index.did_you_mean("dresk puma") == "dress puma"
    assert index.did_you_mean("dresk puma", is_word={"dresk"}.__contains__) == ""


@pytest.mark.parametrize("phrase", ["slippers for a hotel pool side", "スリッパサンダル"])
def test_a_synonym_may_have_many_words(index, phrase):
    assert best(index, phrase, synonyms={phrase_key(phrase): ("flip flops",)}) == 4


def test_a_synonym_is_not_corrected(index):
    assert index.did_you_mean("pumas", synonyms={}) == ""
    assert index.did_you_mean("nikke") == "nike"
    assert index.did_you_mean("nikke", synonyms={"nikk": ("nike",)}) == ""


def test_the_index_of_an_empty_catalogue_finds_nothing(tmp_path):
    lexical.build([], tmp_path)
    index = LexicalIndex.load(tmp_path)
    assert len(index.scores("puma")[0]) == 0
    assert index.did_you_mean("puma") == ""


def test_a_product_without_words_is_never_found(tmp_path):
    lexical.build([LexicalDocument("-"), LexicalDocument("Puma")], tmp_path)
    assert LexicalIndex.load(tmp_path).scores("puma")[0].tolist() == [1]


def test_it_says_so_when_the_index_is_missing(tmp_path):
    with pytest.raises(LexicalError, match="cannot be read"):
        LexicalIndex.load(tmp_path)


@pytest.mark.parametrize("name", ["data.csc.index.npy", "references.npy", "words.json", "vocab.index.json"])
def test_it_says_so_when_a_file_is_cut(tmp_path, name):
    lexical.build(DOCUMENTS, tmp_path)
    file = tmp_path / "lexical" / name
    file.write_bytes(file.read_bytes()[:20])
    with pytest.raises(LexicalError):
        LexicalIndex.load(tmp_path)


def test_it_refuses_parts_of_two_indexes(tmp_path):
    lexical.build(DOCUMENTS, tmp_path)
    np.save(tmp_path / "lexical" / "references.npy", np.ones(3, np.float32))
    with pytest.raises(LexicalError, match="does not fit together"):
        LexicalIndex.load(tmp_path)


@given(text=st.text(max_size=80))
def test_relevance_stays_between_zero_and_one_for_any_text(index, text):
    rows, relevance = index.scores(text)
    assert len(rows) == len(relevance)
    assert ((relevance > 0) & (relevance <= 1)).all()
    assert (np.diff(rows) > 0).all()


@given(
    text=st.lists(st.sampled_from(["puma", "nike", "tshirt", "red", "men", "shoes"]), min_size=1, max_size=4)
)
def test_the_order_and_the_repetition_of_words_do_not_matter(index, text):
    rows, relevance = index.scores(" ".join(text))
    other_rows, other = index.scores(" ".join([*reversed(text), text[0]]))
    assert rows.tolist() == other_rows.tolist()
    assert relevance == pytest.approx(other, abs=1e-5)


@pytest.fixture(scope="module")
def bags(tmp_path_factory):
    """Many handbags and one hand-woven clutch."""
    folder = tmp_path_factory.mktemp("bags")
    documents = [LexicalDocument(f"Fern Handbag {n}", "Fern", "Handbags") for n in range(5)]
    lexical.build([*documents, LexicalDocument("Hand Woven Clutch Bag", "Moss", "Clutches")], folder)
    return LexicalIndex.load(folder)


def test_two_words_that_most_products_write_as_one_are_one(bags):
    rows, relevance = bags.scores("hand bag")
    assert rows[relevance > 0.9].tolist() == [0, 1, 2, 3, 4]


def test_two_words_stay_two_where_that_is_how_products_write_them(bags):
    assert best(bags, "hand woven") == 5


@pytest.mark.parametrize("text", ["office wear", "warm jacket", "gift for him", "kids"])
def test_valid_words_that_no_product_has_are_not_corrected(index, text):
    assert index.did_you_mean(text) == ""


def test_one_rare_word_does_not_dominate_the_query(tmp_path):
    shoes = [LexicalDocument(f"Shoes {n}", category="Shoes") for n in range(200)]
    lexical.build([*shoes, LexicalDocument("Party Frock", category="Dresses")], tmp_path)
    rows, relevance = LexicalIndex.load(tmp_path).scores("red party shoes")
    assert relevance[rows == 200] < 0.6


def test_every_article_number_of_a_product_and_its_sizes_is_a_code():
    numbers = {"sku": ["LS-1-S", "LS-1-M"], "gtin": ["4006381333931"]}
    document = LexicalDocument.of(ProductFactory.build(article_numbers=numbers))
    assert {"LS-1-S", "LS-1-M", "4006381333931"} <= set(document.codes)
    assert {"4006381333931", "ls1m"} <= set(document.tokens())
