"""What every stage of the training starts from: the pictures, and the vectors of their captions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open

from search.encoding.encoder import Encoder
from training.captions.writer import CaptionSet
from training.collections.features import Features, cached
from training.collections.items import Item, read_clothing, read_fashion
from training.collections.recoloured import recolour
from training.collections.rendered import draw

RENDERED = 1000  # drawn garments
RECOLOURED = 2500  # products in another colour
CAPTIONS_PER_SLOT = 5


def read_items(fashion: Path, clothing: Path, work: Path, *, threads: int) -> list[Item]:
    """The products of the one folder, the photos of the other, drawn garments and products in other colours.

    What is made goes below `work`.
    """
    # Read first: a folder that is missing fails before anything is drawn.
    real = [*read_fashion(fashion), *read_clothing(clothing)]
    recoloured = recolour(real, work / "recoloured", size=RECOLOURED, seed=0)
    return [*real, *draw(work / "rendered", size=RENDERED, workers=threads), *recoloured]


def encoded_captions(
    written: CaptionSet, work: Path, checkpoint: Path, *, seed: int, threads: int
) -> torch.Tensor:
    """(c, 384) float32 rows that the checkpoint gives the captions.

    `work` keeps them for every later stage and run whose text tower is the same.
    """

    def encode() -> Features:
        texts = [caption.text for caption in written.captions]
        return Encoder.load(checkpoint, threads=threads).encode_text(texts).astype(np.float16)

    path = work / f"captions-{text_digest(checkpoint)}-{seed}.npy"
    return torch.from_numpy(np.asarray(cached(path, encode), np.float32))


def text_digest(checkpoint: Path) -> str:
    """Of the weights that captions' vectors depend on."""
    return _digest(checkpoint, lambda name: name.startswith("text_"))


def picture_digest(checkpoint: Path) -> str:
    """Of the weights that features of pictures depend on."""
    return _digest(checkpoint, lambda name: not name.startswith("text_"))


def _digest(checkpoint: Path, counts: Callable[[str], bool]) -> str:
    digest = hashlib.sha256()
    with safe_open(checkpoint / "model.safetensors", framework="numpy") as weights:
        for name in sorted(filter(counts, weights.keys())):
            values = weights.get_tensor(name)
            digest.update(f"{name} {values.dtype} {values.shape}".encode())
            digest.update(values.tobytes())
    return digest.hexdigest()[:12]
