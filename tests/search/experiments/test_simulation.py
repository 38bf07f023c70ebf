"""Shoppers of a click model: interleaving finds the better ranking, and prefers none of two equal ones."""

import numpy as np

from analytics.experiments.sign_test import SignTest
from search.candidates.drafting import team_draft

PRODUCTS = 40
# The share of shoppers who look at a place, as judgements assume it (search.evaluation.clicked).
LOOKED_AT = 1 / np.arange(1, 25)


def compared(visits, *, noise_of_ours, noise_of_theirs, seed=11):
    """Each visit wants products by a relevance of its own, which both rankings see through noise; what is
    looked at is opened as often as it is relevant. The visits by whose products were opened more.
    """
    rng = np.random.default_rng(seed)
    leads = []
    for visit in range(visits):
        relevance = rng.beta(0.5, 2.0, PRODUCTS)
        ours, theirs = (
            np.argsort(-(relevance + rng.normal(0, noise, PRODUCTS))).tolist()
            for noise in (noise_of_ours, noise_of_theirs)
        )
        shown = team_draft(ours, theirs, f"{seed}/{visit}")[: len(LOOKED_AT)]
        opened = rng.random(len(shown)) < LOOKED_AT * relevance[[style for style, _team in shown]]
        leads.append(sum(1 if shown[at][1] else -1 for at in np.flatnonzero(opened)))
    found = np.array(leads)
    return SignTest(int((found < 0).sum()), int((found > 0).sum()), int((found == 0).sum()))


def test_the_better_ranking_is_found():
    test = compared(2000, noise_of_ours=0.5, noise_of_theirs=0.2)
    assert test.is_decided
    assert test.share > 0.55


def test_it_is_found_whichever_side_it_is_on():
    test = compared(2000, noise_of_ours=0.2, noise_of_theirs=0.5)
    assert test.is_decided
    assert test.share < 0.45


def test_equal_rankings_are_called_different_no_more_often_than_the_test_says():
    trials = [compared(150, noise_of_ours=0.3, noise_of_theirs=0.3, seed=seed) for seed in range(60)]
    # At 5 %, more than 7 of 60 have a chance of 2 in 100.
    assert sum(test.is_decided for test in trials) <= 7
    whole = SignTest(sum(test.ours for test in trials), sum(test.theirs for test in trials))
    assert whole.interval[0] < 0.5 < whole.interval[1]
