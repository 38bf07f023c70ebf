"""Everything that is trained, as one network: the upper parts of both towers and their projections."""

import math
from pathlib import Path
from typing import Any

import torch
from torch import nn
from torch.nn import functional

from training.network import towers
from training.network.picture_network import PictureNetwork
from training.network.text_network import TextNetwork
from training.network.two_branches import read_single

FEATURES = 1280


class Tandem(nn.Module):
    """`scale` and `class_scale` are logarithms of the factors on cosines before a softmax."""

    def __init__(self, vision: Any = None) -> None:
        super().__init__()
        self.pictures = PictureNetwork(vision or towers.vision_tower())
        self.head = nn.Linear(FEATURES, towers.DIMENSION, bias=False)
        self.text = TextNetwork()
        self.scale = nn.Parameter(torch.tensor(math.log(20.0)))
        self.class_scale = nn.Parameter(torch.tensor(math.log(10.0)))
        nn.init.normal_(self.head.weight, std=0.02)

    @classmethod
    def from_checkpoint(cls, folder: Path) -> "Tandem":
        """The model that an earlier run exported; `class_scale`, which is not exported, starts anew."""
        stock = read_single(folder)
        model = cls(stock.vision_model)
        model.text.read_back(stock)
        with torch.no_grad():
            model.head.weight.copy_(stock.visual_projection.weight)
            model.scale.copy_(stock.logit_scale)
        return model

    def image_vectors(self, pooled: torch.Tensor) -> torch.Tensor:
        """(n, 1280) pooled features to (n, 384) unit rows."""
        return functional.normalize(self.head(pooled), dim=-1)
