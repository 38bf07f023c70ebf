"""A picture tower of two EfficientNets, on tiny random ones."""

import numpy as np
import pytest
import torch
from transformers import (
    BertConfig,
    BertModel,
    EfficientNetConfig,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from search.encoding.encoder import Encoder
from search.encoding.parts import CELLS, rectangles
from search.encoding.two_branches import (
    Cells,
    TwoBranchesConfig,
    TwoBranchesModel,
    register,
    statistics_of,
)
from tests.search.encoding.test_encoder import HEADS, TEXT, pictures, words_tokenizer

# The default range is so small that a stack of untrained convolutions gives exactly zero.
TINY = {"width_coefficient": 0.1, "depth_coefficient": 0.1, "image_size": 32, "hidden_dim": 128,
        "hidden_size": 128, "initializer_range": 0.5}  # fmt: skip


@pytest.fixture(scope="module")
def tower():
    torch.manual_seed(5)
    branch = EfficientNetConfig(**TINY).to_dict()
    config = TwoBranchesConfig(branch, branch, trained_statistics=(1,), frozen_statistics=(0, 2))
    model = TwoBranchesModel(config).eval()
    with torch.no_grad():
        config.hidden_size = model(torch.zeros(1, 3, 32, 32)).pooler_output.shape[1]
    return model


@pytest.fixture(scope="module")
def folder(tower, tmp_path_factory):
    path = tmp_path_factory.mktemp("two")
    register()
    text = BertConfig(**TEXT, **HEADS, pad_token_id=0, max_position_embeddings=20)
    config = VisionTextDualEncoderConfig.from_vision_text_configs(tower.config, text, projection_dim=8)
    VisionTextDualEncoderModel(config, tower, BertModel(text)).save_pretrained(path)
    ViTImageProcessorPil(size={"height": 32, "width": 32}).save_pretrained(path)
    words_tokenizer(20).save_pretrained(path)
    return path


def test_features_are_those_of_both_branches_side_by_side(tower):
    pixels = torch.rand(2, 3, 32, 32)
    with torch.no_grad():
        features = tower(pixels).pooler_output
        trained, frozen = tower.trained(pixels).pooler_output, tower.frozen(pixels).pooler_output
    assert torch.allclose(features[:, :128], trained, rtol=1e-4, atol=1e-12)
    assert torch.allclose(features[:, 128:256], frozen, rtol=1e-4, atol=1e-12)
    assert not torch.equal(trained, frozen)


def test_statistics_are_mean_and_spread_of_every_channel(tower):
    pixels = torch.rand(1, 3, 32, 32)
    with torch.no_grad():
        block = tower.trained.encoder.blocks
        maps = block[1](block[0](tower.trained.embeddings(pixels)))
        own = tower(pixels).pooler_output[:, 256 : 256 + 2 * maps.shape[1]]
    assert torch.allclose(own, statistics_of(maps), atol=1e-6)
    assert torch.allclose(own[:, 0], maps[:, 0].mean((1, 2)), atol=1e-6)


def test_a_saved_one_is_loaded_and_optimised_without_changing_its_vectors(folder):
    encoder = Encoder.load(folder)
    plain = VisionTextDualEncoderModel.from_pretrained(folder).eval()
    images = pictures()[:2]
    pixels = ViTImageProcessorPil.from_pretrained(folder)(images, return_tensors="pt")
    with torch.no_grad():
        expected = torch.nn.functional.normalize(plain.get_image_features(**pixels).pooler_output, dim=-1)
    assert encoder.encode_images(images) == pytest.approx(expected.numpy(), abs=2e-6)


def test_the_cells_of_the_whole_picture_are_the_whole_picture(tower):
    pixels = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        features, cells = tower.look(pixels)
        whole = tower.features_of(cells, torch.full((1, CELLS * CELLS), 1 / CELLS**2))
        expected = tower(pixels).pooler_output
    assert torch.equal(features, expected)
    # The spread of a part is that of all of its values, not of a sample.
    assert torch.allclose(whole, features, rtol=0.02, atol=1e-6)


def test_a_part_is_described_by_what_lies_in_it(tower):
    pixels = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        _features, cells = tower.look(pixels)
        half = torch.zeros(1, CELLS, CELLS)
        half[:, :, 0] = 1 / CELLS
        part = tower.features_of(cells, half.reshape(1, -1))
    assert torch.allclose(part[0, :128], cells.last[0].reshape(CELLS, CELLS, -1)[:, 0].mean(0), atol=1e-6)


def test_parts_are_read_where_the_model_is(tower):
    """As on a GPU, which the meta device stands for."""
    cells = Cells(
        [torch.zeros(CELLS**2, 4, device="meta")],
        [(torch.zeros(CELLS**2, 2, device="meta"), torch.zeros(CELLS**2, 2, device="meta"))],
    )
    parts = tower.features_of(cells, torch.full((3, CELLS**2), 1 / CELLS**2))
    assert parts.device.type == "meta"
    assert parts.shape == (3, 8)


def test_one_pass_gives_the_vector_of_a_picture_and_of_its_parts(folder):
    encoder = Encoder.load(folder)
    image = pictures()[0]
    row, parts = encoder.encode_with_parts(image)
    assert row == pytest.approx(encoder.encode_images([image])[0], abs=1e-6)
    vectors = parts.vectors(rectangles((4, 5)))
    assert vectors.shape == (49, encoder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(49), abs=1e-5)


def test_only_a_tower_that_gives_its_cells_reads_parts(folder, tiny_encoder):
    assert Encoder.load(folder).reads_parts
    assert not tiny_encoder.reads_parts
