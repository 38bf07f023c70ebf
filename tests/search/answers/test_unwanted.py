"""What a query does not want, beside a picture and in words alone."""

import numpy as np
import pytest

from search import engine, retrieval
from search.candidates.generator import CandidateGenerator
from search.candidates.vector_query import VectorQuery
from search.query import Filters, SearchQuery, Upload
from search.query_builder import unwanted
from search.query_builder.unwanted import unwanted_beside_picture
from tests.search.shop import NOW, picture

# Between red and blue, so that both resemble it.
PURPLE = (170, 30, 170)


def ask(**parts):
    return retrieval.search(SearchQuery(**parts), user=None, now=NOW, track=False, log=False)


def colours(result):
    return {hit.product.colour for hit in result.hits[:10]}


@pytest.mark.parametrize("weight", [0.1, 0.5, 0.9])
def test_what_the_words_do_not_want_goes_beside_a_picture_at_any_weight(shop, weight):
    plain = ask(picture=Upload(picture(PURPLE)))
    assert "Blue" in colours(plain)
    # The encoder reads blue in the word, which is no colour of the catalogue.
    without = ask(image_id=plain.image_id, text="without trueblue", weight=weight)
    assert colours(without) == {"Red"}


def test_what_is_excluded_goes_where_only_the_picture_counts(shop):
    result = ask(picture=Upload(picture(PURPLE)), exclude="trueblue", weight=1.0)
    assert colours(result) == {"Red"}


def test_the_weights_0_and_1_stay_pure_beside_it(shop):
    result = ask(picture=Upload(picture(PURPLE)), text="boots without trueblue", weight=0.5)
    for hit in result.hits:
        parts = hit.terms
        assert hit.score == pytest.approx(
            0.5 * parts["image"] + 0.5 * parts["words"] + parts["rest"], abs=1e-4
        )
        assert hit.similarity == pytest.approx(0.5 * hit.image_score + 0.5 * hit.text_score, abs=1e-4)


@pytest.mark.parametrize("shown", ["red", "blue"])
def test_at_weight_0_the_picture_does_not_say_what_is_unwanted(shop, shown):
    beside = ask(picture=Upload(picture(shown)), text="boots without trueblue", weight=0.0)
    alone = ask(text="boots without trueblue")
    assert [(hit.product.pk, hit.score) for hit in beside.hits] == [
        (hit.product.pk, hit.score) for hit in alone.hits
    ]


def test_it_is_what_the_words_add_to_the_kind_in_the_picture(shop, colour_encoder, monkeypatch):
    snapshot, encoded = engine.snapshot(), []
    monkeypatch.setattr(unwanted, "encode_text", lambda words, now: encoded.append(words) or np.ones(16))
    boots = next(row for row, label in enumerate(snapshot.categories.of_row)
                 if snapshot.categories.labels[label] == "Boots")  # fmt: skip
    monkeypatch.setattr(
        type(snapshot.index), "nearest", lambda *_a, **_k: (np.array([boots] * 5), np.ones(5))
    )
    unwanted_beside_picture(("laces", "heels"), np.ones(16, np.float32), snapshot, NOW)
    assert encoded == ["boots laces heels", "boots"]


def test_a_picture_that_resembles_no_category_is_of_clothes(shop, monkeypatch):
    snapshot, encoded = engine.snapshot(), []
    monkeypatch.setattr(unwanted, "encode_text", lambda words, now: encoded.append(words) or np.ones(16))
    monkeypatch.setattr(
        type(snapshot.index), "nearest", lambda *_a, **_k: (np.empty(0, np.int64), np.empty(0))
    )
    unwanted_beside_picture(("laces",), np.ones(16, np.float32), snapshot, NOW)
    assert encoded == ["clothes laces", "clothes"]


@pytest.mark.parametrize(("times", "applies"), [(-100.0, 0.0), (0.0, 0.5), (100.0, 1.0)])
def test_it_applies_between_0_and_1(shop, times, applies):
    snapshot = engine.snapshot()
    vector = snapshot.index.vectors[0]
    query = VectorQuery(weight=1.0, filters=Filters(), image=vector, unwanted_difference=times * vector)
    generator = CandidateGenerator(query, snapshot, now=NOW)
    assert generator._unwanted(vector[None]).tolist() == [applies]


@pytest.mark.parametrize("text", ["without dress", "no dresses", "anything but dresses", "ohne kleid"])
def test_words_that_only_exclude_are_answered_by_everything_else(shop, text):
    result = ask(text=text, top_k=100)
    kinds = {hit.product.category for hit in result.hits}
    assert kinds == {"Shirt", "Boots", "Bag"}
    assert result.total == sum(product.category != "Dress" for product in shop)
