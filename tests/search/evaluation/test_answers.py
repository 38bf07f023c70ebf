"""Answer sets measured on labelled queries, and the rules that label them."""

import csv
import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search.evaluation.answers import AnswerMeasures
from search.evaluation.bootstrap import Estimate
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.labelled_queries import MIN_ANSWERS, Entry, LabelledQueries, half_of
from search.evaluation.other_catalogue import measured, read_kinds
from search.evaluation.queries import LabelledProduct, Split
from search.evaluation.query_rules import EVERYDAY_RULES, NEED_RULES
from search.language.tokens import stems


def product(kind, colour="Red", title=""):
    return LabelledProduct(title or f"{colour} {kind}", kind, colour, "Women", "Fern")


@pytest.mark.parametrize(
    ("entry", "kind", "matches"),
    [
        ("sport shoe", "Sports Shoes", True),
        ("sport shoe", "Sports Bags", False),
        ("shirt", "Dress Shirts", True),
        ("=shirt", "Dress Shirts", False),
        ("=shirt", "Shirts", True),
        ("tshirt", "T-Shirts", True),
    ],
)
def test_a_rule_matches_kinds_by_their_words(entry, kind, matches):
    assert Entry.parse(entry).matches(tuple(stems(kind))) is matches


def test_every_rule_names_a_kind():
    conditions = [*EVERYDAY_RULES.values(), *NEED_RULES.values()]
    entries = [entry for condition in conditions for entry in condition.split("|")]
    assert all(Entry.parse(entry).words for entry in entries)


def test_queries_are_kept_where_enough_products_answer():
    products = [product("Dresses") for _number in range(MIN_ANSWERS)] + [product("Watches")]
    texts = {each.text for group in LabelledQueries(products).groups().values() for each in group}
    assert {"frock", "gown", "red dresses"} <= texts
    assert not {"timepiece", "red watches"} & texts


def test_a_title_word_is_judged_by_the_title():
    striped = [product("Dresses", title="Fern striped dress") for _number in range(MIN_ANSWERS)]
    groups = LabelledQueries([*striped, product("Dresses")]).groups()
    (query,) = groups["colour, title word and kind"]
    assert query.text == "red striped dresses"
    assert query.relevant.tolist() == [True] * MIN_ANSWERS + [False]


def test_the_halves_share_no_query():
    products = [product(kind) for kind in ("Dresses", "Watches", "Jeans") for _number in range(MIN_ANSWERS)]
    halves = [
        {each.text for group in LabelledQueries(products, split).groups().values() for each in group}
        for split in (Split.CHOOSE, Split.REPORT, Split.ALL)
    ]
    assert halves[0] | halves[1] == halves[2]
    assert not halves[0] & halves[1]
    assert half_of("frock") in (Split.CHOOSE, Split.REPORT)


def test_an_answer_is_measured_by_its_set_and_by_what_leads_it():
    relevant = np.array([True, True, False, False])
    prices = np.array([30.0, np.nan, 10.0, 20.0])
    found = AnswerMeasures.of(np.array([0, 2]), relevant, prices)
    assert found.values() == (0.5, 0.5, 0.5, 0.5, 0.0)
    assert AnswerMeasures.of(np.empty(0, np.int64), relevant, prices).values() == (0.0, 0.0, 0.0, 0.0, 1.0)


def test_an_estimate_is_the_same_every_time_and_holds_its_mean():
    values = [0.0, 1.0, 1.0, 0.5, 0.9]
    first, again = Estimate.of(values), Estimate.of(values)
    assert first == again
    assert first.low <= first.mean <= first.high
    assert Estimate.of([0.4, 0.4]) == Estimate(0.4, 0.4, 0.4)


def test_the_command_measures_every_method_on_every_group(shop):
    out = io.StringIO()
    call_command("evaluate", "--answers", "--json", stdout=out)
    groups = json.loads(out.getvalue())["answers"]
    by_method = groups["colour and kind"]
    assert {"search", "search without kinds", "BM25 alone", "vectors alone"} <= by_method.keys()
    assert by_method["search"]["estimates"]["precision"]["mean"] == 1.0
    assert by_method["search"]["recall_kept"] == 1.0


def test_the_command_takes_labels_from_a_file(shop, tmp_path):
    file = tmp_path / "kinds.csv"
    with file.open("w", newline="") as opened:
        rows = csv.writer(opened)
        rows.writerow(["source", "id", "kind", "base_colour"])
        rows.writerows(["here", product.external_id, "gown", "crimson"] for product in shop[:6])
        rows.writerows(["elsewhere", product.external_id, "watch", "grey"] for product in shop[6:20])
    out = io.StringIO()
    call_command("evaluate", "--answers", "--json", "--kinds", str(file), "--kinds-of", "here", stdout=out)
    groups = json.loads(out.getvalue())["answers"]
    assert groups["colour and kind"]["search"]["queries"] == 1


def test_a_file_without_kinds_is_refused(tmp_path):
    (tmp_path / "kinds.csv").write_text("name\na\n")
    with pytest.raises(NothingToMeasure, match="cannot be read as kinds"):
        read_kinds(tmp_path / "kinds.csv", "here")


def test_a_folder_without_products_is_refused(tmp_path):
    with pytest.raises(NothingToMeasure, match=r"has no file products\.csv"):
        measured(tmp_path, [])
    with pytest.raises(CommandError, match=r"has no file products\.csv"):
        call_command("evaluate", "--catalogue", str(tmp_path))
