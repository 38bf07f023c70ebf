"""The stages of a training run: the projections alone, everything end to end, the projections once more.

The learning rates of a first run fall until the last round of the end-to-end stage; a later run is this stage
alone, at full rates. Its length is counted in rounds, so a slower machine trains as much, in more time. Its
state is saved every few rounds.
"""

from collections.abc import Callable, Sequence
from copy import deepcopy
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.collections.views import ViewCache
from training.learning.corpus import Corpus
from training.learning.criterion import Criterion
from training.learning.maps import cut_mix, windows
from training.learning.optimising import (
    WARM_UP,
    in_channels_last,
    picture_groups,
    set_rates,
    update_average,
)
from training.network.model import Tandem
from training.network.precision import reduced

BATCH = 256
CLEAN_SHARE = 0.15  # of the pictures are seen as in use
MIRRORED_SHARE = 0.3
WHOLE_SHARE = 0.5  # of the batches show whole pictures, the others a window
WINDOWS = (20, 24)  # map cells a side
PATCHES = 0.6  # of the pictures show a part of another; in a first run fewer towards its end
LATER_RATE = 0.7  # of the first run's rates
SAVE_EVERY = 4  # rounds

Report = Callable[[str], None]


class Trainer:
    """Runs the stages on one model. A round is one pass: as many batches as the pictures fill."""

    def __init__(self, model: Tandem, corpus: Corpus, views: ViewCache, *, seed: int, report: Report) -> None:
        self.model, self.corpus, self._views, self._report = model, corpus, views, report
        self._random = np.random.default_rng(seed)
        self._steps_per_round = max(1, len(corpus.positions) // BATCH)

    def _draw_rows(self) -> NDArray[np.int64]:
        n = len(self.corpus.positions)
        return self._random.choice(n, min(BATCH, n), p=self.corpus.shares, replace=False)

    def fit_projections(
        self, features: Sequence[torch.Tensor], rounds: int, rates: tuple[float, float], *, push: bool
    ) -> None:
        """Train both projections on the (n, 1280) pooled features of a few views; takes seconds per round.

        `push` adds features pushed towards unseen classes. They derive from the original tower's features,
        so they match the projection's input only before the end-to-end stage.
        """
        criterion = Criterion(self.model, self.corpus, self._random)
        self.model.text.layers.requires_grad_(requires_grad=False)
        groups = _projection_groups(self.model, *rates)
        optimizer = torch.optim.AdamW(groups)
        total = rounds * self._steps_per_round
        for step in range(total):
            set_rates(optimizer, step / total)
            rows = self._draw_rows()
            numbers = self._random.integers(0, len(features), len(rows))
            pooled = torch.stack([features[v][row] for v, row in zip(numbers, rows, strict=True)])
            loss = criterion(rows, pooled, push=push)
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
            if (step + 1) % self._steps_per_round == 0:
                self._report(
                    f"projections, round {(step + 1) // self._steps_per_round}: loss {loss.item():.3f}"
                )

    def fit_end_to_end(
        self, rounds: int, view_numbers: Sequence[int], state: Path, *, later: bool = False
    ) -> Tandem:
        """Train both towers' upper parts and the projections in so many `rounds`; returns the averaged model.

        A `later` run, on a model that was trained before, has LATER_RATE times the rates of a first run, and
        keeps them and the patches to the end; averaging over its steps replaces annealing (docs/adr/0006).

        Continues from the file `state` where it exists.
        """
        model = self.model
        criterion = Criterion(model, self.corpus, self._random)
        model.text.layers.requires_grad_(requires_grad=True)
        in_channels_last(model.pictures)
        optimizer = torch.optim.AdamW(_all_groups(model, LATER_RATE if later else 1.0))
        average, done = deepcopy(model).eval(), 0
        model.train()
        if state.exists():
            average, done = self._resume(state, average, optimizer)
        for number in range(done, rounds):
            for step in range(self._steps_per_round):
                progress = (number + step / self._steps_per_round) / rounds
                # After the warm-up a later run stays at full rates.
                set_rates(optimizer, min(progress, WARM_UP) if later else progress)
                patches = PATCHES if later else PATCHES * (1 - progress)
                loss = self._step(optimizer, criterion, view_numbers, patches=patches)
                update_average(average, model)
            done = number + 1
            self._report(f"end to end, round {done}: loss {loss:.3f}")
            if done % SAVE_EVERY == 0 or done == rounds:
                self._save(state, average, optimizer, done)
        return average

    def _step(
        self,
        optimizer: torch.optim.Optimizer,
        criterion: Criterion,
        view_numbers: Sequence[int],
        *,
        patches: float,
    ) -> float:
        rows = self._draw_rows()
        is_clean = self._random.random(len(rows)) < CLEAN_SHARE
        numbers = np.where(is_clean, 0, self._random.choice(view_numbers, len(rows)))
        maps = self._views.read_mixed(numbers, rows)
        mirrored = torch.rand(len(rows)) < MIRRORED_SHARE
        maps[mirrored] = maps[mirrored].flip(3)
        patched = cut_mix(maps, patches, self._random)
        if self._random.random() > WHOLE_SHARE:
            maps = windows(maps, int(self._random.choice(WINDOWS)), self._random)
        with reduced():
            pooled = self.model.pictures.pooled(maps)
        loss = criterion(rows, pooled, push=True, patched=patched)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 2.0)
        optimizer.step()
        return loss.item()

    def _save(self, path: Path, average: Tandem, optimizer: torch.optim.Optimizer, done: int) -> None:
        part = path.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "rounds": done,
            },
            part,
        )
        part.replace(path)

    def _resume(self, path: Path, average: Tandem, optimizer: torch.optim.Optimizer) -> tuple[Tandem, int]:
        saved = torch.load(path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        return average, saved["rounds"]


def _projection_groups(model: Tandem, image_rate: float, text_rate: float) -> list[dict[str, object]]:
    return [
        {"params": [*model.head.parameters()], "lr": image_rate, "weight_decay": 0.05},
        {"params": [*model.text.adapter.parameters()], "lr": text_rate, "weight_decay": 0.01},
        {"params": [model.scale, model.class_scale], "lr": 1e-3, "weight_decay": 0.0},
    ]


def _all_groups(model: Tandem, share: float) -> list[dict[str, object]]:
    """Everything that is trained end to end; `share` scales every learning rate."""
    groups: list[dict[str, object]] = [
        *picture_groups(model, 6e-4),
        {"params": [*model.text.layers.parameters()], "lr": 1.5e-4, "weight_decay": 0.01},
        *_projection_groups(model, 1e-3, 2.5e-4),
    ]
    return [{**group, "lr": share * cast("float", group["lr"])} for group in groups]
