"""The trained part of the text tower: a residual on MiniLM's sentence vector, then a linear map.

It starts as the identity, so that training begins in MiniLM's own space. It fits exactly into the seventh
layer's feed-forward part, the pooler's bias and the text projection of the stock class.
"""

from typing import Any

import torch
from torch import nn
from torch.nn import functional

from training.network.towers import DIMENSION, POOLER_SCALE

INNER = 1536


class TextAdapter(nn.Module):
    """(n, 384) layer-normalised means over the tokens to (n, 384) unit rows."""

    def __init__(self) -> None:
        super().__init__()
        self.widen, self.narrow = nn.Linear(DIMENSION, INNER), nn.Linear(INNER, DIMENSION)
        self.norm = nn.LayerNorm(DIMENSION, eps=1e-12)
        self.project = nn.Linear(DIMENSION, DIMENSION)
        nn.init.normal_(self.widen.weight, std=0.02)
        nn.init.eye_(self.project.weight)
        for zero in (self.widen.bias, self.narrow.weight, self.narrow.bias, self.project.bias):
            nn.init.zeros_(zero)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = self.norm(x + self.narrow(functional.gelu(self.widen(x))))
        return functional.normalize(self.project(y), dim=-1)

    @torch.no_grad()
    def read_back(self, model: Any) -> None:
        """Load the adapter from a stock model: the inverse of `write_back`."""
        layer = model.text_model.encoder.layer[-1]
        for ours, theirs in (
            (self.widen, layer.intermediate.dense),
            (self.narrow, layer.output.dense),
            (self.norm, layer.output.LayerNorm),
        ):
            ours.weight.copy_(theirs.weight)
            ours.bias.copy_(theirs.bias)
        self.project.weight.copy_(model.text_projection.weight * POOLER_SCALE)
        self.project.bias.copy_(self.project.weight @ (model.text_model.pooler.dense.bias / POOLER_SCALE))

    @torch.no_grad()
    def write_back(self, model: Any) -> None:
        """Copy the adapter into a stock model.

        The projection there has no bias, so the offset moves into the pooler before it: the pooler gives
        POOLER_SCALE (y + b), and the projection P / POOLER_SCALE turns this into P y + P b.
        """
        layer = model.text_model.encoder.layer[-1]
        for ours, theirs in (
            (self.widen, layer.intermediate.dense),
            (self.narrow, layer.output.dense),
            (self.norm, layer.output.LayerNorm),
        ):
            theirs.weight.copy_(ours.weight)
            theirs.bias.copy_(ours.bias)
        offset = torch.linalg.lstsq(self.project.weight, self.project.bias[:, None]).solution[:, 0]
        model.text_model.pooler.dense.bias.copy_(POOLER_SCALE * offset)
        model.text_projection.weight.copy_(self.project.weight / POOLER_SCALE)
