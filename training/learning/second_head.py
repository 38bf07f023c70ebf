"""The projection of the frozen branch: its features to the vectors that the texts already have.

The texts, and the trained branch, stay as they are. The trained branch knows its training pictures by heart,
so a projection learned on both branches' features together would leave the frozen one unused; this one is
learned alone, and added with a weight.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from training.learning import objective
from training.learning.contrast import Truth
from training.learning.corpus import shares_of
from training.learning.objective import GAP_WEIGHT, SLOT_WEIGHTS
from training.network.towers import DIMENSION

BATCH = 512
RATE, DECAY = 2e-3, 0.05
DROPPED = 0.2
WARM_UP = 0.06
LARGEST_SCALE = 80.0
LEAST_SPREAD = 0.05  # of a feature, so that one that hardly varies is not blown up

# Items' numbers -> numbers of captions by slot.
Draw = Callable[[torch.Tensor, np.random.Generator], dict[str, torch.Tensor]]


class SecondHead(nn.Module):
    """(n, features) to (n, 384); `spread` (features,) makes all features comparable."""

    def __init__(self, spread: torch.Tensor) -> None:
        super().__init__()
        self.linear = nn.Linear(len(spread), DIMENSION, bias=False)
        self.scale = nn.Parameter(torch.tensor(3.0))
        self.spread = spread
        nn.init.normal_(self.linear.weight, std=0.02)

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        raw: torch.Tensor = self.linear(features / self.spread)
        return raw

    def projection(self) -> torch.Tensor:
        """(384, features): the same map, for features as they are."""
        return (self.linear.weight / self.spread).detach()


def fit(
    views: Sequence[NDArray[np.float16]],
    items: torch.Tensor,
    captions: torch.Tensor,
    draw: Draw,
    truth: Truth,
    kinds: torch.Tensor,
    *,
    rounds: int,
    seed: int,
) -> SecondHead:
    """Train on the (n, features) of each view of n `items`, against the (c, 384) vectors of `captions`."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    tensors = [torch.from_numpy(np.asarray(view, np.float32)) for view in views]
    head = SecondHead(tensors[0].std(0) + LEAST_SPREAD)
    groups: list[dict[str, object]] = [
        {"params": [head.linear.weight], "weight_decay": DECAY},
        {"params": [head.scale], "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, lr=RATE)
    shares = shares_of(kinds[items])
    steps = max(1, rounds * len(items) // BATCH)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * _factor(step / steps)
        rows = random.choice(len(items), min(BATCH, len(items)), replace=False, p=shares)
        seen = random.integers(0, len(tensors), len(rows))
        features = torch.stack([tensors[view][row] for view, row in zip(seen, rows, strict=True)])
        drawn = draw(items[rows], random)
        vectors = functional.normalize(head(functional.dropout(features, DROPPED)), dim=-1)
        loss = _loss(vectors, head.scale.exp().clamp(max=LARGEST_SCALE), items[rows], drawn, captions, truth)
        loss = loss + objective.same_kind_loss(vectors, kinds[items[rows]])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return head.eval()


def _factor(progress: float) -> float:
    return min(1.0, progress / WARM_UP) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))


def _loss(
    vectors: torch.Tensor,
    scale: torch.Tensor,
    items: torch.Tensor,
    drawn: dict[str, torch.Tensor],
    captions: torch.Tensor,
    truth: Truth,
) -> torch.Tensor:
    terms = []
    for slot, numbers in drawn.items():
        known, texts = truth(numbers, items), captions[numbers]
        logits = scale * texts @ vectors.T
        both_ways = objective.pairwise_loss(logits, known) + objective.pairwise_loss(logits.T, known.T)
        gap = (vectors.mean(0) - texts.mean(0)).square().sum()
        terms.append(SLOT_WEIGHTS[slot] * both_ways + GAP_WEIGHT / len(drawn) * gap)
    return torch.stack(terms).sum()
