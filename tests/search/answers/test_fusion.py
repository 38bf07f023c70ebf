"""The formula Ef = α·Ei + (1-α)·Et and what follows from it."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from search.fusion import fuse
from search.index.calibration import Calibration, Scale
from search.vectors import unit

vectors = arrays(np.float32, 8, elements=st.floats(-1, 1, width=32))
fractions = st.floats(0.0, 1.0)
spans = st.floats(0.05, 2.0)


def directed(vector):
    assume(np.linalg.norm(vector) > 0.1)
    return unit(vector)


@given(vectors, vectors)
def test_alpha_1_is_the_picture_and_alpha_0_the_words(image, text):
    image, text = directed(image), directed(text)
    np.testing.assert_array_equal(fuse(image, text, 1.0), image)
    np.testing.assert_array_equal(fuse(image, text, 0.0), text)


@given(vectors, vectors, vectors, fractions)
def test_a_products_similarity_to_the_mix_is_the_mix_of_its_similarities(image, text, product, alpha):
    image, text, product = directed(image), directed(text), directed(product)
    mixed = alpha * float(image @ product) + (1 - alpha) * float(text @ product)
    assert float(fuse(image, text, alpha) @ product) == pytest.approx(mixed, abs=1e-5)


@given(fractions, spans, spans, st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
def test_mixing_calibrated_scores_orders_as_the_fused_vector_does(weight, image_span, text_span, a, b):
    calibration = Calibration(image=Scale(a, image_span, 0.4), text=Scale(b, text_span, 0.4))
    cosines = np.random.default_rng(7).uniform(-1, 1, (2, 50)).astype(np.float32)
    scores = weight * calibration.image.score(cosines[0]) + (1 - weight) * calibration.text.score(cosines[1])
    alpha = calibration.alpha(weight)
    fused = alpha * cosines[0] + (1 - alpha) * cosines[1]
    assert 0.0 <= alpha <= 1.0
    # The two are one affine map apart: calibration.cosine() takes a score back to the fused value.
    back = [calibration.cosine(float(score), weight) for score in scores]
    np.testing.assert_allclose(back, fused, atol=1e-3)


def test_the_calibrated_weight_keeps_its_ends_pure():
    calibration = Calibration(image=Scale(0.2, 0.9, 0.4), text=Scale(0.1, 0.3, 0.4))
    assert calibration.alpha(0.0) == 0.0
    assert calibration.alpha(1.0) == 1.0


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_it_refuses_an_alpha_outside_0_to_1(alpha):
    with pytest.raises(ValueError, match="alpha"):
        fuse(np.ones(3, np.float32), np.ones(3, np.float32), alpha)


@pytest.mark.parametrize("vector", [np.zeros(4), np.array([1.0, np.nan, 0, 0]), np.array([np.inf, 0, 0, 0])])
def test_it_refuses_a_vector_without_a_direction(vector):
    with pytest.raises(ValueError, match="direction"):
        unit(vector.astype(np.float32))
