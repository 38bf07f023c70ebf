"""The comparison of vectors, words and both: on a small shop whose answers are known."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search.evaluation.comparison import Measure
from search.evaluation.metrics import DEPTH
from search.evaluation.questions import Item, Part, Questions

WORN = [
    Item(f"Fern Women {colour} Cotton Dress {n}", "Dresses", colour, "Women", "Fern", is_held_out=n % 4 == 0)
    for colour in ("Red", "Blue")
    for n in range(DEPTH)
]


def test_a_title_is_answered_by_all_products_of_that_title():
    twins = [Item("Red Dress", "Dresses", "Red", "Women", "Fern") for _number in range(2)]
    questions = list(Questions([*twins, Item("Blue Hat", "Hats", "Blue", "Men", "Moss")]).titles())
    assert [(each.text, each.right.tolist()) for each in questions] == [
        ("Red Dress", [True, True, False]),
        ("Red Dress", [True, True, False]),
        ("Blue Hat", [False, False, True]),
    ]


def test_attributes_are_asked_for_where_a_page_of_products_shares_them():
    asked = {each.text: int(each.right.sum()) for each in Questions(WORN).colours_and_types()}
    assert asked == {"blue dresses": DEPTH, "red dresses": DEPTH}
    assert [each.text for each in Questions(WORN).stacked()] == [
        "dresses in blue for women",
        "dresses in red for women",
    ]
    assert [each.text for each in Questions(WORN[:-1]).stacked()] == ["dresses in red for women"]


def test_half_remembered_titles_lose_words_and_misspelt_ones_swap_letters():
    remembered = [each.text for each in Questions(WORN).remembered()]
    misspelt = [each.text for each in Questions(WORN).misspelt()]
    assert all(len(text.split()) == 4 for text in remembered)
    assert remembered != misspelt
    assert [sorted(text) for text in remembered] == [sorted(text) for text in misspelt]


def test_everyday_names_are_asked_where_products_do_not_say_them():
    worn = [Item(f"Sweater {n}", "Sweaters", "Red", "Men", "Fern") for n in range(DEPTH)]
    asked = [each.text for each in Questions(worn).everyday(lambda _name: np.empty(0, np.int64))]
    assert asked == ["jumper", "red jumper", "warm pullover", "red warm pullover"]
    assert list(Questions(worn).everyday(lambda _name: np.arange(DEPTH))) == []


def test_the_halves_share_no_question_and_ask_for_held_out_titles_only():
    held_out = {item.title for item in WORN if item.is_held_out}
    halves = [Questions(WORN, part) for part in (Part.CHOOSE, Part.REPORT)]
    titles = [{each.text for each in half.titles()} for half in halves]
    assert not titles[0] & titles[1]
    assert titles[0] | titles[1] == held_out
    shelves = [{each.text for each in half.colours_and_types()} for half in halves]
    assert shelves == [{"blue dresses"}, {"red dresses"}]


def test_measures_count_what_stands_first():
    right = np.array([False, True, True, False])
    assert Measure(10, is_share=False).scores(right) == (0.0, 0.5)
    assert Measure(4, is_share=True).scores(right) == (0.5, 1.0)
    assert Measure(10, is_share=False).scores(np.zeros(4, bool)) == (0.0, 0.0)


def command(*arguments):
    out = io.StringIO()
    call_command("evaluate", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_compares_vectors_words_and_both(shop):
    found = json.loads(command("--ranking", "--json"))
    title = found["ranking"]["title"]
    assert title.keys() == {"vectors only", "fused", "words only"}
    assert title["words only"]["recall@1"] == 1.0
    # The stand-in encoder cannot tell the numbers of a shelf apart.
    assert title["vectors only"]["recall@1"] < title["fused"]["recall@1"] == 1.0


def test_the_command_prints_a_table_that_ends_in_one_line(shop):
    lines = command("--ranking").splitlines()
    assert lines[0].startswith("title | vectors only")
    assert lines[-1].endswith("(all).")


@pytest.mark.django_db
def test_without_an_index_the_comparison_says_what_to_run(colour_encoder):
    with pytest.raises(CommandError, match="reindex"):
        command("--ranking")
