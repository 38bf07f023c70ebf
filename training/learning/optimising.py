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
def move_towards(model: nn.Module, other: nn.Module, share: float) -> None:
    """Move the weights of one model towards those of another, by a share in 0..1 of the way."""
    for weights, wanted in zip(model.parameters(), other.parameters(), strict=True):
        weights.lerp_(wanted, share)


def update_average(average: Tandem, model: Tandem) -> None:
    move_towards(average, model, 1 - EMA)
