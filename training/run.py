"""One training run: from the items to a trained model, through all stages."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.captions.writer import CaptionWriter
from training.collections.items import Item
from training.collections.photo_colours import name_colours
from training.collections.views import Renderer, ViewCache
from training.inputs import CAPTIONS_PER_SLOT
from training.learning.corpus import Corpus, imagenet_teacher
from training.learning.optimising import in_channels_last
from training.learning.texts import ClassNames, general_phrases
from training.learning.trainer import Trainer
from training.network.model import Tandem
from training.network.text_network import TextNetwork, TokenStates

PROJECTION_VIEWS = 4  # the first of them is the clean one


@dataclass(frozen=True)
class Plan:
    """How many rounds each stage has, and the checkpoint to start from (default: ImageNet and MiniLM)."""

    rounds: int = 80
    views: int = 12
    first_rounds: int = 14
    last_rounds: int = 8
    seed: int = 0
    start: Path | None = None


def train(items: Sequence[Item], work: Path, plan: Plan) -> Tandem:
    """Run all stages on the items that are not held out. `work` keeps views and state for another run."""
    torch.manual_seed(plan.seed)
    items = name_colours(items)
    positions = np.array([i for i, item in enumerate(items) if not item.is_held_out], np.int64)
    original = Tandem()
    views = ViewCache(work, f"view-{plan.seed}", Renderer(items, plan.seed), positions.tolist())
    numbers = list(range(1, plan.views + 1))
    in_channels_last(original.pictures)
    views.build(original.pictures, [0, *numbers])
    corpus = _corpus(items, positions, views.pooled(original.pictures, 0), plan.seed)
    # Runs that share a folder must not continue from each other's state.
    state = work / f"{'later' if plan.start else 'first'}-{plan.seed}.pt"
    if plan.start:
        start = Tandem.from_checkpoint(plan.start)
        trainer = Trainer(start, corpus, views, seed=plan.seed, report=report)
        return trainer.fit_end_to_end(plan.rounds, numbers, state, later=True)
    trainer = Trainer(original, corpus, views, seed=plan.seed, report=report)
    seen = [0, *numbers][:PROJECTION_VIEWS]
    if not state.exists():
        features = [views.pooled(original.pictures, number) for number in seen]
        trainer.fit_projections(features, plan.first_rounds, (1.5e-3, 3e-4), push=True)
    trainer.model = trainer.fit_end_to_end(plan.rounds, numbers, state)
    features = [views.pooled(trainer.model.pictures, number) for number in seen]
    trainer.fit_projections(features, plan.last_rounds, (3e-4, 3e-4), push=False)
    return trainer.model


def _corpus(
    items: Sequence[Item], positions: NDArray[np.int64], original_features: torch.Tensor, seed: int
) -> Corpus:
    caption_set = CaptionWriter(items, per_slot=CAPTIONS_PER_SLOT, seed=seed).write()
    report(f"{len(positions)} pictures, {len(caption_set.captions)} captions")
    general = TokenStates(general_phrases(seed))
    return Corpus(
        items=items,
        positions=positions,
        caption_set=caption_set,
        captions=TokenStates([caption.text for caption in caption_set.captions]),
        general=general,
        general_vectors=TextNetwork().encode(general),
        class_names=ClassNames(),
        teacher=imagenet_teacher(),
        original_features=original_features,
    )


def report(line: str) -> None:
    # Flushed, because a run of an hour is followed through a pipe.
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
