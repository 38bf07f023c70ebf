"""Colour labels for photos that have none: measured in the middle of the picture, named by its neighbours."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from training.collections.items import Item

NEIGHBOURS = 15
AGREED = 11  # of the neighbours; with fewer votes a photo gets no colour

# Garments that fill the middle of a product shot, so that the colour measured there is theirs.
FILLING = ("Tshirts", "Shirts", "Sweaters", "Sweatshirts", "Tops", "Kurtas", "Jackets", "Handbags")

# sRGB (D65) to XYZ, IEC 61966-2-1, rows divided by the white point.
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
_WHITE = np.array([0.9505, 1.0, 1.089])


def name_colours(items: Sequence[Item]) -> list[Item]:
    """Give each item without a colour the label of most of its nearest product shots, where they agree.

    Held-out product shots lend no labels.
    """
    middles = lab(np.array([_middle(item) for item in items]))
    known = [
        i for i, item in enumerate(items) if item.colour and item.kind in FILLING and not item.is_held_out
    ]
    labels = [items[i].colour for i in known]
    return [
        item if item.colour else replace(item, colour=_named(middle, middles[known], labels))
        for item, middle in zip(items, middles, strict=True)
    ]


def _named(middle: NDArray[np.float64], others: NDArray[np.float64], labels: Sequence[str]) -> str:
    nearest = ((others - middle) ** 2).sum(axis=1).argsort()[:NEIGHBOURS]
    label, votes = Counter(labels[i] for i in nearest).most_common(1)[0]
    return label if votes >= AGREED else ""


def _middle(item: Item) -> NDArray[np.float64]:
    with Image.open(item.path) as picture:
        picture.draft("RGB", (96, 96))
        pixels = np.asarray(picture.convert("RGB").resize((48, 48)), np.float64)
    return np.median(pixels[15:35, 15:33].reshape(-1, 3), axis=0)


def lab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) sRGB in 0-255 to CIE L*a*b*, where distances follow perception (IEC 61966-2-1, CIE 15)."""
    value = rgb / 255
    linear = np.where(value > 0.04045, ((value + 0.055) / 1.055) ** 2.4, value / 12.92)
    xyz = linear @ _TO_XYZ.T / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[:, 1] - 16, 500 * (f[:, 0] - f[:, 1]), 200 * (f[:, 1] - f[:, 2])], axis=1)


def rgb(colours: NDArray[np.float64]) -> NDArray[np.uint8]:
    """(n, 3) CIE L*a*b* to the nearest sRGB in 0-255, the inverse of `lab`."""
    y = (colours[:, 0] + 16) / 116
    f = np.stack([y + colours[:, 1] / 500, y, y - colours[:, 2] / 200], axis=1)
    xyz = np.where(f > 0.206893, f**3, (f - 16 / 116) / 7.787) * _WHITE
    linear = np.clip(xyz @ np.linalg.inv(_TO_XYZ).T, 0, 1)
    value = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return np.asarray(np.clip(np.rint(value * 255), 0, 255), np.uint8)
