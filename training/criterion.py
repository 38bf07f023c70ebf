"""The whole objective, put together for one batch: captions drawn, vectors compared, terms summed."""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from . import objective, towers
from .corpus import Corpus
from .maps import with_patches
from .model import Tandem
from .objective import SLOT_WEIGHTS

QUEUE = 2048  # earlier pictures and titles that a title and a picture are told apart from at every step
LARGEST_SCALE = 80.0
DROPPED_FEATURES = 0.2
DROPPED_TOKENS = 0.1  # of titles
PHRASES = 256  # ordinary ones a step


@dataclass
class Queue:
    """Vectors of the latest steps, newest first, and what they are of: more to be told apart from."""

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
    """Remembers the latest vectors from batch to batch; every stage begins with one of its own."""

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
        which other of the batch shows in a part of it, or itself; it is given when the tower is trained as
        well, whose features must then keep what they knew.
        """
        model, corpus = self._model, self._corpus
        items = torch.from_numpy(corpus.positions[rows])
        own = torch.arange(len(rows))
        images = model.image_vectors(functional.dropout(pooled, DROPPED_FEATURES))
        terms = [self._contrast(images, items, own if patched is None else patched)]
        whole = own if patched is None else own[patched == own]
        terms.append(objective.same_kind(images[whole], corpus.kinds[items[whole]]))
        names, scale = corpus.names.through(model.text), model.class_scale.exp().clamp(max=40)
        original = corpus.original[rows]
        terms.append(corpus.teacher.keep_classes(scale * images[whole] @ names.T, original[whole]))
        if patched is not None:
            terms.append(corpus.teacher.keep_logits(pooled[whole], original[whole]))
        if push:
            pushed = corpus.teacher.pushed(original[:96], corpus.spread)
            terms.append(corpus.teacher.keep_classes(scale * model.image_vectors(pushed) @ names.T, pushed))
        phrases = torch.randint(len(corpus.general), (PHRASES,))
        read = model.text.of_rows(corpus.general, phrases, torch.zeros(PHRASES))
        terms.append(objective.retention(read, corpus.known[phrases]))
        return torch.stack(terms).sum()

    def _contrast(self, images: torch.Tensor, items: torch.Tensor, patched: torch.Tensor) -> torch.Tensor:
        corpus, scale = self._corpus, self._model.scale.exp().clamp(max=LARGEST_SCALE)
        drawn = corpus.draw(items, self._random)
        texts = self._read(drawn)
        queue = self._queue.after(Queue(images, items, texts["title"], drawn["title"]))
        earlier = slice(len(items), None)
        known = torch.cat([images, queue.images[earlier]])
        terms = [objective.gap(images, torch.cat([*texts.values()]))]
        for slot, captions in drawn.items():
            truth = corpus.truth(captions, queue.items)
            truth[:, : len(items)] = with_patches(truth[:, : len(items)], patched)
            of_image, candidates = truth[:, : len(items)].T, texts[slot]
            if slot == "title":
                others = with_patches(corpus.truth(queue.captions[earlier], items), patched)
                of_image = torch.cat([of_image, others.T], dim=1)
                candidates = torch.cat([candidates, queue.titles[earlier]])
            to_image = objective.pairwise(scale * texts[slot] @ known.T, truth)
            to_text = objective.pairwise(scale * images @ candidates.T, of_image)
            terms.append(SLOT_WEIGHTS[slot] * (to_image + to_text))
        is_whole = patched == torch.arange(len(items))
        self._queue = self._queue.after(
            Queue(images[is_whole], items[is_whole], texts["title"], drawn["title"])
        )
        return torch.stack(terms).sum()

    def _read(self, drawn: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The vectors of the drawn captions; titles are read with some tokens left out."""
        thinned = [torch.full(c.shape, DROPPED_TOKENS * (slot == "title")) for slot, c in drawn.items()]
        captions = torch.cat([*drawn.values()])
        vectors = self._model.text.of_rows(self._corpus.captions, captions, torch.cat(thinned))
        sizes = [len(numbers) for numbers in drawn.values()]
        return dict(zip(drawn, vectors.split(sizes), strict=True))
