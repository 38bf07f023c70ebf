"""The training data: pictures, captions, which is true of which, and what the towers knew before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from training.captions.truth import TRUE
from training.captions.vocabulary.imagenet import CLASSES
from training.captions.writer import SLOTS, CaptionSet
from training.collections.items import Item
from training.learning import objective
from training.learning.objective import Teacher
from training.learning.texts import ClassNames
from training.network import towers
from training.network.text_network import TokenStates

OTHER_SLOTS = [slot for slot in SLOTS if slot != "title"]
SLOTS_PER_STEP = 2  # beside the title: encoding captions takes nearly as long as encoding pictures


class CaptionTruth:
    """Which captions belong to which items, and which are true of which."""

    def __init__(self, items: Sequence[Item], caption_set: CaptionSet) -> None:
        self._by_item = caption_set.by_item
        # Captions with fewer components than the longest point to a row that is true of every item.
        whole = np.full((1, len(items)), TRUE, np.int8)
        self._truth = torch.from_numpy(np.concatenate([caption_set.truth, whole]))
        longest = max(len(caption.components) for caption in caption_set.captions)
        self._components = torch.full((len(caption_set.captions), longest), len(caption_set.truth))
        for row, caption in enumerate(caption_set.captions):
            self._components[row, : len(caption.components)] = torch.tensor(caption.components)
        kinds = {kind: number for number, kind in enumerate(sorted({item.kind for item in items}))}
        self.kinds = torch.tensor([kinds[item.kind] for item in items])

    def truth(self, captions: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """(c, n) FALSE, UNKNOWN or TRUE of the captions and items with these numbers."""
        parts = [
            self._truth[self._components[part][:, :, None], items].amin(1)
            for part in torch.split(captions, 512)
        ]
        return torch.cat(parts)

    def draw(self, items: torch.Tensor, random: np.random.Generator) -> dict[str, torch.Tensor]:
        """For each item the numbers of a title and of one caption from each of SLOTS_PER_STEP other slots."""
        drawn = {}
        for slot in ("title", *random.choice(OTHER_SLOTS, SLOTS_PER_STEP, replace=False).tolist()):
            choices = [self._by_item[i][slot] or self._by_item[i]["single"] for i in items.tolist()]
            drawn[slot] = torch.tensor([numbers[random.integers(len(numbers))] for numbers in choices])
        return drawn


@dataclass
class Corpus:
    """Everything about the training pictures that stays the same from step to step."""

    items: Sequence[Item]
    positions: NDArray[np.int64]  # of the training pictures among `items`, in the order of the views
    caption_set: CaptionSet
    captions: TokenStates
    general: TokenStates  # ordinary phrases
    general_vectors: torch.Tensor  # (phrases, 384) before training
    class_names: ClassNames
    teacher: Teacher
    original_features: torch.Tensor  # (n, 1280) features of the clean views before training

    def __post_init__(self) -> None:
        known = CaptionTruth(self.items, self.caption_set)
        self.truth, self.draw, self.kinds = known.truth, known.draw, known.kinds
        self.covariance = objective.covariance_of(self.original_features)
        self.shares = shares_of(self.kinds[self.positions])


def imagenet_teacher() -> Teacher:
    checkpoint, classes = towers.imagenet_checkpoint(), torch.tensor(sorted(CLASSES))
    return Teacher(checkpoint["_fc.weight"].float(), checkpoint["_fc.bias"].float(), classes)


def shares_of(kinds: torch.Tensor) -> NDArray[np.float64]:
    """The probability of drawing each picture: rare kinds a little more often than they occur."""
    numbers = kinds.numpy()
    shares = np.bincount(numbers)[numbers] ** -0.3
    return np.asarray(shares / shares.sum())
