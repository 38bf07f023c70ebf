"""The measures, on vectors whose relevant products can be counted by hand."""

import numpy as np
import pytest

from search.evaluation import metrics
from search.evaluation.metrics import Catalogue

RED, BLUE, SHIRT, SHOE = np.eye(4, dtype=np.float32)
WORDS = {"Shirts": SHIRT, "Shoes": SHOE, "Red": RED, "Blue": BLUE, "in red": RED, "in blue": BLUE}


def encode(texts):
    return np.stack([WORDS[text] for text in texts])


def unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture
def catalogue():
    """Twelve each of red and blue shirts and shoes, a little apart from each other."""
    kinds = [("Shirts", SHIRT), ("Shoes", SHOE)]
    colours = [("Red", RED), ("Blue", BLUE)]
    made = [(k, c, kv + 0.6 * cv) for k, kv in kinds for c, cv in colours for _ in range(12)]
    noise = np.random.default_rng(1).normal(0, 0.01, (len(made), 4))
    vectors = unit(np.stack([vector for _, _, vector in made]) + noise)
    labels = {"type": np.array([k for k, _, _ in made]), "colour": np.array([c for _, c, _ in made])}
    return Catalogue(vectors, vectors, [f"{c} {k}" for k, c, _ in made], labels)


def test_a_rank_counts_better_and_tied_documents():
    documents = np.array([[1, 0], [0, 1], [0, 1]], np.float32)
    queries = np.array([[1, 0], [0, 1]], np.float32)
    assert metrics.ranks_of_own(queries, documents, np.array([0, 1])).tolist() == [1, 2]


def test_recall_and_reciprocal_rank_stop_at_the_depth():
    scores = metrics.recall_and_mrr(np.array([1, 2, 10, 11]))
    assert scores == {"recall@1": 0.25, "recall@10": 0.75, "mrr@10": pytest.approx((1 + 0.5 + 0.1) / 4)}


def test_precision_and_reciprocal_rank_average_over_queries():
    scores = metrics.precision_and_mrr(np.array([[True, False], [False, True], [False, False]]))
    assert scores == {"precision@1": pytest.approx(1 / 3), "precision@2": pytest.approx(1 / 3), "mrr": 0.5}


def test_a_title_must_find_its_own_picture(catalogue):
    own = dict(zip([f"{n}" for n in range(48)], catalogue.images, strict=True))
    numbered = Catalogue(catalogue.images, catalogue.documents, list(own), catalogue.labels)
    scores = metrics.title_to_image(numbered, lambda texts: np.stack([own[t] for t in texts]), queries=30)
    assert (scores["recall@1"], scores["queries"]) == (1.0, 30)


def test_an_attribute_must_find_products_that_have_it(catalogue):
    search = metrics.exact(catalogue.documents)
    scores = metrics.attribute_to_product(catalogue, "colour", encode, search)
    assert (scores["precision@10"], scores["queries"]) == (1.0, 2)


def test_rows_that_an_index_did_not_fill_are_misses(catalogue):
    def half(queries, depth):
        rows = metrics.top(queries @ catalogue.documents.T, depth)
        rows[:, depth // 2 :] = -1
        return rows

    scores = metrics.attribute_to_product(catalogue, "type", encode, half)
    assert scores["precision@10"] == 0.5


def test_labels_of_few_products_are_left_out(catalogue):
    rare = catalogue.labels["type"].copy()
    rare[:3] = "Hats"
    changed = Catalogue(catalogue.images, catalogue.documents, catalogue.titles, {"type": rare})
    assert set(changed.relevant("type")) == {"Shirts", "Shoes"}


def test_a_picture_does_not_find_itself(catalogue):
    scores = metrics.image_to_type(catalogue, metrics.exact(catalogue.documents), queries=48)
    assert scores["precision@10"] == 1.0


def test_a_picture_in_another_colour_needs_picture_and_text(catalogue):
    scores = metrics.hybrid(catalogue, encode, queries=48)
    assert scores[0.5]["type and colour"] == 1.0
    assert scores[1.0]["type and colour"] == 0.0
    assert scores[1.0]["type"] == 1.0
    assert scores[0.0]["type and colour"] < 1.0


def test_a_catalogue_of_one_colour_has_no_other_colour_to_find(catalogue):
    labels = {"type": catalogue.labels["type"], "colour": np.full(48, "Red")}
    assert (
        metrics.hybrid(
            Catalogue(catalogue.images, catalogue.documents, catalogue.titles, labels), encode, queries=9
        )
        == {}
    )
