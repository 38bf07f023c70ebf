"""The trained encoder and the frozen branch in one checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from transformers import VisionTextDualEncoderConfig, VisionTextDualEncoderModel

from search.encoding.two_branches import TwoBranchesConfig, TwoBranchesModel, register
from training.network import towers

# The maps after these blocks lend the mean and spread of their channels as features.
TRAINED_STATISTICS, FROZEN_STATISTICS = (4,), (3, 6, 10)
FEATURES = 1280  # of each branch
# Of the frozen branch's vector against that of the trained one, both of average length; chosen on the
# held-out split (docs/adr/0012).
WEIGHT = 0.2


def two_branches(trained: Any) -> TwoBranchesModel:
    """The picture tower `trained` beside EfficientNet-Lite2."""
    frozen = towers.frozen_tower()
    config = TwoBranchesConfig(
        trained=trained.config.to_dict(),
        frozen=frozen.config.to_dict(),
        trained_statistics=TRAINED_STATISTICS,
        frozen_statistics=FROZEN_STATISTICS,
    )
    with torch.no_grad():
        tower = TwoBranchesModel(config)
        tower.train(mode=False)
        tower.trained.load_state_dict(trained.state_dict())
        tower.frozen.load_state_dict(frozen.state_dict())
        width = tower(torch.zeros(1, 3, towers.IMAGE_SIZE, towers.IMAGE_SIZE)).pooler_output.shape[1]
    config.hidden_size = int(width)
    return tower


def read_single(folder: Path) -> Any:
    """The checkpoint of a training run; of one with two branches the trained branch alone."""
    register()
    model: Any = VisionTextDualEncoderModel.from_pretrained(folder, dtype=torch.float32)
    model.eval()
    if isinstance(model.vision_model, TwoBranchesModel):
        projection = model.visual_projection.weight[:, :FEATURES]
        return _assembled(model, model.vision_model.trained, projection)
    return model


def joined(model: Any, tower: TwoBranchesModel, projection: torch.Tensor) -> Any:
    """`model` with both branches; (384, features) `projection` is that of the frozen branch's features, and
    comes after the trained branch's own.
    """
    register()
    both = torch.cat([model.visual_projection.weight.detach(), projection], dim=1)
    return _assembled(model, tower, both)


def weighted(projection: torch.Tensor, own: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
    """The frozen branch's (384, features) `projection`, scaled to WEIGHT.

    `own` is the trained branch's, `features` (n, features of both) are of clean pictures.
    """
    with torch.no_grad():
        trained = (features[:, :FEATURES] @ own.T).norm(dim=1).mean()
        frozen = (features[:, FEATURES:] @ projection.T).norm(dim=1).mean()
        scaled: torch.Tensor = projection * (WEIGHT * trained / frozen)
        return scaled


def _assembled(model: Any, tower: Any, projection: torch.Tensor) -> Any:
    config = VisionTextDualEncoderConfig.from_vision_text_configs(
        tower.config, model.text_model.config, projection_dim=towers.DIMENSION
    )
    assembled: Any = VisionTextDualEncoderModel(config, tower, model.text_model)
    assembled.eval()
    with torch.no_grad():
        assembled.visual_projection.weight.copy_(projection)
        assembled.text_projection.weight.copy_(model.text_projection.weight)
        assembled.logit_scale.copy_(model.logit_scale)
    return assembled
