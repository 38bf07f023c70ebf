"""Training products in other colours, as a fourth collection.

One photo in many colours is what tells a colour from a shape, and what other shops show. The new colour is
that of another product, whose label it takes, so that colours are called what catalogues call them.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.collections.augmentation import clean, garment_mask
from training.collections.items import Item
from training.collections.photo_colours import FILLING, lab, rgb

# Kinds whose pictures show one thing, most of it in one colour.
KINDS = (
    *FILLING, "Dresses", "Skirts", "Trousers", "Shorts", "Leggings", "Track Pants", "Jeans", "Casual Shoes",
    "Flats", "Heels", "Sandals", "Flip Flops", "Backpacks", "Ties", "Caps", "Socks",
)  # fmt: skip

# A shade lends its label where so many of its nearest shades, itself among them, have that label too.
NEIGHBOURS, AGREED = 15, 7
CELL = 12.0  # side of the coarse colours of which the commonest is a picture's main one
CHROMA_SPREAD, LIGHT_SPREAD = 14.0, 40.0  # what is so far from the main colour moves .6 as much
FULL = 1.6  # what is near the main colour moves all the way
CONTRAST = (0.4, 1.8)  # bounds for the contrast of a garment that becomes darker or lighter
LEAST_SHARE = 0.35  # of a garment must be in its main colour
LEAST_STEP = 20.0  # from one main colour to the other; a smaller one may not change its name

Colours = NDArray[np.float64]  # of CIE L*a*b*, in which all distances here are


@dataclass(frozen=True)
class Garment:
    """(side, side, 3) colours of a picture, and its (side, side) mask, 1 on the garment and 0 beside it."""

    colours: Colours
    mask: NDArray[np.float64]

    def main(self) -> Colours:
        """(3,) the colour of most of it."""
        inside = self.colours[self.mask > 0.9]
        _, cells, counts = np.unique(np.floor(inside / CELL), axis=0, return_inverse=True, return_counts=True)
        main = inside[cells.ravel() == counts.argmax()].mean(axis=0)
        for _ in range(3):
            # Lightness counts half: folds are darker, and of the same cloth.
            near = (((inside - main) * (0.5, 1, 1)) ** 2).sum(axis=1) < CHROMA_SPREAD**2
            main = np.median(inside[near], axis=0)
        return np.asarray(main)


def recolour(items: Sequence[Item], folder: Path, *, size: int, seed: int) -> list[Item]:
    """Up to `size` items made of those of `items` that are not held out; pictures go into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    products = [item for item in items if item.source == "fashion" and not item.is_held_out]
    shades = _shades(products)
    labels = sorted(shades)
    candidates = [item for item in products if item.kind in KINDS] if labels else []
    made: list[Item] = []
    for number in random.permutation(len(candidates)).tolist():
        if len(made) == size:
            break
        item = candidates[number]
        # Every label as often as any other: most garments are black, blue or white.
        label = labels[int(random.integers(len(labels)))]
        wanted = shades[label][int(random.integers(len(shades[label])))]
        picture = recoloured(item.path, wanted) if label != item.colour else None
        if picture is not None:
            # The name stays, because it tells what is held out.
            path = folder / f"{item.path.stem}.png"
            picture.save(path)
            made.append(replace(item, path=path, source="recoloured", title="", colour=label))
    return made


def recoloured(path: Path, wanted: Colours) -> Image.Image | None:
    """The picture with its main colour moved to `wanted`, (3,); None where it has none or that already."""
    garment = _cut_out(path)
    if garment is None:
        return None
    main = garment.main()
    away = garment.colours - main
    near = np.exp(-(away[..., 1:] ** 2).sum(axis=2) / (2 * CHROMA_SPREAD**2))
    share = garment.mask * near * np.exp(-(away[..., 0] ** 2) / (2 * LIGHT_SPREAD**2))
    if np.linalg.norm(wanted - main) < LEAST_STEP or share.sum() < LEAST_SHARE * garment.mask.sum():
        return None
    contrast = np.clip(wanted[0] / max(main[0], 1.0), *CONTRAST)
    moved = wanted + away * (contrast, 1, 1)
    mixed = garment.colours + (moved - garment.colours) * np.clip(FULL * share, 0, 1)[..., None]
    return Image.fromarray(rgb(mixed.reshape(-1, 3)).reshape(mixed.shape))


def _shades(products: Sequence[Item]) -> dict[str, list[Colours]]:
    """The main colours of products by the label that their neighbours share."""
    garments = ((item, _cut_out(item.path)) for item in products if item.kind in FILLING and item.colour)
    known = [(garment.main(), item.colour) for item, garment in garments if garment is not None]
    colours = np.array([colour for colour, _ in known])
    shades: dict[str, list[Colours]] = defaultdict(list)
    for colour, label in known:
        nearest = ((colours - colour) ** 2).sum(axis=1).argsort()[:NEIGHBOURS]
        if label != "Multi" and Counter(known[i][1] for i in nearest)[label] >= AGREED:
            shades[label].append(colour)
    return shades


def _cut_out(path: Path) -> Garment | None:
    """None where the garment cannot be told from the ground."""
    with Image.open(path) as picture:
        pixels = np.asarray(clean(picture))
    mask = garment_mask(pixels)
    if mask is None:
        return None
    colours = lab(pixels.reshape(-1, 3).astype(np.float64)).reshape(pixels.shape)
    return Garment(colours, np.asarray(mask, np.float64) / 255)
