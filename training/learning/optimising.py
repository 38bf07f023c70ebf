"""What the stages of training share: learning rates over a stage, averaged weights, layout."""

import math
from typing import Any, cast

import torch
from torch import nn

from training.network.model import Tandem

WARM_UP = 0.06  # of a stage
EMA = 0.995  # decay of the averaged weights, per step


def picture_groups(model: Tandem, rate: float) -> list[dict[str, object]]:
    """The trained part of the picture tower; scales and offsets do not decay."""
    trained = [*model.pictures.top.named_parameters()]
    weights = [p for name, p in trained if name.endswith("weight")]
    affine = [p for name, p in trained if not name.endswith("weight")]
    return [
        {"params": weights, "lr": rate, "weight_decay": 0.05},
        {"params": affine, "lr": rate, "weight_decay": 0.0},
    ]


def set_rates(optimizer: torch.optim.Optimizer, progress: float) -> None:
    """Warm up linearly, then fall along half a cosine to a hundredth."""
    if progress < WARM_UP:
        factor = progress / WARM_UP
    else:
        factor = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))
    for group in optimizer.param_groups:
        group["lr"] = group.setdefault("full_rate", group["lr"]) * factor


def in_channels_last(network: nn.Module) -> None:
    """Store the weights in the layout of the cached maps; the other is several times slower in bfloat16."""
    cast("Any", network).to(memory_format=torch.channels_last)


@torch.no_grad()
def update_average(average: Tandem, model: Tandem) -> None:
    for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
        slow.lerp_(fast, 1 - EMA)
