"""While an experiment runs, a shopper's results page is drawn from both rankings, and stays as drawn."""

from contextlib import nullcontext
from dataclasses import replace

import pytest
from django.core.cache import caches
from django.urls import reverse

from accounts.models import Favorite, User
from analytics import recording
from analytics.experiments import outcome, running
from analytics.experiments.participation import draw_for
from analytics.experiments.running import Variant
from analytics.models import ProductClick, SearchLog
from search import engine, retrieval
from search.candidates.drafting import drafted
from search.candidates.generator import CAP, CandidateGenerator
from search.candidates.vector_query import Draft
from search.models import CuratedPlacement, Synonym
from search.query import Filters, SearchQuery
from search.query_builder import QueryBuilder
from search.query_builder.variant import under
from tests.search.shop import NOW

SHOPPER = {"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}
# Sold-out products stand among the others, where the shop puts them last.
VARIED = {"availability": 0.0}


def result_of(client, headers=SHOPPER, **parameters):
    response = client.get(reverse("results"), {"text": "dress", **parameters}, headers=headers)
    return response.context["result"]


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def logged():
    recording.flush()
    return SearchLog.objects.order_by("-timestamp").first()


def shoppers(count):
    return [{"user-agent": f"Mozilla/5.0 Firefox/{number}"} for number in range(count)]


def test_without_an_experiment_nothing_is_drawn_nor_asked(client, shop, django_assert_max_num_queries):
    first = result_of(client)
    assert (first.experiment, first.teams, logged().experiment) == (None, None, None)
    with django_assert_max_num_queries(0):
        assert running.current() is None


def test_shoppers_see_different_draws_of_one_set(client, shop, experiment):
    before = ids(result_of(client))
    experiment(**VARIED)
    drawn = [ids(result_of(client, headers)) for headers in shoppers(12)]
    assert len({tuple(each) for each in drawn}) > 1
    assert {frozenset(each) for each in drawn} == {frozenset(before)}


def test_reloading_shows_the_same_order_when_the_caches_are_lost(client, shop, experiment):
    experiment(**VARIED)
    before = ids(result_of(client))
    caches["answers"].clear()
    assert ids(result_of(client)) == before


@pytest.mark.parametrize("by_id", [True, False])
def test_the_pages_together_are_the_answer_each_product_once(client, shop, experiment, by_id):
    experiment(**VARIED)
    whole = result_of(client, top_k=24)
    first = result_of(client, top_k=6)
    found, following = ids(first), first.next_offset
    while following is not None:
        named = {"query_id": str(first.query_id)} if by_id else {}
        page = result_of(client, top_k=6, offset=following, **named)
        found, following = found + ids(page), page.next_offset
    assert found == ids(whole)
    assert len(set(found)) == whole.total == 15


def test_an_answer_of_as_many_products_as_are_kept_is_whole(client, shop, experiment, monkeypatch):
    monkeypatch.setattr("search.candidates.generator.CAP", 15)
    experiment(**VARIED)
    result = result_of(client)
    assert (result.experiment is not None, result.total, result.total_is_capped) == (True, 15, False)


def test_a_shopper_takes_part_with_every_search_or_with_none(shop, experiment, rf):
    experiment(share=50, **VARIED)
    taking_part = [
        {draw_for(rf.get("/results", headers=each), text) is not None for text in ("dress", "bag", "shirt")}
        for each in shoppers(40)
    ]
    assert all(len(each) == 1 for each in taking_part)
    assert 10 < sum(each == {True} for each in taking_part) < 30


def test_a_reading_that_only_the_variant_answers_is_not_let_go(shop):
    """Whatever the shopper chose besides: the choice must not change what the words are read as."""
    snapshot = engine.snapshot()
    red = QueryBuilder(SearchQuery(text="red dress"), snapshot, user=None, now=NOW).build().vector_query
    hidden = replace(red, excluded_keys=tuple(product.pk for product in shop))
    drawn = replace(hidden, draft=Draft(1, "seed", red))
    assert CandidateGenerator(drawn, snapshot, now=NOW).has_answer()
    assert not CandidateGenerator(hidden, snapshot, now=NOW).has_answer()


@pytest.mark.parametrize(("of_theirs", "said"), [("Dress", "Dress"), ("", "")])
def test_an_answer_is_said_to_be_of_one_kind_where_both_rankings_have_that(shop, of_theirs, said):
    snapshot = engine.snapshot()
    dresses = QueryBuilder(SearchQuery(text="dress"), snapshot, user=None, now=NOW).build().vector_query
    found = CandidateGenerator(dresses, snapshot, now=NOW).result_set(lambda _stage: nullcontext())
    ours, theirs = replace(found, kind="Dress"), replace(found, kind=of_theirs)
    styles = snapshot.columns.group[snapshot.columns.rows_of(found.keys.tolist())]
    drawn = drafted(ours, theirs, (styles, styles), seed="seed", facets=found.facets, cap=CAP)
    assert drawn.kind == said


def test_other_filters_hold_for_both_rankings(shop):
    snapshot = engine.snapshot()
    red = QueryBuilder(SearchQuery(text="red dress"), snapshot, user=None, now=NOW).build().vector_query
    chosen = Filters(brand=("Acme",))
    filtered = replace(red, draft=Draft(1, "seed", red)).filtered(chosen)
    assert filtered.filters == filtered.draft.rival.filters == chosen


def test_filters_keep_the_draw_and_their_counts_stay_true(client, shop, experiment):
    experiment(**VARIED)
    everything = result_of(client)
    for choice in everything.facets.colour:
        assert result_of(client, colour=choice.value).total == choice.count


def test_every_score_is_the_sum_of_its_terms(client, shop, experiment):
    experiment(taste=0.0, **VARIED)
    for hit in result_of(client).hits:
        assert hit.score == pytest.approx(hit.terms["words"] + hit.terms["rest"], abs=1e-5)


def test_each_hit_has_the_scores_of_the_ranking_that_placed_it(client, shop, experiment):
    own = {hit.product.product_id: hit.score for hit in result_of(client).hits}
    experiment(availability=0.4)
    drawn = result_of(client)
    teams = {key: team for team, keys in drawn.teams.items() for key in keys}
    for hit in drawn.hits:
        is_theirs = teams.get(hit.product.pk) == "B"
        assert (hit.score != pytest.approx(own[hit.product.product_id], abs=1e-6)) == is_theirs


def test_who_resembles_a_taste_does_so_in_either_ranking(client, shop, experiment):
    ada = User.objects.create_user("ada@example.org", "correct horse battery")
    Favorite.objects.create(user=ada, product_id=shop[0].product_id)
    client.force_login(ada)
    own = {hit.product.product_id: hit.taste for hit in result_of(client).hits}
    assert max(own.values()) > 0.5
    experiment(taste=0.3, availability=0.4)
    drawn = result_of(client)
    assert all(drawn.teams.values())
    assert {hit.product.product_id: hit.taste for hit in drawn.hits} == pytest.approx(own, abs=1e-4)


def test_the_search_is_logged_with_its_teams_and_a_click_counts_for_one(client, shop, experiment):
    trial = experiment(**VARIED)
    drawn = result_of(client)
    log = logged()
    assert log.experiment == trial
    key = log.teams["B"][0]
    product = next(each for each in shop if each.pk == key)
    body = {"query_id": str(drawn.query_id), "product_id": product.product_id, "position": 2}
    assert client.post("/api/v1/events/click", body, headers=SHOPPER).status_code == 204
    recording.flush()
    assert ProductClick.objects.get().team == "B"
    assert outcome.outcome(trial).opened.theirs == 1


def test_rankings_that_order_alike_have_no_teams(client, shop, experiment):
    trial = experiment(unwanted=0.4)
    result_of(client)
    assert logged().teams == {}
    assert outcome.outcome(trial).alike == 1


def test_another_order_than_best_match_credits_nobody(client, shop, experiment):
    experiment(**VARIED)
    assert result_of(client, sort="price").experiment is None
    assert logged().experiment is None


@pytest.mark.parametrize(
    "headers",
    [
        {**SHOPPER, "DNT": "1"},
        {**SHOPPER, "Sec-GPC": "1"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
    ],
)
def test_who_is_not_counted_sees_the_ranking_of_the_shop(client, shop, experiment, headers):
    before = ids(result_of(client, headers))
    experiment(**VARIED)
    after = result_of(client, headers)
    assert (ids(after), after.experiment) == (before, None)


def test_staff_see_the_ranking_of_the_shop(client, shop, experiment):
    experiment(**VARIED)
    client.force_login(User.objects.create_user("staff@shop.example", "a long enough one", is_staff=True))
    assert result_of(client).experiment is None


def test_the_api_takes_no_part(client, shop, experiment):
    experiment(**VARIED)
    answer = client.post("/api/v1/text-search", {"text": "dress"}, headers=SHOPPER).json()
    scores = [hit["score"] for hit in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert logged().experiment is None


def test_a_note_about_a_pin_stands_on_what_the_pin_placed(client, shop, experiment):
    pinned = next(product for product in shop if product.category == "Bag")
    CuratedPlacement.objects.create(query="dress", product=pinned, kind="pin", position=1)
    experiment(curation=False)
    for headers in shoppers(8):
        drawn = result_of(client, headers)
        noted = {hit.product.pk for hit in drawn.hits if hit.notes}
        assert noted == {pinned.pk}
        assert drawn.total == len(drawn.hits) == 16
        assert {each.value: each.count for each in drawn.facets.category} == {"Dress": 15, "Bag": 1}


def test_a_variant_without_synonyms_keeps_those_of_the_language(shop):
    Synonym.objects.create(term="frobnicle", alternatives="dress")
    snapshot = engine.snapshot()
    prepared = QueryBuilder(SearchQuery(text="frobnicle"), snapshot, user=None, now=NOW).build()
    without = under(prepared.vector_query, Variant({}, synonyms=False), snapshot, now=NOW)
    assert prepared.vector_query.synonyms
    assert not without.synonyms


def test_picks_that_nobody_asked_for_are_not_drawn(shop, experiment):
    experiment(**VARIED)
    result = retrieval.search(SearchQuery(text="dress"), user=None, now=NOW, track=True, log=False)
    assert result.experiment is None
