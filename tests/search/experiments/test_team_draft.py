"""Two rankings drawn into one list: fair, complete, and always the same for the same seed."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from search.candidates.drafting import DEPTH, team_draft

rankings = st.lists(st.integers(0, 300), unique=True, max_size=200)
seeds = st.text(min_size=1, max_size=8)


def styles(drawn):
    return [style for style, _theirs in drawn]


@given(ours=rankings, theirs=rankings, seed=seeds)
def test_every_style_of_both_stands_once(ours, theirs, seed):
    drawn = styles(team_draft(ours, theirs, seed))
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {*ours, *theirs}


@given(ours=rankings, theirs=rankings, seed=seeds)
def test_the_same_seed_draws_the_same(ours, theirs, seed):
    assert team_draft(ours, theirs, seed) == team_draft(ours, theirs, seed)


@given(ours=rankings, theirs=rankings, seed=seeds)
def test_a_team_picks_the_best_that_is_left(ours, theirs, seed):
    left = {False: list(ours), True: list(theirs)}
    for style, is_theirs in team_draft(ours, theirs, seed)[:DEPTH]:
        assert left[is_theirs][0] == style
        left = {team: [each for each in ranking if each != style] for team, ranking in left.items()}


@given(order=st.permutations(range(40)), seed=seeds)
def test_neither_team_leads_by_more_than_one_pick(order, seed):
    lead = 0
    for _style, is_theirs in team_draft(range(40), order, seed):
        lead += 1 if is_theirs else -1
        assert abs(lead) <= 1


@given(ranking=rankings, seed=seeds)
def test_two_equal_rankings_keep_their_order(ranking, seed):
    assert styles(team_draft(ranking, ranking, seed)) == ranking


def test_each_team_is_first_half_of_the_time():
    drawn = Counter(team_draft([1, 2], [2, 1], f"shopper {n}")[0] for n in range(4000))
    assert set(drawn) == {(1, False), (2, True)}
    assert abs(drawn[2, True] - 2000) < 150  # nearly five standard deviations


def test_what_follows_the_draw_stands_as_the_shop_ranks_it():
    ours, theirs = list(range(300)), list(reversed(range(300)))
    drawn = team_draft(ours, theirs, "seed")
    rest = styles(drawn)[DEPTH:]
    assert rest == sorted(rest)
    assert not any(is_theirs for _style, is_theirs in drawn[DEPTH:])
