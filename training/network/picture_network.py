"""The picture tower as it is trained: the same function as the stock class, at twice its speed.

Batch norms are frozen, so each is one scale and one offset per channel and folds into the convolution before
it; the open gates are left out. `write_back` copies the result into the stock class.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from training.network.depthwise import depthwise
from training.network.precision import computable

# Blocks below this see edges, textures and colours; they keep their ImageNet weights.
FIRST_TRAINED_BLOCK = 5

# Probability of skipping the last block in training; that of earlier blocks falls linearly with depth
# (Huang et al. 2016, "Deep Networks with Stochastic Depth").
MOST_SKIPPED = 0.2


class NormedConvolution(nn.Module):
    """A convolution and the frozen batch norm after it, with a trained scale and offset per channel."""

    def __init__(self, convolution: Any, norm: Any, *, activate: bool) -> None:
        super().__init__()
        spread = (norm.running_var + norm.eps).sqrt()
        self.weight = nn.Parameter(convolution.weight.detach().clone())
        self.scale = nn.Parameter((norm.weight / spread).detach().clone())
        self.offset = nn.Parameter((norm.bias - norm.running_mean * norm.weight / spread).detach().clone())
        self.stride, self.groups = convolution.stride[0], convolution.groups
        self.activate = activate

    def folded(self) -> torch.Tensor:
        return self.weight * self.scale[:, None, None, None]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        padding = self.weight.shape[-1] // 2
        if self.stride > 1:
            # At stride 2 TensorFlow pads an even picture by one pixel less at the top and the left.
            x = functional.pad(x, (padding - 1, padding, padding - 1, padding))
            padding = 0
        if self.groups > 1:
            x = depthwise(x, self.folded(), self.stride, padding) + self.offset.to(x.dtype)[:, None, None]
        else:
            x = functional.conv2d(x, self.folded(), self.offset, self.stride, padding)
        return functional.relu6(x, inplace=True) if self.activate else x

    @torch.no_grad()
    def write_back(self, convolution: Any, norm: Any) -> None:
        spread = (norm.running_var + norm.eps).sqrt()
        convolution.weight.copy_(self.weight)
        norm.weight.copy_(self.scale * spread)
        norm.bias.copy_(self.offset + norm.running_mean * self.scale)


class Block(nn.Module):
    """An inverted residual block: expand, depthwise, project; adds the input where its shape is the same."""

    def __init__(self, block: Any, skipped: float = 0.0) -> None:
        super().__init__()
        self.skipped = skipped
        stages = [
            NormedConvolution(convolution, norm, activate=activate)
            for convolution, norm, activate in convolutions_of(block)
        ]
        self.stages = nn.ModuleList(stages)
        same_width = stages[0].weight.shape[1] == stages[-1].weight.shape[0]
        self.is_residual = same_width and stages[-2].stride == 1 and len(stages) == 3

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = x
        for stage in self.stages:
            y = stage(y)
        if not self.is_residual:
            return y
        if self.training and self.skipped:
            # Divided by the share kept, so that the expected value equals that of the whole block.
            kept = torch.rand(len(y), 1, 1, 1, device=y.device) >= self.skipped
            y = y * (kept / (1 - self.skipped)).to(y.dtype)
        return x + y


def convolutions_of(block: Any) -> list[tuple[Any, Any, bool]]:
    """The convolutions of a stock block, each with its batch norm and whether ReLU6 follows."""
    depthwise, projection = block.depthwise_conv, block.projection
    found = [
        (depthwise.depthwise_conv, depthwise.depthwise_norm, True),
        (projection.project_conv, projection.project_bn, False),
    ]
    if block.expand:
        found.insert(0, (block.expansion.expand_conv, block.expansion.expand_bn, True))
    return found


class PictureNetwork(nn.Module):
    """`base` is frozen and gives the (n, 40, 28, 28) maps that are cached; `top` is trained."""

    def __init__(self, model: Any) -> None:
        super().__init__()
        stem = NormedConvolution(model.embeddings.convolution, model.embeddings.batchnorm, activate=True)
        count = len(model.encoder.blocks)
        blocks = [
            Block(block, MOST_SKIPPED * depth / count) for depth, block in enumerate(model.encoder.blocks)
        ]
        self.base = nn.Sequential(stem, *blocks[:FIRST_TRAINED_BLOCK]).requires_grad_(requires_grad=False)
        last = NormedConvolution(model.encoder.top_conv, model.encoder.top_bn, activate=True)
        self.top = nn.Sequential(*blocks[FIRST_TRAINED_BLOCK:], last)
        self.eval()  # blocks are skipped in training mode only

    def pooled(self, maps: torch.Tensor) -> torch.Tensor:
        """(n, 40, 28, 28) cached maps to (n, 1280) float32 features."""
        top: torch.Tensor = self.top(computable(maps))
        return top.mean((2, 3), dtype=torch.float32)

    def write_back(self, model: Any) -> None:
        """Copy the trained part into a stock model, which holds the frozen part already."""
        parts: list[Any] = list(self.top)
        *blocks, last = parts
        for trained, block in zip(blocks, model.encoder.blocks[FIRST_TRAINED_BLOCK:], strict=True):
            for stage, (convolution, norm, _) in zip(trained.stages, convolutions_of(block), strict=True):
                stage.write_back(convolution, norm)
        last.write_back(model.encoder.top_conv, model.encoder.top_bn)
