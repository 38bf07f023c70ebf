"""Augmentation of the cached maps, drawn anew at every step."""

import numpy as np
import torch

from training.captions.truth import FALSE, UNKNOWN


def cut_mix(maps: torch.Tensor, share: float, random: np.random.Generator) -> torch.Tensor:
    """Copy a part of another picture into a share of the (n, c, h, w) maps, in place.

    Pictures of people show more than the product they stand for (after Yun et al. 2019, "CutMix"). Returns
    (n,) numbers: of the picture that each now shows a part of, its own where it stayed whole.
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
    """A square window of each map, `side` cells wide, at a random place."""
    positions = maps.shape[2] - side + 1
    tops, lefts = random.integers(0, positions, (2, len(maps)))
    cut = [one[:, y : y + side, x : x + side] for one, y, x in zip(maps, tops, lefts, strict=True)]
    return torch.stack(cut).contiguous(memory_format=torch.channels_last)


def unknown_where_patched(truth: torch.Tensor, patched: torch.Tensor) -> torch.Tensor:
    """(c, n) truth, but UNKNOWN where a caption is false of a picture and not of the one patched into it."""
    return torch.where((truth == FALSE) & (truth[:, patched] != FALSE), UNKNOWN, truth)
