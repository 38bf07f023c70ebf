"""Views run through the frozen lower blocks once and cached, so that training only reads them.

A view of a picture takes 63 kB: (28, 28, 40) maps in bfloat16, kept as int16 in one memory-mapped file per
view number.
"""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image

from training.collections.augmentation import Augmenter, clean
from training.collections.items import Item
from training.network import towers
from training.network.picture_network import PictureNetwork
from training.network.precision import reduced

MAP_SHAPE = (28, 28, 40)
SCENERY = 200  # photos whose corners serve as backgrounds
BATCH = 64

Maps = NDArray[np.int16]
# The position of an item and the number of a view, 0 for the one that the model gets in use, to a picture.
Render = Callable[[int, int], Image.Image]


class Renderer:
    """Renders view `number` of an item, reproducibly; view 0 is the one the model gets in use."""

    def __init__(self, items: Sequence[Item], seed: int) -> None:
        self._items = items
        self._seed = seed
        random = np.random.default_rng(seed)
        photos = [item for item in items if item.source == "clothing" and not item.is_held_out]
        chosen = random.permutation(len(photos))[:SCENERY].tolist()
        self._scenery = [Image.open(photos[i].path).convert("RGB") for i in chosen]

    def __call__(self, position: int, number: int) -> Image.Image:
        item = self._items[position]
        with Image.open(item.path) as picture:
            if number == 0 or not self._scenery:
                return clean(picture)
            # Hashes of integer tuples do not depend on PYTHONHASHSEED, so every process draws the same view.
            augmenter = Augmenter(self._scenery, seed=hash((self._seed, position, number)) % 2**32)
            return augmenter.view(picture.convert("RGB"), has_plain_background=item.has_plain_ground)


class ViewCache:
    """The cached views of the items at `positions`, as files in `folder` whose names begin with `name`."""

    def __init__(self, folder: Path, name: str, render: Render, positions: Sequence[int]) -> None:
        self._folder, self._name, self._render, self._positions = folder, name, render, positions
        self._views: dict[int, Maps] = {}

    def build(self, network: PictureNetwork, numbers: Sequence[int], *, processes: int = 2) -> None:
        """Render and cache the views that are missing; a file appears only when it is complete."""
        # Forked with what renders, whose scenery would else be sent to a process with every few pictures.
        fork = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(processes, fork, initializer=_start, initargs=(self._render,)) as pool:
            for number in numbers:
                path = self._folder / f"{self._name}-{number}.npy"
                if not path.exists():
                    pictures = pool.map(_rendered, self._positions, repeat(number), chunksize=BATCH)
                    self._write(path, network, pictures)
                self._views[number] = np.load(path, mmap_mode="r")

    def _write(self, path: Path, network: PictureNetwork, pictures: Iterator[NDArray[np.uint8]]) -> None:
        part = path.with_suffix(".part")
        shape = (len(self._positions), *MAP_SHAPE)
        maps = np.lib.format.open_memmap(part, "w+", dtype=np.int16, shape=shape)
        for start in range(0, len(maps), BATCH):
            batch = [next(pictures) for _ in range(min(BATCH, len(maps) - start))]
            maps[start : start + len(batch)] = _lower_blocks(network, np.stack(batch))
        maps.flush()
        part.replace(path)

    def read(self, number: int, rows: NDArray[np.int64]) -> torch.Tensor:
        """(n, 40, 28, 28) bfloat16 maps of one view."""
        maps = np.ascontiguousarray(self._views[number][rows])
        return torch.from_numpy(maps).view(torch.bfloat16).permute(0, 3, 1, 2)

    def read_mixed(self, numbers: NDArray[np.int64], rows: NDArray[np.int64]) -> torch.Tensor:
        """As `read`, but with a view number for each row."""
        mixed = torch.empty(len(rows), MAP_SHAPE[2], *MAP_SHAPE[:2], dtype=torch.bfloat16)
        mixed = mixed.to(memory_format=torch.channels_last)
        for number in np.unique(numbers):
            chosen = np.flatnonzero(numbers == number)
            mixed[chosen] = self.read(int(number), rows[chosen])
        return mixed

    def pooled(self, network: PictureNetwork, number: int) -> torch.Tensor:
        """(n, 1280) float32 features of one view, through the current upper blocks."""
        rows = np.arange(len(self._positions))
        with torch.inference_mode(), reduced():
            parts = [
                network.pooled(self.read(number, part)) for part in np.array_split(rows, len(rows) // 128 + 1)
            ]
        return torch.cat(parts).clone()


_renders: list[Render] = []  # of a process of the pool


def _start(render: Render) -> None:
    _renders.append(render)


def _rendered(position: int, number: int) -> NDArray[np.uint8]:
    return np.asarray(_renders[0](position, number))


def _lower_blocks(network: PictureNetwork, pictures: NDArray[np.uint8]) -> Maps:
    with torch.inference_mode(), reduced():
        maps = network.base(towers.pixels(pictures))
    cached: Maps = maps.to(torch.bfloat16).permute(0, 2, 3, 1).contiguous().view(torch.int16).numpy()
    return cached
