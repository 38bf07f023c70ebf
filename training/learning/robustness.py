"""Makes a trained picture tower robust: photos that are blurred, turned, dark or cluttered.

Clean and hard views are trained on the captions together, and held near the vector that the clean view had
before. The texts stay as they are, so their vectors are computed once.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from training.collections.views import ViewCache
from training.learning import objective
from training.learning.contrast import Contrast, Pictures
from training.learning.corpus import CaptionTruth, imagenet_teacher, shares_of
from training.learning.criterion import DROPPED_FEATURES, LARGEST_SCALE
from training.learning.maps import cut_mix, windows
from training.learning.optimising import (
    WARM_UP,
    in_channels_last,
    picture_groups,
    set_rates,
    update_average,
)
from training.learning.trainer import BATCH, MIRRORED_SHARE, WINDOWS, Report
from training.network.model import Tandem
from training.network.precision import reduced

CLEAN_SHARE = 0.45  # of the pictures are seen as in use
WINDOW_SHARE = 0.3  # of the batches show a window of each picture
PATCHES = 0.15  # of the pictures show a part of another
KEPT_WEIGHT = 2.0
RATE, HEAD_RATE = 3e-4, 5e-4


@dataclass(frozen=True)
class Material:
    """Of n training pictures: their numbers among the items (n,), cached views, 0 the clean one, and features
    (n, 1280) that the untrained tower gives; what is true of them, captions (c, 384) in unit rows, and for
    each whether it is held near the vector that its clean view had before, (n,) bool.
    """

    positions: NDArray[np.int64]
    views: ViewCache
    hard_views: range
    original_features: torch.Tensor
    known: CaptionTruth
    captions: torch.Tensor
    is_held: torch.Tensor


class Robustness:
    """One stage on a model that was trained before."""

    def __init__(self, model: Tandem, material: Material, *, seed: int) -> None:
        torch.manual_seed(seed)
        self._model, self._material = model, material
        self._items = torch.from_numpy(material.positions)
        self._kinds = material.known.kinds[self._items]
        self._shares = shares_of(self._kinds)
        self._random = np.random.default_rng(seed)
        self._contrast, self._teacher = Contrast(material.known.truth), imagenet_teacher()
        in_channels_last(model.pictures)
        with torch.inference_mode():
            pooled = material.views.pooled(model.pictures, 0)
            before = model.image_vectors(pooled)
        self._before = before.clone()

    def fit(self, rounds: int, report: Report) -> Tandem:
        """Train the picture tower; a round is one pass over the pictures. Returns the averaged model."""
        model = self._model
        groups = [
            *picture_groups(model, RATE),
            {"params": [*model.head.parameters()], "lr": HEAD_RATE, "weight_decay": 0.05},
        ]
        optimizer = torch.optim.AdamW(groups)
        average = deepcopy(model).eval()
        model.train()
        steps = max(1, len(self._items) // BATCH)
        for number in range(rounds):
            losses = [
                self._step(optimizer, average, (number + step / steps) / rounds) for step in range(steps)
            ]
            report(f"robustness, round {number + 1}: loss {sum(losses) / steps:.3f}")
        return average

    def _step(self, optimizer: torch.optim.Optimizer, average: Tandem, progress: float) -> float:
        # After the warm-up at full rates, as in a later run.
        set_rates(optimizer, min(progress, WARM_UP))
        loss = self._loss()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 2.0)
        optimizer.step()
        update_average(average, self._model)
        return loss.item()

    def _loss(self) -> torch.Tensor:
        model, material = self._model, self._material
        size = min(BATCH, len(self._items))
        rows = self._random.choice(len(self._items), size, replace=False, p=self._shares)
        maps, patched = self._maps(rows)
        with reduced():
            pooled = model.pictures.pooled(maps)
        items = self._items[rows]
        images = model.image_vectors(functional.dropout(pooled, DROPPED_FEATURES))
        drawn = material.known.draw(items, self._random)
        texts = {slot: material.captions[numbers] for slot, numbers in drawn.items()}
        scale = model.scale.detach().exp().clamp(max=LARGEST_SCALE)
        whole = torch.nonzero(patched == torch.arange(len(rows)))[:, 0]
        kept = torch.from_numpy(rows)[whole]
        changed = 1 - (model.image_vectors(pooled)[whole] * self._before[kept]).sum(1)
        changed = changed[material.is_held[kept]]
        return torch.stack(
            [
                self._contrast.loss(scale, Pictures(images, items, patched), drawn, texts),
                objective.same_kind_loss(images[whole], self._kinds[kept]),
                self._teacher.distillation_loss(pooled[whole], material.original_features[kept]),
                KEPT_WEIGHT * changed.mean(),
            ]
        ).sum()

    def _maps(self, rows: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """The maps of a view of each, and for each the number of the one that a part of it shows."""
        material = self._material
        is_clean = self._random.random(len(rows)) < CLEAN_SHARE
        numbers = np.where(is_clean, 0, self._random.choice(material.hard_views, len(rows)))
        maps = material.views.read_mixed(numbers, rows)
        mirrored = torch.rand(len(rows)) < MIRRORED_SHARE
        maps[mirrored] = maps[mirrored].flip(3)
        patched = cut_mix(maps, PATCHES, self._random)
        if self._random.random() < WINDOW_SHARE:
            maps = windows(maps, int(self._random.choice(WINDOWS)), self._random)
        return maps, patched
