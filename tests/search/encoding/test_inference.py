"""A model optimised for inference gives the same vectors with less work."""

import platform
from copy import deepcopy

import pytest
import torch
from torch import nn
from transformers import AutoModel, MobileNetV2Config, MobileNetV2Model

from search.encoding.encoder import BUNDLED
from search.encoding.inference import HalfLinear, optimise
from search.encoding.two_branches import register
from tests.search.encoding.test_encoder import clip, dual, siglip

ROUNDING = 2e-6

packs_here = pytest.mark.skipif(
    platform.machine() not in ("x86_64", "AMD64") or not torch.backends.mkldnn.is_available(),
    reason="weights are packed on x86 processors only",
)


@pytest.fixture(scope="module")
def stock():
    register()
    return AutoModel.from_pretrained(BUNDLED, dtype=torch.float32).eval()


@pytest.fixture(scope="module")
def optimised(stock):
    model = deepcopy(stock)
    optimise(model)
    return model


def random_norms(model: nn.Module) -> nn.Module:
    """An untrained batch norm does nothing; these do."""
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for numbers in (module.running_mean, module.weight.data, module.bias.data):
                numbers.normal_(0.0, 0.5)
            module.running_var.uniform_(0.5, 2.0)
    return model


def relative_error(given: torch.Tensor, expected: torch.Tensor) -> float:
    return float((given - expected).norm() / expected.norm())


@torch.inference_mode()
def picture_features(model: nn.Module, side: int, count: int = 1) -> torch.Tensor:
    pixels = torch.randn(count, 3, side, side, generator=torch.Generator().manual_seed(3))
    return model.get_image_features(pixel_values=pixels).pooler_output


@torch.inference_mode()
def text_features(model: nn.Module, length: int, count: int = 1) -> torch.Tensor:
    ids = torch.randint(4, 9, (count, length), generator=torch.Generator().manual_seed(length))
    return model.get_text_features(input_ids=ids, attention_mask=torch.ones_like(ids)).pooler_output


@pytest.mark.parametrize("count", [1, 5])
def test_the_bundled_model_sees_pictures_as_before(stock, optimised, count):
    expected = picture_features(stock, 224, count)
    assert relative_error(picture_features(optimised, 224, count), expected) < ROUNDING


@pytest.mark.parametrize(("length", "count"), [(1, 1), (3, 1), (10, 1), (64, 1), (17, 6)])
def test_the_bundled_model_reads_texts_as_before(stock, optimised, length, count):
    expected = text_features(stock, length, count)
    assert relative_error(text_features(optimised, length, count), expected) < ROUNDING


def test_where_nothing_can_be_packed_the_other_steps_are_still_done(stock, monkeypatch):
    monkeypatch.setattr("search.encoding.inference.platform.machine", lambda: "aarch64")
    model = deepcopy(stock)
    optimise(model)
    assert HalfLinear not in map(type, model.modules())
    assert nn.BatchNorm2d not in map(type, model.modules())
    assert relative_error(picture_features(model, 96), picture_features(stock, 96)) < ROUNDING
    assert relative_error(text_features(model, 10), text_features(stock, 10)) < ROUNDING


@pytest.mark.parametrize("family", [clip, siglip, dual])
@pytest.mark.parametrize("is_half", [True, False])
def test_other_families_keep_their_features(family, is_half):
    torch.manual_seed(5)
    model = random_norms(family()[0].eval())
    if is_half:
        model.half().float()
    pictures, texts = picture_features(model, 32, 2), text_features(model, 8, 2)
    optimise(model)
    assert relative_error(picture_features(model, 32, 2), pictures) < ROUNDING
    assert relative_error(text_features(model, 8, 2), texts) < ROUNDING


def test_layers_of_the_same_names_in_another_order_are_left_alone():
    # Here a norm of another name stands between convolution and ReLU6.
    config = MobileNetV2Config(depth_multiplier=0.25, image_size=32)
    model = random_norms(MobileNetV2Model(config).eval())
    pixels = torch.randn(2, 3, 32, 32)
    with torch.inference_mode():
        expected = model(pixels).pooler_output
        optimise(model)
        assert relative_error(model(pixels).pooler_output, expected) < ROUNDING


def test_the_bundled_model_keeps_no_layer_that_only_training_needs(optimised):
    kinds = [type(module).__name__ for module in optimised.vision_model.modules()]
    assert "BatchNorm2d" not in kinds
    assert "EfficientNetSqueezeExciteLayer" not in kinds
    strided = [module for module in optimised.vision_model.modules() if getattr(module, "stride", 1) == 2]
    assert len(strided) == 2 * 4  # in either branch
    assert all(isinstance(module.depthwise_conv_pad, nn.Identity) for module in strided)


@packs_here
def test_every_linear_layer_of_the_bundled_model_is_packed(optimised):
    kinds = [type(module) for module in optimised.modules()]
    assert nn.Linear not in kinds
    assert kinds.count(HalfLinear) > 40


def test_optimising_twice_changes_nothing_more(stock):
    model = deepcopy(stock)
    optimise(model)
    expected = picture_features(model, 96)
    optimise(model)
    assert torch.equal(picture_features(model, 96), expected)


def test_a_gate_that_can_close_stays():
    model = dual()[0].eval()
    optimise(model)
    gates = [block.squeeze_excite for block in model.vision_model.encoder.blocks]
    assert not any(isinstance(gate, nn.Identity) for gate in gates)


@packs_here
@pytest.mark.parametrize("bias", [True, False])
@torch.inference_mode()
def test_a_packed_layer_multiplies_as_before_and_still_has_its_weights(bias):
    linear = nn.Linear(48, 96, bias=bias).half().float()
    packed = HalfLinear(linear)
    assert torch.equal(packed.weight, linear.weight)
    assert torch.equal(packed.bias, linear.bias) if bias else packed.bias is None
    for shape in [(1, 48), (30, 48), (2, 7, 48)]:
        rows = torch.randn(shape)
        torch.testing.assert_close(packed(rows), linear(rows), rtol=1e-5, atol=1e-5)


def test_weights_that_half_precision_would_round_are_left_alone():
    layers = nn.Sequential(nn.Linear(8, 8).half().float())
    layers[0].weight.data[0, 0] = 1 / 3
    optimise(layers)
    assert type(layers[0]) is nn.Linear
