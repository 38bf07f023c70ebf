"""The comparison of vectors, words and both, on a small shop with known relevant products."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search.evaluation.comparison import Metric
from search.evaluation.metrics import DEPTH
from search.evaluation.queries import EvaluationQueries, LabelledProduct, Split

PRODUCTS = [
    LabelledProduct(
        f"Fern Women {colour} Cotton Dress {n}", "Dresses", colour, "Women", "Fern", is_held_out=n % 4 == 0
    )
    for colour in ("Red", "Blue")
    for n in range(DEPTH)
]


def test_all_products_of_a_title_are_relevant_to_it():
    twins = [LabelledProduct("Red Dress", "Dresses", "Red", "Women", "Fern") for _number in range(2)]
    queries = list(
        EvaluationQueries([*twins, LabelledProduct("Blue Hat", "Hats", "Blue", "Men", "Moss")]).titles()
    )
    assert [(each.text, each.relevant.tolist()) for each in queries] == [
        ("Red Dress", [True, True, False]),
        ("Red Dress", [True, True, False]),
        ("Blue Hat", [False, False, True]),
    ]


def test_attributes_become_queries_where_a_page_of_products_shares_them():
    queries = {
        each.text: int(each.relevant.sum()) for each in EvaluationQueries(PRODUCTS).colours_and_types()
    }
    assert queries == {"blue dresses": DEPTH, "red dresses": DEPTH}
    assert [each.text for each in EvaluationQueries(PRODUCTS).three_attributes()] == [
        "dresses in blue for women",
        "dresses in red for women",
    ]
    assert [each.text for each in EvaluationQueries(PRODUCTS[:-1]).three_attributes()] == [
        "dresses in red for women"
    ]


def test_partial_titles_lose_words_and_misspelt_ones_swap_letters():
    partial = [each.text for each in EvaluationQueries(PRODUCTS).partial_titles()]
    misspelt = [each.text for each in EvaluationQueries(PRODUCTS).misspelt_titles()]
    assert all(len(text.split()) == 4 for text in partial)
    assert partial != misspelt
    assert [sorted(text) for text in partial] == [sorted(text) for text in misspelt]


def test_everyday_names_become_queries_where_products_lack_them():
    sweaters = [LabelledProduct(f"Sweater {n}", "Sweaters", "Red", "Men", "Fern") for n in range(DEPTH)]
    queries = [
        each.text for each in EvaluationQueries(sweaters).everyday_names(lambda _name: np.empty(0, np.int64))
    ]
    assert queries == ["jumper", "red jumper", "warm pullover", "red warm pullover"]
    assert list(EvaluationQueries(sweaters).everyday_names(lambda _name: np.arange(DEPTH))) == []


def test_the_halves_share_no_query_and_use_held_out_titles_only():
    held_out = {product.title for product in PRODUCTS if product.is_held_out}
    halves = [EvaluationQueries(PRODUCTS, split) for split in (Split.CHOOSE, Split.REPORT)]
    titles = [{each.text for each in half.titles()} for half in halves]
    assert not titles[0] & titles[1]
    assert titles[0] | titles[1] == held_out
    attributes = [{each.text for each in half.colours_and_types()} for half in halves]
    assert attributes == [{"blue dresses"}, {"red dresses"}]


def test_metrics_count_the_first_results():
    relevant = np.array([False, True, True, False])
    assert Metric(10, is_share=False).scores(relevant) == (0.0, 0.5)
    assert Metric(4, is_share=True).scores(relevant) == (0.5, 1.0)
    assert Metric(10, is_share=False).scores(np.zeros(4, bool)) == (0.0, 0.0)


def command(*arguments):
    out = io.StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_compares_vectors_words_and_both(shop):
    found = json.loads(command("--ranking", "--json"))
    title = found["ranking"]["title"]
    assert title.keys() == {"vectors only", "fused", "words only"}
    assert title["words only"]["recall@1"] == 1.0
    # The stand-in encoder cannot tell the numbers within a category apart.
    assert title["vectors only"]["recall@1"] < title["fused"]["recall@1"] == 1.0


def test_the_command_prints_a_table_that_ends_in_one_line(shop):
    lines = command("--ranking").splitlines()
    assert lines[0].startswith("title | vectors only")
    assert lines[-1].endswith("(all).")


@pytest.mark.django_db
def test_without_an_index_the_comparison_names_the_command(colour_encoder):
    with pytest.raises(CommandError, match="reindex"):
        command("--ranking")
