"""A picture tower of two EfficientNets, on tiny random ones."""

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
from search.encoding.two_branches import TwoBranchesConfig, TwoBranchesModel, register, statistics_of
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
