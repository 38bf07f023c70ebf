"""Scales measured on a catalogue: the scores of median and top, and the cut-off."""

import numpy as np
import pytest

from search.index.calibration import MEDIAN_SCORE, TOP_SCORE, Calibration, LabelledQueries, calibrate
from search.vectors import unit


@pytest.fixture
def clusters():
    """Four kinds of products, 50 of each, in 16 dimensions: (200, 16) vectors and their kinds (200,)."""
    generator = np.random.default_rng(3)
    centres = unit(generator.normal(size=(4, 16)).astype(np.float32))
    kinds = np.repeat(np.arange(4), 50)
    return unit(centres[kinds] + generator.normal(scale=0.15, size=(200, 16)).astype(np.float32)), kinds


def queries(vectors, kinds, rows):
    return LabelledQueries(vectors[rows], [kinds == kinds[row] for row in rows])


def test_the_median_product_and_the_top_one_have_the_scores_of_the_scale(clusters):
    vectors, kinds = clusters
    scale = calibrate(vectors, image=queries(vectors, kinds, range(0, 200, 5)), text=EMPTY).image
    scores = scale.score(vectors[::5] @ vectors.T)
    assert np.quantile(scores, 0.5) == pytest.approx(MEDIAN_SCORE, abs=1e-4)
    assert np.quantile(scores, 0.999) == pytest.approx(TOP_SCORE, abs=1e-3)


def test_the_cut_off_keeps_relevant_products_and_drops_the_others(clusters):
    vectors, kinds = clusters
    calibration = calibrate(vectors, image=queries(vectors, kinds, range(0, 200, 5)), text=EMPTY)
    answered = calibration.image.score(vectors @ vectors[0]) >= calibration.image.cutoff
    right = kinds == kinds[0]
    assert (answered & right).sum() / right.sum() > 0.9
    assert (answered & ~right).sum() / (~right).sum() < 0.05


def test_both_modalities_have_equal_influence_at_one_half(clusters):
    vectors, kinds = clusters
    narrow = unit(vectors + 3.0)  # a modality whose cosines all lie close together
    calibration = calibrate(
        vectors,
        image=queries(vectors, kinds, range(40)),
        text=LabelledQueries(narrow[:40], [kinds == 0] * 40),
    )
    image_spread = calibration.image.score(vectors[:40] @ vectors.T)
    text_spread = calibration.text.score(narrow[:40] @ vectors.T)
    gaps = [np.quantile(spread, 0.999) - np.quantile(spread, 0.5) for spread in (image_spread, text_spread)]
    assert gaps[0] == pytest.approx(gaps[1], rel=1e-3)


def test_an_empty_or_uniform_catalogue_takes_cosines_for_scores():
    same = np.tile(unit(np.ones((1, 4), np.float32)), (3, 1))
    for calibration in (
        calibrate(same, image=EMPTY, text=EMPTY),
        calibrate(same, image=LabelledQueries(same, [np.ones(3, bool)] * 3), text=EMPTY),
    ):
        assert (calibration.image.origin, calibration.image.span) == (0.0, 1.0)


def test_it_reads_back_as_it_was_written(clusters):
    vectors, kinds = clusters
    calibration = calibrate(vectors, image=queries(vectors, kinds, range(9)), text=EMPTY)
    assert Calibration.from_dict(calibration.as_dict()) == calibration


EMPTY = LabelledQueries(np.empty((0, 16), np.float32), [])
