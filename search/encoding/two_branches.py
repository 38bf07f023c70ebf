"""The picture tower of the bundled encoder: an EfficientNet trained on fashion beside one that was not.

A tower trained on one shop's pictures forgets what it knew of others: people, streets, blurred photos. The
second keeps its ImageNet weights. Both features are concatenated, so the projection adds two vectors of the
joint space. Of a picture unlike its training pictures the trained one makes a short vector, and the other
decides: decision record 12 in docs/adr has the measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch.nn.functional import adaptive_avg_pool2d
from transformers import AutoConfig, AutoModel, EfficientNetConfig, EfficientNetModel
from transformers.configuration_utils import PretrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.modeling_utils import PreTrainedModel

from search.encoding.parts import CELLS


class TwoBranchesConfig(PretrainedConfig):  # type: ignore[no-untyped-call]
    """``trained`` and ``frozen`` are configurations of EfficientNets that read the same pixels. After the
    blocks in ``trained_statistics`` and ``frozen_statistics`` the mean and the spread of every channel are
    features too: colour is lost in later blocks.
    """

    model_type = "two-efficientnets"
    has_no_defaults_at_init = True

    def __init__(
        self,
        trained: dict[str, Any] | None = None,
        frozen: dict[str, Any] | None = None,
        trained_statistics: tuple[int, ...] = (),
        frozen_statistics: tuple[int, ...] = (),
        hidden_size: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.trained, self.frozen = trained or {}, frozen or {}
        self.trained_statistics, self.frozen_statistics = list(trained_statistics), list(frozen_statistics)
        self.hidden_size = hidden_size  # of all features together; the dual encoder reads it here


@dataclass(frozen=True)
class Cells:
    """One picture's maps by cell, CELLS² rows each: means of the last ones, means and mean squares of those
    whose statistics are features.
    """

    last: list[torch.Tensor]
    early: list[tuple[torch.Tensor, torch.Tensor]]


class TwoBranchesModel(PreTrainedModel):  # type: ignore[no-untyped-call]
    """(n, 3, h, w) pixels to (n, hidden_size) features in ``pooler_output``."""

    config_class = TwoBranchesConfig
    main_input_name = "pixel_values"

    def __init__(self, config: TwoBranchesConfig) -> None:
        super().__init__(config)
        self.trained: Any = EfficientNetModel(EfficientNetConfig(**config.trained))
        self.frozen: Any = EfficientNetModel(EfficientNetConfig(**config.frozen))
        self.post_init()  # type: ignore[no-untyped-call]

    def forward(self, pixel_values: torch.Tensor, **_kwargs: Any) -> BaseModelOutputWithPooling:
        last, early = self._maps(pixel_values)
        return BaseModelOutputWithPooling(last_hidden_state=last[0], pooler_output=_features(last, early))

    def look(self, pixel_values: torch.Tensor) -> tuple[torch.Tensor, Cells]:
        """What ``forward`` gives for one picture (1, 3, h, w), and its cells, from one pass."""
        last, early = self._maps(pixel_values)
        squares = [(_by_cell(maps), _by_cell(maps.square())) for maps in early]
        return _features(last, early), Cells([_by_cell(maps) for maps in last], squares)

    @staticmethod
    def features_of(cells: Cells, shares: torch.Tensor) -> torch.Tensor:
        """The features (n, hidden_size) of n parts, whose cells have these shares (n, CELLS²)."""
        shares = shares.to(cells.last[0])  # on the model's device
        pooled = [shares @ means for means in cells.last]
        for means, squares in cells.early:
            mean = shares @ means
            # Of all values, not of a sample: with 64 of them or more the difference is under 1 %.
            pooled += [mean, (shares @ squares - mean.square()).clamp(min=0.0).sqrt()]
        return torch.cat(pooled, dim=1)

    def _maps(self, pixels: torch.Tensor) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        """The last maps of both towers, and those whose statistics are features."""
        first, trained = _run(self.trained, pixels, self.config.trained_statistics)
        last, frozen = _run(self.frozen, pixels, self.config.frozen_statistics)
        return [first, last], [*trained, *frozen]


def _run(tower: Any, pixels: torch.Tensor, blocks: list[int]) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The last maps of one tower, and those after these blocks."""
    maps, kept = tower.embeddings(pixels), []
    for number, block in enumerate(tower.encoder.blocks):
        maps = block(maps)
        if number in blocks:
            kept.append(maps)
    encoder = tower.encoder
    return encoder.top_activation(encoder.top_bn(encoder.top_conv(maps))), kept


def _features(last: list[torch.Tensor], early: list[torch.Tensor]) -> torch.Tensor:
    return torch.cat([*(maps.mean((2, 3)) for maps in last), *map(statistics_of, early)], dim=1)


def _by_cell(maps: torch.Tensor) -> torch.Tensor:
    """One picture's maps (1, c, h, w) to the means (CELLS², c) of its cells."""
    return adaptive_avg_pool2d(maps, CELLS)[0].flatten(1).T


def statistics_of(maps: torch.Tensor) -> torch.Tensor:
    """(n, c, h, w) maps to (n, 2·c): the mean of every channel, then its standard deviation."""
    return torch.cat([maps.mean((2, 3)), maps.std((2, 3))], dim=1)


@cache
def register() -> None:
    """Let transformers' Auto classes find these two in a checkpoint; they never run code that lies in one."""
    AutoConfig.register(TwoBranchesConfig.model_type, TwoBranchesConfig)
    AutoModel.register(TwoBranchesConfig, TwoBranchesModel)
