"""Where both rankings find the same products, these are gathered once and scored twice."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from analytics.experiments.running import Variant
from search import engine
from search.candidates.drafting import drafted
from search.candidates.generator import CAP, CandidateGenerator
from search.candidates.vector_query import Draft
from search.models import RankingRule
from search.query import SearchQuery
from search.query_builder import QueryBuilder
from search.query_builder.variant import under
from tests.search.shop import NOW

VARIANTS = [
    Variant({}),
    Variant({"availability": 0.0}),
    Variant({"relevance": 0.9, "kind": 0.0}),
    Variant({}, curation=False),
]


def prepared(text):
    return QueryBuilder(SearchQuery(text=text), engine.snapshot(), user=None, now=NOW).build().vector_query


def answer_to(query):
    return CandidateGenerator(query, engine.snapshot(), now=NOW).result_set(lambda _stage: nullcontext())


def styles_of(found):
    columns = engine.snapshot().columns
    return columns.group[columns.rows_of(found.keys.tolist())]


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("text", ["red dress", "striped", "dress without red"])
def test_the_draw_is_that_of_two_whole_searches(shop, variant, text):
    RankingRule.objects.create(name="Blue first", field="colour", value="Blue")
    ours = prepared(text)
    theirs = under(ours, variant, engine.snapshot(), now=NOW)
    assert ours.finds_as(theirs)
    whole = answer_to(ours), answer_to(theirs)
    styles = (styles_of(whole[0]), styles_of(whole[1]))
    expected = drafted(*whole, styles, seed="seed", facets=whole[0].facets, cap=CAP)
    drawn = answer_to(replace(ours, draft=Draft(1, "seed", theirs)))
    assert drawn.to_bytes() == expected.to_bytes()


def test_the_vectors_of_what_was_found_are_read_once(shop, monkeypatch):
    read = []
    signals = CandidateGenerator._signals
    monkeypatch.setattr(
        CandidateGenerator, "_signals", lambda self, rows: read.append(1) or signals(self, rows)
    )
    ours = prepared("dress")
    theirs = under(ours, VARIANTS[1], engine.snapshot(), now=NOW)
    assert answer_to(replace(ours, draft=Draft(1, "seed", theirs))).total
    assert len(read) == 1
