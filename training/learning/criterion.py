"""The loss on one batch: draws captions, compares vectors, sums the terms of `objective`."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from training.learning import objective
from training.learning.contrast import Contrast, Pictures
from training.learning.corpus import Corpus
from training.network.model import Tandem

LARGEST_SCALE = 80.0  # of cosines before a softmax
DROPPED_FEATURES = 0.2
DROPPED_TOKENS = 0.1  # of titles
PHRASES = 256  # ordinary ones per step
PUSHED = 96  # features per step that are pushed towards unseen classes


class Criterion:
    """Keeps the latest vectors from batch to batch; every stage starts with a new criterion."""

    def __init__(self, model: Tandem, corpus: Corpus, random: np.random.Generator) -> None:
        self._model, self._corpus, self._random = model, corpus, random
        self._contrast = Contrast(corpus.truth)

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
        scale = self._model.scale.exp().clamp(max=LARGEST_SCALE)
        drawn = self._corpus.draw(items, self._random)
        return self._contrast.loss(scale, Pictures(images, items, patched), drawn, self._encode(drawn))

    def _encode(self, drawn: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        dropped = [torch.full(c.shape, DROPPED_TOKENS * (slot == "title")) for slot, c in drawn.items()]
        captions = torch.cat([*drawn.values()])
        vectors = self._model.text.encode_rows(self._corpus.captions, captions, torch.cat(dropped))
        sizes = [len(numbers) for numbers in drawn.values()]
        return dict(zip(drawn, torch.split(vectors, sizes), strict=True))
