"""Properties of the order: linear in the weight, monotone in every term, the same every time."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.ranking.score import FRESHNESS_HALF_LIFE_DAYS, Weights, age_days, order, rank, value_of
from search.ranking.weights import configured_weights

WEIGHTS = Weights(
    relevance=0.4, kind=0.3, taste=0.2, availability=0.1, freshness=0.05, popularity=0.15, unwanted=0.5
)
SIZE = 7

unit_floats = st.floats(0, 1, width=32)
columns = arrays(np.float32, SIZE, elements=unit_floats)
candidates = st.fixed_dictionaries(
    {
        "image": columns,
        "text": columns,
        "relevance": columns,
        "kind": columns,
        "taste": columns,
        "popularity": columns,
        "unwanted": columns,
        "in_stock": arrays(np.bool_, SIZE),
        "age_days": arrays(np.float32, SIZE, elements=st.floats(0, 1000, width=32)),
    }
)
weights = st.floats(0, 1)


def position(ranked, keys, candidate):
    return int(np.flatnonzero(order(ranked.score, keys) == candidate)[0])


@given(candidates=candidates, weight=weights)
def test_the_score_is_the_stated_mix_of_its_terms(candidates, weight):
    ranked = rank(weight=weight, **candidates, weights=WEIGHTS)
    terms = ranked.terms
    mixed = weight * terms["image"] + (1 - weight) * terms["words"] + terms["rest"]
    assert ranked.score == pytest.approx(mixed, abs=1e-6)
    rest = ("taste", "availability", "freshness", "popularity", "unwanted")
    assert terms["rest"] == pytest.approx(sum(terms[name] for name in rest), abs=1e-6)


@given(candidates=candidates, without=st.sampled_from(["", "taste", "popularity", "unwanted"]))
def test_the_value_of_a_term_is_read_back_from_the_parts(candidates, without):
    asked = {name: values for name, values in candidates.items() if name != without}
    terms = rank(weight=0.5, **asked, weights=WEIGHTS).terms
    first = {name: float(values[0]) for name, values in terms.items()}
    expected = {"taste": candidates["taste"][0], "unwanted": 1 - candidates["unwanted"][0]}
    for name, value in expected.items():
        found = value_of(name, first, WEIGHTS)
        assert found == pytest.approx(0.0 if name == without else value, abs=1e-5)


@given(candidates=candidates, weight=weights)
def test_scores_of_terms_in_range_are_in_range(candidates, weight):
    ranked = rank(weight=weight, **candidates, weights=WEIGHTS)
    assert (ranked.score >= -1e-6).all()
    assert (ranked.score <= 1 + 1e-6).all()


@given(candidates=candidates, at=weights)
def test_a_page_re_ranks_exactly_from_the_terms_of_another_weight(candidates, at):
    held = rank(weight=0.5, **candidates, weights=WEIGHTS).terms
    asked = rank(weight=at, **candidates, weights=WEIGHTS)
    assert asked.score == pytest.approx(
        at * held["image"] + (1 - at) * held["words"] + held["rest"], abs=1e-6
    )


@given(candidates=candidates, other=columns, said=columns, kind=columns)
def test_at_weight_one_the_words_count_for_nothing(candidates, other, said, kind):
    changed = candidates | {"text": other, "relevance": said, "kind": kind}
    one = rank(weight=1.0, **candidates, weights=WEIGHTS)
    two = rank(weight=1.0, **changed, weights=WEIGHTS)
    alone = rank(weight=1.0, **candidates | {"text": None, "relevance": None, "kind": None}, weights=WEIGHTS)
    assert one.score.tolist() == two.score.tolist() == alone.score.tolist()


@given(candidates=candidates, other=columns)
def test_at_weight_zero_the_picture_counts_for_nothing(candidates, other):
    one = rank(weight=0.0, **candidates, weights=WEIGHTS)
    two = rank(weight=0.0, **candidates | {"image": other}, weights=WEIGHTS)
    alone = rank(weight=0.0, **candidates | {"image": None}, weights=WEIGHTS)
    assert one.score.tolist() == two.score.tolist() == alone.score.tolist()


@pytest.mark.parametrize("term", ["image", "text", "relevance", "kind", "taste", "popularity", "in_stock"])
@given(candidates=candidates, weight=weights, spoken=weights, candidate=st.integers(0, SIZE - 1))
def test_raising_a_term_of_one_product_never_lowers_its_rank(term, candidates, weight, spoken, candidate):
    keys = np.arange(SIZE)
    candidates = candidates | {"coverage": spoken}
    before = position(rank(weight=weight, **candidates, weights=WEIGHTS), keys, candidate)
    raised = candidates[term].copy()
    raised[candidate] = 1
    after = rank(weight=weight, **candidates | {term: raised}, weights=WEIGHTS)
    assert position(after, keys, candidate) <= before


@given(candidates=candidates, weight=weights, candidate=st.integers(0, SIZE - 1))
def test_looking_more_like_the_unwanted_never_raises_a_rank(candidates, weight, candidate):
    keys = np.arange(SIZE)
    before = position(rank(weight=weight, **candidates, weights=WEIGHTS), keys, candidate)
    worse = candidates["unwanted"].copy()
    worse[candidate] = 1
    after = rank(weight=weight, **candidates | {"unwanted": worse}, weights=WEIGHTS)
    assert position(after, keys, candidate) >= before


@given(candidates=candidates, weight=weights, copied=st.integers(0, SIZE - 1))
def test_a_duplicate_does_not_reorder_the_others(candidates, weight, copied):
    keys = np.arange(SIZE)
    before = order(rank(weight=weight, **candidates, weights=WEIGHTS).score, keys)
    doubled = {name: np.append(values, values[copied]) for name, values in candidates.items()}
    after = order(rank(weight=weight, **doubled, weights=WEIGHTS).score, np.arange(SIZE + 1))
    assert [place for place in after if place != SIZE] == before.tolist()


@given(candidates=candidates, weight=weights, shuffled=st.permutations(range(SIZE)))
def test_the_order_does_not_depend_on_how_candidates_arrive(candidates, weight, shuffled):
    keys = np.arange(100, 100 + SIZE)
    moved = {name: values[list(shuffled)] for name, values in candidates.items()}
    one = rank(weight=weight, **candidates, weights=WEIGHTS).score
    two = rank(weight=weight, **moved, weights=WEIGHTS).score
    other_keys = keys[list(shuffled)]
    assert keys[order(one, keys)].tolist() == other_keys[order(two, other_keys)].tolist()


def simple(**changes):
    given_ = {"text": np.array([0.5, 0.5], np.float32), "in_stock": np.ones(2, bool), "age_days": np.zeros(2)}
    return rank(weight=0.0, **given_ | changes, weights=WEIGHTS)


def test_a_sold_out_product_stands_behind_its_equal():
    score = simple(in_stock=np.array([False, True])).score
    assert score[0] < score[1]


def test_a_newer_product_stands_before_its_equal_and_half_as_new_counts_half():
    ranked = simple(age_days=np.array([FRESHNESS_HALF_LIFE_DAYS, 0.0]))
    assert ranked.score[0] < ranked.score[1]
    assert ranked.terms["freshness"][0] == pytest.approx(ranked.terms["freshness"][1] / 2)


@pytest.mark.parametrize("minutes", [0, 1, 7, 60, 600])
def test_products_of_one_import_keep_their_order_while_the_clock_runs(minutes):
    moment = datetime(2026, 3, 4, 9, tzinfo=UTC)
    created = (moment - timedelta(days=4)).timestamp() + np.arange(500) / 50
    ages = age_days(created, moment + timedelta(minutes=minutes))
    same, in_stock = np.full(500, 0.5, np.float32), np.ones(500, bool)
    score = rank(weight=0.0, text=same, in_stock=in_stock, age_days=ages, weights=WEIGHTS).score
    assert order(score, np.arange(500)).tolist() == list(range(500))


def test_a_product_that_is_still_to_come_is_as_new_as_one_of_today():
    now = datetime(2026, 3, 4, 9, tzinfo=UTC)
    moments = np.array([(now + timedelta(days=days)).timestamp() for days in (2, 0, -1)])
    assert age_days(moments, now).tolist() == [0.0, 0.0, 1.0]


def test_a_term_that_was_not_asked_lowers_nobodys_score():
    zeros = np.zeros(2, np.float32)
    assert (simple().score > simple(taste=zeros).score).all()
    assert "taste" not in simple().terms


def test_the_similarity_leaves_relevance_out():
    ranked = simple(relevance=np.array([1.0, 0.0], np.float32))
    assert ranked.similarity.tolist() == [0.5, 0.5]
    assert ranked.score[0] > ranked.score[1]


def test_words_that_no_product_has_leave_the_encoder_to_decide():
    ranked = simple(relevance=np.zeros(2, np.float32), coverage=0.0)
    assert ranked.score.tolist() == simple().score.tolist()


def test_the_better_the_catalogue_speaks_the_words_the_more_relevance_counts():
    def lead(best):
        score = simple(relevance=np.array([0.4, 0.0], np.float32), coverage=best).score
        return score[0] - score[1]

    assert lead(1.0) > lead(0.4) > lead(0.0) == 0.0


def test_half_of_the_words_count_far_less_than_half():
    def words(relevance):
        return simple(text=np.zeros(2, np.float32), relevance=np.full(2, relevance, np.float32)).terms[
            "words"
        ][0]

    assert words(0.5) == pytest.approx(words(1.0) / 16)


@pytest.mark.parametrize("best", [-0.1, 1.1, float("nan")])
def test_it_refuses_a_coverage_outside_zero_to_one(best):
    with pytest.raises(ValueError, match="outside 0 to 1"):
        simple(coverage=best)


def test_equal_scores_stand_by_product_key():
    scores = np.array([0.5, 0.9, 0.5], np.float32)
    assert order(scores, np.array([30, 20, 10])).tolist() == [1, 2, 0]


def test_no_candidates_have_no_order():
    empty = np.empty(0, np.float32)
    ranked = rank(weight=0.5, image=empty, text=empty, in_stock=empty > 0, age_days=empty, weights=WEIGHTS)
    assert len(ranked.score) == len(order(ranked.score, np.empty(0, np.int64))) == 0


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_it_refuses_a_weight_outside_zero_to_one(weight):
    with pytest.raises(ValueError, match="outside 0 to 1"):
        rank(weight=weight, in_stock=np.ones(1, bool), age_days=np.zeros(1), weights=WEIGHTS)


@pytest.mark.parametrize(
    "wrong", [{"taste": -1}, {"relevance": 2}, {"similarity": 0}, {"freshness": float("nan")}]
)
def test_it_refuses_weights_that_would_turn_the_order_around(wrong):
    with pytest.raises(ValueError, match="ranking weight"):
        Weights(**wrong)


def test_the_configured_weights_are_valid():
    assert 0 < configured_weights().relevance < 1
