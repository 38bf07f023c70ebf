"""Judgements from clicks, corrected for the position that they were made at."""

import io
import json
import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from analytics.models import ProductClick, SearchLog
from search import engine
from search.evaluation import clicked
from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.clicked import Judgement
from search.evaluation.queries import Split
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


def visited(text, *clicks, query_type="text", now=NOW):
    """A visit that asked ``text`` and clicked (product id, position)."""
    key = uuid.uuid4()
    log = SearchLog.objects.create(
        pk=key, visit=key, query_type=query_type, query_text=text, query_key=text, timestamp=now,
        results_count=9, took_ms=1.0,
    )  # fmt: skip
    ProductClick.objects.bulk_create(
        ProductClick(search=log, product_id=product, position=at, timestamp=now) for product, at in clicks
    )


def judged(least_visits=1):
    found = clicked.judgements(days=30, now=NOW, least_visits=least_visits)
    return {(each.query, each.product_id): each.relevance for each in found}


def test_a_click_far_down_counts_as_many_as_were_not_seen():
    visited("red dress", ("demo-1", 1))
    visited("red dress", ("demo-2", 5))
    for _visit in range(8):
        visited("red dress")
    assert judged() == pytest.approx({("red dress", "demo-1"): 0.1, ("red dress", "demo-2"): 0.5})


def test_relevance_is_recovered_from_biased_clicks():
    """However wanted the products are and wherever they stand, positions are looked at as 1/k."""
    rng = np.random.default_rng(5)
    wanted = {"demo-1": 0.2, "demo-2": 0.6, "demo-3": 0.4}
    for _visit in range(1500):
        order = rng.permutation(list(wanted))
        seen = [(each, at) for at, each in enumerate(order, 1) if rng.random() < 1 / at]
        visited("red dress", *[(str(each), at) for each, at in seen if rng.random() < wanted[each]])
    found = judged()
    for product, relevance in wanted.items():
        assert found["red dress", product] == pytest.approx(relevance, abs=0.08)


def test_two_answers_of_one_visit_are_one_click():
    visited("red dress", ("demo-1", 3))
    first = SearchLog.objects.get()
    visited("red dress", ("demo-1", 1))
    SearchLog.objects.exclude(pk=first.pk).update(visit=first.pk)
    assert judged() == {("red dress", "demo-1"): 1.0}


def test_searches_of_unknown_visits_count_one_by_one():
    for _visit in range(2):
        visited("red dress", ("demo-1", 1))
    SearchLog.objects.update(visit=None)
    assert judged() == {("red dress", "demo-1"): 1.0}


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("red dress", {"query_type": "hybrid"}),
        ("red dress", {"now": NOW - timedelta(days=31)}),
        ("", {}),
    ],
    ids=["with a picture", "too long ago", "without words"],
)
def test_other_searches_are_not_read(text, other):
    visited(text, ("demo-1", 1), **other)
    assert judged() == {}


def test_rare_queries_are_left_out():
    for _visit in range(3):
        visited("red dress", ("demo-1", 1))
    assert judged(least_visits=4) == {}
    assert judged(least_visits=3)


def test_a_file_is_read_as_it_was_written(tmp_path):
    found = [Judgement('red, "dress"', "demo-1", 0.25, 20), Judgement("=boots", "demo-2", 1.0, 40)]
    clicked.write(found, tmp_path / "judged.csv")
    assert clicked.read(tmp_path / "judged.csv") == found


@pytest.mark.parametrize(
    "content", ["", "query,product_id\nred,demo-1\n", "query,product_id,relevance,visits\na,b,c,d\n"]
)
def test_another_file_is_refused(tmp_path, content):
    file = tmp_path / "other.csv"
    file.write_text(content or "a\nb\n")
    with pytest.raises(NothingToMeasure):
        clicked.read(file)


def test_what_is_wanted_half_as_often_as_the_best_is_relevant(shop):
    ids = [each.product_id for each in shop[:3]]
    found = [
        Judgement("red dress", each, share, 20) for each, share in zip(ids, (0.8, 0.4, 0.39), strict=True)
    ]
    snapshot = engine.snapshot()
    query = clicked.clicked_queries(found, snapshot, Split.ALL)[0]
    rows = snapshot.columns.rows_of([each.pk for each in shop[:2]])
    assert sorted(np.flatnonzero(query.relevant)) == sorted(rows)


def test_the_halves_share_no_query(shop):
    found = [Judgement(f"query {n}", shop[0].product_id, 1.0, 20) for n in range(5)]
    snapshot = engine.snapshot()
    halves = [clicked.clicked_queries(found, snapshot, half) for half in (Split.CHOOSE, Split.REPORT)]
    texts = [[query.text for query in half] for half in halves]
    assert sorted(texts[0] + texts[1]) == [each.query for each in found]


def test_evaluate_reads_what_was_exported(shop, tmp_path, monkeypatch):
    monkeypatch.setattr("search.management.commands.export_judgements.timezone.now", lambda: NOW)
    for _visit in range(20):
        visited("red dress", (shop[0].product_id, 1))
    file, out = tmp_path / "judged.csv", io.StringIO()
    call_command("export_judgements", str(file), stdout=out)
    assert "1 judgements of 1 queries" in out.getvalue()
    out = io.StringIO()
    call_command("evaluate", "--ranking", "--judgements", str(file), "--json", stdout=out)
    assert json.loads(out.getvalue())["ranking"]["clicked"]["fused"]["queries"] == 1


def test_nothing_to_export_is_said(tmp_path):
    with pytest.raises(CommandError, match="20 visits"):
        call_command("export_judgements", str(tmp_path / "judged.csv"))
