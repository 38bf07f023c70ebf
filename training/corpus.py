"""What is trained on: the pictures, their captions, which is true of which, what the towers knew before."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from . import objective
from .captions import SLOTS, CaptionBook
from .data import Item
from .objective import Teacher
from .text_network import TokenStates
from .texts import ClassNames
from .truth import TRUE

OTHER_SLOTS = [slot for slot in SLOTS if slot != "title"]
SLOTS_A_STEP = 2  # beside the title: reading captions takes nearly as long as looking at pictures


@dataclass
class Corpus:
    """Everything about the training pictures that stays the same from step to step."""

    items: Sequence[Item]
    positions: NDArray[np.int64]  # of the training pictures among `items`, in the order of the views
    book: CaptionBook
    captions: TokenStates
    general: TokenStates  # ordinary phrases
    known: torch.Tensor  # (phrases, 384) their vectors before training
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
        self.spread = objective.spread_of(self.original)
        self.shares = self._shares()

    def _shares(self) -> NDArray[np.float64]:
        """How often each picture is drawn: rare kinds a little more often than they occur."""
        kinds = self.kinds[self.positions].numpy()
        shares = np.bincount(kinds)[kinds] ** -0.3
        return np.asarray(shares / shares.sum())

    def truth(self, captions: torch.Tensor, items: torch.Tensor) -> torch.Tensor:
        """(c, n) FALSE, OPEN or TRUE."""
        parts = [
            self._truth[self._components[part][:, :, None], items].amin(1) for part in captions.split(512)
        ]
        return torch.cat(parts)

    def draw(self, items: torch.Tensor, random: np.random.Generator) -> dict[str, torch.Tensor]:
        """Of each item a title, and one caption of each of a few other slots."""
        drawn = {}
        for slot in ("title", *random.choice(OTHER_SLOTS, SLOTS_A_STEP, replace=False).tolist()):
            choices = [self.book.of_item[i][slot] or self.book.of_item[i]["single"] for i in items.tolist()]
            drawn[slot] = torch.tensor([written[random.integers(len(written))] for written in choices])
        return drawn
