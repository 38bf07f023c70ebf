"""Vectors of many rectangles of a picture from the one pass that encoded the whole of it.

A convolutional tower keeps the place of what it sees until it averages its maps, so a rectangle's features
are the averages over its cells. They know their surroundings and are coarser than those of the rectangle cut
out: good enough to say which one is worth encoding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from search.vectors import Vectors, unit

# Cells along each side of a picture, into which a tower's maps are averaged: the bundled one's last have 9.
CELLS = 7
# (x, y, width, height) in cells.
Rectangle = tuple[int, int, int, int]


def rectangles(sides: Sequence[int]) -> list[Rectangle]:
    """Every rectangle whose width and height are among these sides."""
    return [
        (x, y, width, height)
        for height in sides
        for width in sides
        for y in range(CELLS - height + 1)
        for x in range(CELLS - width + 1)
    ]


@dataclass(frozen=True)
class Parts:
    """A picture after its pass through ``model``: ``cells`` are what its tower made of it."""

    model: Any
    cells: Any

    def vectors(self, wanted: Sequence[Rectangle]) -> Vectors:
        """(n, d) unit rows, one for each rectangle."""
        import torch

        with torch.inference_mode():
            features = self.model.vision_model.features_of(self.cells, torch.from_numpy(_shares(wanted)))
            rows = self.model.visual_projection(features)
        return unit(cast("Vectors", rows.float().cpu().numpy()))


def can_read_parts(model: Any) -> bool:
    """Whether the picture tower of this dual encoder gives the features of its cells."""
    return hasattr(getattr(model, "vision_model", None), "features_of") and hasattr(
        model, "visual_projection"
    )


def _shares(wanted: Sequence[Rectangle]) -> Vectors:
    """(n, CELLS²): what each cell contributes to each rectangle; rows sum to 1."""
    shares = np.zeros((len(wanted), CELLS, CELLS), np.float32)
    for row, (x, y, width, height) in zip(shares, wanted, strict=True):
        row[y : y + height, x : x + width] = 1.0 / (width * height)
    return shares.reshape(len(wanted), -1)
