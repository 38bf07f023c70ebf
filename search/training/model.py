"""What is trained, in one module: the picture tower's upper part and its projection, and the text adapter."""

import math

import torch
from torch import nn
from torch.nn import functional

from . import towers
from .adapter import TextAdapter
from .network import PictureNetwork

FEATURES = 1280


class Tandem(nn.Module):
    """`scale` and `class_scale` are logarithms of the factors on cosines before a softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures = PictureNetwork(towers.vision_tower())
        self.head = nn.Linear(FEATURES, towers.DIMENSION, bias=False)
        self.text = TextAdapter()
        self.scale = nn.Parameter(torch.tensor(math.log(20.0)))
        self.class_scale = nn.Parameter(torch.tensor(math.log(10.0)))
        nn.init.normal_(self.head.weight, std=0.02)

    def image_vectors(self, pooled: torch.Tensor) -> torch.Tensor:
        """(n, 1280) pooled features to (n, 384) unit rows."""
        return functional.normalize(self.head(pooled), dim=-1)
