"""The fast convolution and the trained picture tower against the stock ones."""

import pytest
import torch
from torch.nn import functional
from transformers import EfficientNetConfig, EfficientNetModel

from training.network.depthwise import depthwise
from training.network.picture_network import Block, NormedConvolution, PictureNetwork


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_fast_gradients_are_the_gradients(size, stride):
    torch.manual_seed(1)
    edge = 12 + size - stride
    x = torch.randn(2, 4, edge, edge, requires_grad=True)
    weight = torch.randn(4, 1, size, size, requires_grad=True)
    expected = functional.conv2d(x, weight, None, stride, 0, groups=4)
    direction = torch.randn_like(expected)
    wanted = torch.autograd.grad((expected * direction).sum(), (x, weight))
    ours = torch.autograd.grad((depthwise(x, weight, stride) * direction).sum(), (x, weight))
    for one, other in zip(ours, wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("size", [3, 5])
def test_the_fast_gradients_are_the_gradients_with_padding_too(size):
    torch.manual_seed(1)
    x = torch.randn(2, 4, 12, 12, requires_grad=True)
    weight = torch.randn(4, 1, size, size, requires_grad=True)
    expected = functional.conv2d(x, weight, None, 1, size // 2, groups=4)
    direction = torch.randn_like(expected)
    wanted = torch.autograd.grad((expected * direction).sum(), (x, weight))
    ours = torch.autograd.grad((depthwise(x, weight, 1, size // 2) * direction).sum(), (x, weight))
    for one, other in zip(ours, wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


@pytest.fixture(scope="module")
def stock():
    """A small EfficientNet with frozen statistics of its own and its gates held open."""
    torch.manual_seed(1)
    config = EfficientNetConfig(
        width_coefficient=0.1, depth_coefficient=1.0, hidden_dim=128, hidden_size=128, hidden_act="relu6",
        depthwise_padding=[], initializer_range=0.3, image_size=64,
    )  # fmt: skip
    model = EfficientNetModel(config).eval()
    for name, buffer in model.named_buffers():
        if name.endswith("running_var"):
            buffer.uniform_(0.5, 2)
        elif name.endswith("running_mean"):
            buffer.normal_()
    for block in model.encoder.blocks:
        for parameter in block.squeeze_excite.parameters():
            torch.nn.init.zeros_(parameter)
        torch.nn.init.constant_(block.squeeze_excite.expand.bias, 20.0)
    return model


def test_the_network_that_is_trained_is_the_stock_one(stock):
    network, pixels = PictureNetwork(stock), torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        ours, theirs = network.pooled(network.base(pixels)), stock(pixels).pooler_output
    assert theirs.abs().max() > 0.01
    assert torch.allclose(ours, theirs, atol=1e-4)


def test_what_was_trained_is_written_back_exactly(stock):
    network, pixels = PictureNetwork(stock), torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        for layer in (m for m in network.top.modules() if isinstance(m, NormedConvolution)):
            layer.scale.mul_(1.1)
            layer.offset.add_(0.05)
        ours = network.pooled(network.base(pixels))
        before = stock(pixels).pooler_output
        network.write_back(stock)
        after = stock(pixels).pooler_output
    assert not torch.allclose(before, ours, atol=1e-3)
    assert torch.allclose(after, ours, atol=1e-4)


def test_blocks_are_skipped_in_training_only_and_on_average_alike(stock):
    torch.manual_seed(1)
    block = next(Block(b, skipped=0.5) for b in stock.encoder.blocks if Block(b).is_residual)
    x = torch.rand(1, block.stages[0].weight.shape[1], 8, 8)
    with torch.no_grad():
        whole = block.eval()(x)
        skipped = block.train()(x.expand(400, -1, -1, -1))
    assert any(torch.equal(one, x[0]) for one in skipped)
    assert torch.allclose(skipped.mean(0), whole[0], atol=0.15 * (whole - x).abs().max().item())
