"""What is done to cached maps anew at every step, so that no picture is seen twice alike."""

import numpy as np
import torch

from .truth import FALSE, OPEN


def patch(maps: torch.Tensor, share: float, random: np.random.Generator) -> torch.Tensor:
    """Put a part of another picture into a share of the (n, c, h, w) maps, in place.

    Pictures of people show more than the product they stand for (after Yun et al. 2019, "CutMix").
    Returns which other picture each now shows, itself where it was left whole.
    """
    n, side = len(maps), maps.shape[2]
    others = torch.from_numpy(random.permutation(n))
    shown = torch.where(torch.from_numpy(random.random(n) < share), others, torch.arange(n))
    before = maps.clone()
    for row in torch.nonzero(shown != torch.arange(n))[:, 0].tolist():
        height, width = random.integers(int(0.25 * side), int(0.7 * side), 2)
        top = random.integers(0, side - height + 1)
        left = random.integers(0, side - width + 1)
        part = np.s_[:, top : top + height, left : left + width]
        maps[row][part] = before[shown[row]][part]
    return shown


def windows(maps: torch.Tensor, side: int, random: np.random.Generator) -> torch.Tensor:
    """A square window of each map, each at a place of its own."""
    room = maps.shape[2] - side + 1
    tops, lefts = random.integers(0, room, (2, len(maps)))
    cut = [one[:, y : y + side, x : x + side] for one, y, x in zip(maps, tops, lefts, strict=True)]
    return torch.stack(cut).contiguous(memory_format=torch.channels_last)


def with_patches(truth: torch.Tensor, patched: torch.Tensor) -> torch.Tensor:
    """(c, n) truth, but OPEN where a caption is false of a picture and not of the one that shows in it."""
    return torch.where((truth == FALSE) & (truth[:, patched] != FALSE), OPEN, truth)
