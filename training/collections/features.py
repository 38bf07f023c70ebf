"""Features of whole pictures by both branches, cached in files: one for each view, clean or hard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from training.collections.augmentation import clean
from training.collections.hard_views import HardAugmenter
from training.collections.items import Item
from training.network import towers
from training.network.precision import reduced

SCENERY = 200  # photos whose corners make up the clutter
BATCH = 32
Features = NDArray[np.float16]


class HardRenderer:
    """Renders hard view `number` of an item, reproducibly; view 0 is the one the model gets in use."""

    def __init__(self, items: Sequence[Item], seed: int) -> None:
        self._items, self._seed = items, seed
        trained = [item for item in items if not item.is_held_out]
        self._products = [item for item in trained if item.source == "fashion"]
        photos = [item for item in trained if item.source == "clothing"]
        chosen = np.random.default_rng(seed).permutation(len(photos))[:SCENERY].tolist()
        self._scenery = [_opened(photos[i]) for i in chosen]

    def __call__(self, position: int, number: int) -> Image.Image:
        item = self._items[position]
        if number == 0:
            return clean(_opened(item))
        # Hashes of integer tuples do not depend on PYTHONHASHSEED.
        other = self._products[hash((self._seed + 2, position, number)) % len(self._products)]
        augmenter = HardAugmenter(self._scenery, seed=hash((self._seed + 3, position, number)) % 2**32)
        return augmenter.view(_opened(item), _opened(other), has_plain_background=item.has_plain_ground)


def _opened(item: Item) -> Image.Image:
    with Image.open(item.path) as picture:
        return picture.convert("RGB")


def cached(path: Path, compute: Callable[[], Features]) -> Features:
    """What `compute` returned when the file was made; it appears only when it is complete."""
    if not path.exists():
        part = path.with_suffix(".part")
        with part.open("wb") as file:
            np.save(file, compute())
        part.replace(path)
    found: Features = np.load(path, mmap_mode="r")
    return found


def features_of(tower: Any, renderer: HardRenderer, positions: Sequence[int], number: int) -> Features:
    """(n, features) of one view of the items at `positions`."""
    parts = []
    for start in range(0, len(positions), BATCH):
        views = [np.asarray(renderer(each, number)) for each in positions[start : start + BATCH]]
        with torch.inference_mode(), reduced():
            features = tower(towers.pixels(np.stack(views))).pooler_output
        parts.append(features.half().numpy())
    return np.concatenate(parts)
