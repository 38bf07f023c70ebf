"""Three stages: the projections alone, everything end to end, the projections once more.

The clock rules the middle stage: its learning rate follows the share of the minutes that are used, so it
is always annealed when time is up. The minutes are those that its threads spend computing, so a busy
machine makes it longer, not worse. Its state is saved every few rounds.
"""

import math
import time
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from . import objective
from .captions import SLOTS, TRUE, CaptionBook
from .data import Item
from .model import Tandem
from .objective import SLOT_WEIGHTS, Teacher
from .texts import ClassNames
from .views import ViewCache

BATCH = 256
EXTRA_TITLES = 2048  # other titles that a picture is told apart from at every step
QUEUE = 2048  # earlier pictures that a caption is told apart from at every step
LARGEST_SCALE = 80.0
WARM_UP = 0.06
EMA = 0.995
CLEAN_SHARE = 0.15
WHOLE_SHARE = 0.5  # of the batches show whole pictures; the rest a window of so many map cells a side
WINDOWS = (20, 24)
SAVE_EVERY = 4  # rounds

Report = Callable[[str], None]


@dataclass
class Corpus:
    """Everything about the training pictures that stays the same from step to step."""

    items: Sequence[Item]
    positions: NDArray[np.int64]  # of the training pictures among `items`, in the order of the views
    book: CaptionBook
    captions: torch.Tensor  # (captions, 384) sentence vectors
    general: torch.Tensor  # (phrases, 384) sentence vectors
    names: ClassNames
    teacher: Teacher
    original: torch.Tensor  # (n, 1280) features of the clean views before training

    def __post_init__(self) -> None:
        whole = np.full((1, len(self.items)), TRUE, np.int8)
        self._truth = torch.from_numpy(np.concatenate([self.book.truth, whole]))
        longest = max(len(caption.components) for caption in self.book.captions)
        self._components = torch.full((len(self.book.captions), longest), len(self.book.truth))
        for row, caption in enumerate(self.book.captions):
            self._components[row, : len(caption.components)] = torch.tensor(caption.components)
        kinds = {kind: number for number, kind in enumerate(sorted({item.kind for item in self.items}))}
        self.kinds = torch.tensor([kinds[item.kind] for item in self.items])
        titled = {c for i in self.positions for c in self.book.of_item[i]["title"][:1] if self.items[i].title}
        self.titles = torch.tensor(sorted(titled))
        self.spread = objective.spread_of(self.original)
        self.shares = self._shares()

    def _shares(self) -> NDArray[np.float64]:
        """How often each picture is drawn: rare kinds a little more often than they occur."""
        kinds = self.kinds[self.positions].numpy()
        shares = np.bincount(kinds)[kinds] ** -0.3
        return np.asarray(shares / shares.sum())

    def truth(self, captions: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """(c, n) FALSE, OPEN or TRUE."""
        parts = [self._truth[self._components[part]][:, :, items].amin(1) for part in captions.split(256)]
        return torch.cat(parts)

    def draw(self, items: torch.Tensor, random: np.random.Generator) -> dict[str, torch.Tensor]:
        """One caption per slot for each item."""
        drawn = {}
        for slot in SLOTS:
            choices = [self.book.of_item[i][slot] or self.book.of_item[i]["single"] for i in items.tolist()]
            drawn[slot] = torch.tensor([written[random.integers(len(written))] for written in choices])
        return drawn


class Trainer:
    """Runs the stages on one model; `pictures_per_round` pictures make a round."""

    def __init__(self, model: Tandem, corpus: Corpus, views: ViewCache, *, seed: int, report: Report) -> None:
        self.model, self.corpus, self._views, self._report = model, corpus, views, report
        self._random = np.random.default_rng(seed)
        self._queue: tuple[torch.Tensor, torch.Tensor] | None = None
        self._steps_per_round = max(1, len(corpus.positions) // BATCH)

    def loss(
        self, rows: NDArray[np.int64], pooled: torch.Tensor, *, end_to_end: bool, push: bool
    ) -> torch.Tensor:
        """The whole objective on one batch of training rows and their pooled features."""
        model, corpus = self.model, self.corpus
        items = torch.from_numpy(corpus.positions[rows])
        images = model.image_vectors(functional.dropout(pooled, 0.1))
        terms = [self._contrast(images, items), objective.same_kind(images, corpus.kinds[items])]
        names, scale = corpus.names.through(model.text), model.class_scale.exp().clamp(max=40)
        original = corpus.original[rows]
        terms.append(corpus.teacher.keep_classes(scale * images @ names.T, original))
        if end_to_end:
            terms.append(corpus.teacher.keep_logits(pooled, original))
        if push:
            pushed = corpus.teacher.pushed(original[:96], corpus.spread)
            terms.append(corpus.teacher.keep_classes(scale * model.image_vectors(pushed) @ names.T, pushed))
        general = corpus.general[torch.randint(len(corpus.general), (384,))]
        terms.append(objective.retention(model.text(general), general))
        self._remember(images.detach(), items)
        return torch.stack(terms).sum()

    def _contrast(self, images: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        corpus, scale = self.corpus, self.model.scale.exp().clamp(max=LARGEST_SCALE)
        drawn = corpus.draw(items, self._random)
        extra = corpus.titles[torch.randint(len(corpus.titles), (min(EXTRA_TITLES, len(corpus.titles)),))]
        vectors = self.model.text(corpus.captions[torch.cat([*drawn.values(), extra])])
        *texts, others = vectors.split([len(items)] * len(SLOTS) + [len(extra)])
        known, known_items = images, items
        if self._queue is not None:
            known, known_items = torch.cat([images, self._queue[0]]), torch.cat([items, self._queue[1]])
        terms = [objective.gap(images, torch.cat(texts[:2]))]
        for (slot, captions), text in zip(drawn.items(), texts, strict=True):
            truth = corpus.truth(captions, known_items)
            of_image, candidates = truth[:, : len(items)].T, text
            if slot == "title":
                of_image = torch.cat([of_image, corpus.truth(extra, items).T], dim=1)
                candidates = torch.cat([text, others])
            to_image = objective.pairwise(scale * text @ known.T, truth)
            to_text = objective.pairwise(scale * images @ candidates.T, of_image)
            terms.append(SLOT_WEIGHTS[slot] * (to_image + to_text))
        return torch.stack(terms).sum()

    def _remember(self, images: torch.Tensor, items: torch.Tensor) -> None:
        if self._queue is not None:
            images, items = torch.cat([images, self._queue[0]]), torch.cat([items, self._queue[1]])
        self._queue = images[:QUEUE], items[:QUEUE]

    def _draw_rows(self) -> NDArray[np.int64]:
        n = len(self.corpus.positions)
        return self._random.choice(n, min(BATCH, n), p=self.corpus.shares, replace=False)

    def fit_projections(
        self, features: Sequence[torch.Tensor], rounds: int, rates: tuple[float, float], *, push: bool
    ) -> None:
        """Train both projections on the pooled features of a few views; seconds a round.

        `push` adds features pushed towards unseen classes; they are the original tower's, so only before
        the end-to-end stage do they lie where the projection will find its input.
        """
        self._queue = None
        groups = _projection_groups(self.model, *rates)
        optimizer = torch.optim.AdamW(groups)
        total = rounds * self._steps_per_round
        for step in range(total):
            _set_rates(optimizer, step / total)
            rows = self._draw_rows()
            numbers = self._random.integers(0, len(features), len(rows))
            pooled = torch.stack([features[v][row] for v, row in zip(numbers, rows, strict=True)])
            loss = self.loss(rows, pooled, end_to_end=False, push=push)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            if (step + 1) % self._steps_per_round == 0:
                self._report(
                    f"projections, round {(step + 1) // self._steps_per_round}: loss {loss.item():.3f}"
                )

    def fit_end_to_end(
        self, minutes: float, view_numbers: Sequence[int], state: Path, *, rate: float = 1.0
    ) -> Tandem:
        """Train the upper blocks, projections and text adapter for `minutes`; returns the averaged model.

        `rate` scales every learning rate: below 1 for a model that was trained already.

        Continues from `state` where that file is there.
        """
        self._queue = None
        model = self.model
        in_channels_last(model.pictures)
        trained = [*model.pictures.top.named_parameters()]
        groups = [
            {
                "params": [p for name, p in trained if name.endswith("weight")],
                "lr": 6e-4,
                "weight_decay": 0.05,
            },
            {
                "params": [p for name, p in trained if not name.endswith("weight")],
                "lr": 6e-4,
                "weight_decay": 0.0,
            },
            *_projection_groups(model, 1e-3, 2.5e-4),
        ]
        for group in groups:
            group["lr"] = rate * cast("float", group["lr"])
        optimizer = torch.optim.AdamW(groups)
        average, used, rounds = deepcopy(model).eval(), 0.0, 0
        model.train()
        if state.exists():
            average, used, rounds = self._resume(state, average, optimizer)
        while used < minutes * 60:
            started = _computed()
            for _ in range(self._steps_per_round):
                _set_rates(optimizer, min(1.0, (used + _computed() - started) / (minutes * 60)))
                loss = self._step(optimizer, view_numbers)
                _follow(average, model)
            used, rounds = used + _computed() - started, rounds + 1
            self._report(f"end to end, round {rounds}, {used / 60:.1f} min: loss {loss:.3f}")
            if rounds % SAVE_EVERY == 0:
                self._save(state, average, optimizer, used, rounds)
        return average

    def _step(self, optimizer: torch.optim.Optimizer, view_numbers: Sequence[int]) -> float:
        rows = self._draw_rows()
        is_clean = self._random.random(len(rows)) < CLEAN_SHARE
        numbers = np.where(is_clean, 0, self._random.choice(view_numbers, len(rows)))
        maps = self._views.read_mixed(numbers, rows)
        turned = torch.rand(len(rows)) < 0.3
        maps[turned] = maps[turned].flip(3)
        if self._random.random() > WHOLE_SHARE:
            maps = self._windows(maps, int(self._random.choice(WINDOWS)))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            pooled = self.model.pictures.pooled(maps)
        loss = self.loss(rows, pooled, end_to_end=True, push=True)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([p for group in optimizer.param_groups for p in group["params"]], 2.0)
        optimizer.step()
        return loss.item()

    def _windows(self, maps: torch.Tensor, side: int) -> torch.Tensor:
        """A square window of each map, each at a place of its own."""
        room = maps.shape[2] - side + 1
        tops, lefts = self._random.integers(0, room, (2, len(maps)))
        cut = [one[:, y : y + side, x : x + side] for one, y, x in zip(maps, tops, lefts, strict=True)]
        return torch.stack(cut).contiguous(memory_format=torch.channels_last)

    def _save(
        self, path: Path, average: Tandem, optimizer: torch.optim.Optimizer, used: float, rounds: int
    ) -> None:
        aside = path.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "average": average.state_dict(),
                "optimizer": optimizer.state_dict(),
                "used": used,
                "rounds": rounds,
            },
            aside,
        )
        aside.replace(path)

    def _resume(
        self, path: Path, average: Tandem, optimizer: torch.optim.Optimizer
    ) -> tuple[Tandem, float, int]:
        saved = torch.load(path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        average.load_state_dict(saved["average"])
        optimizer.load_state_dict(saved["optimizer"])
        return average, saved["used"], saved["rounds"]


def _computed() -> float:
    """Seconds that this process has computed, per thread."""
    return time.process_time() / torch.get_num_threads()


def _projection_groups(model: Tandem, image_rate: float, text_rate: float) -> list[dict[str, object]]:
    return [
        {"params": [*model.head.parameters()], "lr": image_rate, "weight_decay": 0.05},
        {"params": [*model.text.parameters()], "lr": text_rate, "weight_decay": 0.01},
        {"params": [model.scale, model.class_scale], "lr": 1e-3, "weight_decay": 0.0},
    ]


def _set_rates(optimizer: torch.optim.Optimizer, progress: float) -> None:
    """Warm up linearly, then fall along half a cosine to a hundredth."""
    if progress < WARM_UP:
        factor = progress / WARM_UP
    else:
        factor = 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (progress - WARM_UP) / (1 - WARM_UP)))
    for group in optimizer.param_groups:
        group["lr"] = group.setdefault("full_rate", group["lr"]) * factor


def in_channels_last(network: nn.Module) -> None:
    """Lay the weights out as the cached maps are; the other layout is several times slower in bfloat16."""
    cast("Any", network).to(memory_format=torch.channels_last)


@torch.no_grad()
def _follow(average: Tandem, model: Tandem) -> None:
    for slow, fast in zip(average.parameters(), model.parameters(), strict=True):
        slow.lerp_(fast, 1 - EMA)
