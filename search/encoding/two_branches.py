"""The picture tower of the bundled encoder: an EfficientNet trained on fashion beside one that was not.

A tower trained on one shop's pictures forgets what it knew of others: people, streets, blurred photos. The
second keeps its ImageNet weights. Both features are concatenated, so the projection adds two vectors of the
joint space. Of a picture unlike its training pictures the trained one makes a short vector, and the other
decides: decision record 12 in docs/adr has the measurements.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import torch
from transformers import AutoConfig, AutoModel, EfficientNetConfig, EfficientNetModel
from transformers.configuration_utils import PretrainedConfig
from transformers.modeling_outputs import BaseModelOutputWithPooling
from transformers.modeling_utils import PreTrainedModel


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
        first, trained = _run(self.trained, pixel_values, self.config.trained_statistics)
        last, frozen = _run(self.frozen, pixel_values, self.config.frozen_statistics)
        pooled = [maps.mean((2, 3)) for maps in (first, last)]
        features = torch.cat([*pooled, *trained, *frozen], dim=1)
        return BaseModelOutputWithPooling(last_hidden_state=first, pooler_output=features)


def _run(tower: Any, pixels: torch.Tensor, blocks: list[int]) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The last maps of one tower, and the statistics after these blocks."""
    maps, statistics = tower.embeddings(pixels), []
    for number, block in enumerate(tower.encoder.blocks):
        maps = block(maps)
        if number in blocks:
            statistics.append(statistics_of(maps))
    encoder = tower.encoder
    return encoder.top_activation(encoder.top_bn(encoder.top_conv(maps))), statistics


def statistics_of(maps: torch.Tensor) -> torch.Tensor:
    """(n, c, h, w) maps to (n, 2·c): the mean of every channel, then its standard deviation."""
    return torch.cat([maps.mean((2, 3)), maps.std((2, 3))], dim=1)


@cache
def register() -> None:
    """Let transformers' Auto classes find these two in a checkpoint; they never run code that lies in one."""
    AutoConfig.register(TwoBranchesConfig.model_type, TwoBranchesConfig)
    AutoModel.register(TwoBranchesConfig, TwoBranchesModel)
