"""The loss on one batch: draws captions, compares vectors, sums the terms of `objective`."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.learning import objective
from training.learning.corpus import Corpus
from training.learning.maps import unknown_where_patched
from training.learning.objective import SLOT_WEIGHTS
from training.network import towers
from training.network.model import Tandem

QUEUE = 2048  # pictures and titles of earlier steps that serve as negatives
LARGEST_SCALE = 80.0
DROPPED_FEATURES = 0.2
DROPPED_TOKENS = 0.1  # of titles
PHRASES = 256  # ordinary ones per step
PUSHED = 96  # features per step that are pushed towards unseen classes


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


class Criterion:
    """Keeps the latest vectors from batch to batch; every stage starts with a new criterion."""

    def __init__(self, model: Tandem, corpus: Corpus, random: np.random.Generator) -> None:
        self._model, self._corpus, self._random = model, corpus, random
        self._queue = Queue.empty()

    def __call__(
        self,
        rows: NDArray[np.int64],
        pooled: torch.Tensor,
        *,
        push: bool,
        patched: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """The loss on one batch of training rows and their (n, 1280) pooled features.

        `push` adds features pushed towards classes that no picture shows. `patched` holds for each picture
        the number of the one in the batch that a part of it shows, or its own. It is given when the tower is
        trained too; its logits are then distilled from the original ones.
        """
        model, corpus = self._model, self._corpus
        items = torch.from_numpy(corpus.positions[rows])
        own = torch.arange(len(rows))
        images = model.image_vectors(functional.dropout(pooled, DROPPED_FEATURES))
        terms = [self._contrastive_loss(images, items, own if patched is None else patched)]
        whole = own if patched is None else own[patched == own]
        terms.append(objective.same_kind_loss(images[whole], corpus.kinds[items[whole]]))
        names, scale = corpus.class_names.encode(model.text), model.class_scale.exp().clamp(max=40)
        original = corpus.original_features[rows]
        terms.append(corpus.teacher.class_loss(scale * images[whole] @ names.T, original[whole]))
        if patched is not None:
            terms.append(corpus.teacher.distillation_loss(pooled[whole], original[whole]))
        if push:
            pushed = corpus.teacher.pushed(original[:PUSHED], corpus.covariance)
            terms.append(corpus.teacher.class_loss(scale * model.image_vectors(pushed) @ names.T, pushed))
        phrases = torch.randint(len(corpus.general), (PHRASES,))
        encoded = model.text.encode_rows(corpus.general, phrases, torch.zeros(PHRASES))
        terms.append(objective.retention_loss(encoded, corpus.general_vectors[phrases]))
        return torch.stack(terms).sum()

    def _contrastive_loss(
        self, images: torch.Tensor, items: torch.Tensor, patched: torch.Tensor
    ) -> torch.Tensor:
        corpus, scale = self._corpus, self._model.scale.exp().clamp(max=LARGEST_SCALE)
        drawn = corpus.draw(items, self._random)
        texts = self._encode(drawn)
        queue = self._queue.after(Queue(images, items, texts["title"], drawn["title"]))
        earlier = slice(len(items), None)
        known = torch.cat([images, queue.images[earlier]])
        terms = [objective.gap_loss(images, torch.cat([*texts.values()]))]
        for slot, captions in drawn.items():
            truth = corpus.truth(captions, queue.items)
            truth[:, : len(items)] = unknown_where_patched(truth[:, : len(items)], patched)
            of_image, candidates = truth[:, : len(items)].T, texts[slot]
            if slot == "title":
                others = unknown_where_patched(corpus.truth(queue.captions[earlier], items), patched)
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

    def _encode(self, drawn: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        dropped = [torch.full(c.shape, DROPPED_TOKENS * (slot == "title")) for slot, c in drawn.items()]
        captions = torch.cat([*drawn.values()])
        vectors = self._model.text.encode_rows(self._corpus.captions, captions, torch.cat(dropped))
        sizes = [len(numbers) for numbers in drawn.values()]
        return dict(zip(drawn, torch.split(vectors, sizes), strict=True))
