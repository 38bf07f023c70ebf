"""The contrast of pictures and captions in a batch, with those of earlier steps as further negatives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch

from training.learning import objective
from training.learning.maps import unknown_where_patched
from training.learning.objective import SLOT_WEIGHTS
from training.network import towers

QUEUE = 2048  # pictures and titles of earlier steps that serve as negatives

# Numbers of captions (c,) and of items (n,) -> (c, n) FALSE, UNKNOWN or TRUE.
Truth = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


@dataclass
class Queue:
    """Vectors of the latest steps, newest first, with the numbers of their items and captions."""

    images: torch.Tensor
    items: torch.Tensor
    titles: torch.Tensor
    captions: torch.Tensor

    @classmethod
    def empty(cls) -> "Queue":
        vectors, numbers = torch.empty(0, towers.DIMENSION), torch.empty(0, dtype=torch.long)
        return cls(vectors, numbers, vectors, numbers)

    def after(self, step: "Queue") -> "Queue":
        """The queue with a step's vectors in front."""
        return Queue(
            *(torch.cat([getattr(step, name).detach(), getattr(self, name)])[:QUEUE] for name in vars(step))
        )


@dataclass(frozen=True)
class Pictures:
    """(n, 384) unit rows of a batch, the numbers of their items, and for each the number in the batch of the
    picture that a part of it shows, or its own.
    """

    vectors: torch.Tensor
    items: torch.Tensor
    patched: torch.Tensor


class Contrast:
    """Keeps the latest vectors from batch to batch."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._queue = Queue.empty()

    def loss(
        self,
        scale: torch.Tensor,
        pictures: Pictures,
        drawn: Mapping[str, torch.Tensor],
        texts: Mapping[str, torch.Tensor],
    ) -> torch.Tensor:
        """`drawn`: by slot the numbers of a caption for each picture; `texts`: their vectors."""
        images, items, patched = pictures.vectors, pictures.items, pictures.patched
        queue = self._queue.after(Queue(images, items, texts["title"], drawn["title"]))
        earlier = slice(len(items), None)
        known = torch.cat([images, queue.images[earlier]])
        terms = [objective.gap_loss(images, torch.cat([*texts.values()]))]
        for slot, captions in drawn.items():
            truth = self._truth(captions, queue.items)
            truth[:, : len(items)] = unknown_where_patched(truth[:, : len(items)], patched)
            of_image, candidates = truth[:, : len(items)].T, texts[slot]
            if slot == "title":
                others = unknown_where_patched(self._truth(queue.captions[earlier], items), patched)
                of_image = torch.cat([of_image, others.T], dim=1)
                candidates = torch.cat([candidates, queue.titles[earlier]])
            to_image = objective.pairwise_loss(scale * texts[slot] @ known.T, truth)
            to_text = objective.pairwise_loss(scale * images @ candidates.T, of_image)
            terms.append(SLOT_WEIGHTS[slot] * (to_image + to_text))
        # A patched picture would be an ambiguous negative in later steps.
        is_whole = patched == torch.arange(len(items))
        self._queue = self._queue.after(
            Queue(images[is_whole], items[is_whole], texts["title"], drawn["title"])
        )
        return torch.stack(terms).sum()
