"""OpenCLIP's names of weights as those of transformers' CLIP and SigLIP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch

Weights = Mapping[str, "torch.Tensor"]
Renamed = Iterator[tuple[str, "torch.Tensor"]]
Rules = Sequence[tuple[str, str]]

_BLOCK: Rules = (
    (r"\.resblocks\.(\d+)", r".layers.\1"),
    (r"\.attn\.out_proj\.", ".self_attn.out_proj."),
    (r"\.ln_1\.", ".layer_norm1."),
    (r"\.ln_2\.", ".layer_norm2."),
    (r"\.mlp\.c_fc\.", ".mlp.fc1."),
    (r"\.mlp\.c_proj\.", ".mlp.fc2."),
)
_TEXT: Rules = (
    (r"^transformer\.", "text_model.encoder."),
    (r"^token_embedding\.", "text_model.embeddings.token_embedding."),
    (r"^positional_embedding$", "text_model.embeddings.position_embedding.weight"),
    (r"^ln_final\.", "text_model.final_layer_norm."),
)
_CLIP: Rules = (
    *_BLOCK,
    *_TEXT,
    (r"^visual\.transformer\.", "vision_model.encoder."),
    (r"^visual\.class_embedding$", "vision_model.embeddings.class_embedding"),
    (r"^visual\.positional_embedding$", "vision_model.embeddings.position_embedding.weight"),
    (r"^visual\.conv1\.", "vision_model.embeddings.patch_embedding."),
    (r"^visual\.ln_pre\.", "vision_model.pre_layrnorm."),
    (r"^visual\.ln_post\.", "vision_model.post_layernorm."),
    (r"^visual\.proj$", "visual_projection.weight"),
    (r"^text_projection$", "text_projection.weight"),
)
_TRUNK = "visual.trunk."
_SIGLIP: Rules = (
    *_BLOCK,
    *_TEXT,
    (r"^text_projection\.", "text_model.head."),
    (r"^visual\.trunk\.blocks\.(\d+)", r"vision_model.encoder.layers.\1"),
    (r"\.norm1\.", ".layer_norm1."),
    (r"\.norm2\.", ".layer_norm2."),
    (r"(layers\.\d+)\.attn\.proj\.", r"\1.self_attn.out_proj."),
    (r"^visual\.trunk\.patch_embed\.proj\.", "vision_model.embeddings.patch_embedding."),
    (r"^visual\.trunk\.pos_embed$", "vision_model.embeddings.position_embedding.weight"),
    (r"^visual\.trunk\.norm\.", "vision_model.post_layernorm."),
    (r"^visual\.trunk\.attn_pool\.latent$", "vision_model.head.probe"),
    (r"^visual\.trunk\.attn_pool\.proj\.", "vision_model.head.attention.out_proj."),
    (r"^visual\.trunk\.attn_pool\.norm\.", "vision_model.head.layernorm."),
    (r"^visual\.trunk\.attn_pool\.mlp\.", "vision_model.head.mlp."),
)
# Matrices that OpenCLIP multiplies from the other side.
_TRANSPOSED = ("visual.proj", "text_projection")
# What transformers computes itself, or does not need for vectors.
_UNUSED = ("attn_mask",)
_FUSED = re.compile(r"(?P<layer>.*)\.attn\.(?:in_proj_|qkv\.)(?P<kind>weight|bias)$")


def converted(weights: Weights, *, siglip: bool) -> dict[str, torch.Tensor]:
    """The weights under transformers' names; fused projections of queries, keys and values are divided."""
    found: dict[str, torch.Tensor] = {}
    # Later SigLIPs keep the text tower below a name of its own.
    plain = {name.removeprefix("text."): tensor for name, tensor in weights.items()}
    for name, tensor in plain.items():
        if name in _UNUSED:
            continue
        found |= dict(_renamed(name, tensor, _SIGLIP if siglip else _CLIP))
    if siglip:
        found |= _pooling(plain)
    return found


def _renamed(name: str, tensor: torch.Tensor, rules: Rules) -> Renamed:
    if name.startswith(f"{_TRUNK}attn_pool.") and re.search(r"\.(q|kv)\.", name):
        return  # put together by _pooling
    if fused := _FUSED.fullmatch(name):
        layer = _apply(fused["layer"], rules)
        for part, each in zip("qkv", tensor.chunk(3), strict=True):
            yield f"{layer}.self_attn.{part}_proj.{fused['kind']}", each.contiguous()
        return
    if name in _TRANSPOSED:
        tensor = tensor.T.contiguous()
    renamed = _apply(name, rules)
    # timm's positions have a batch of one.
    yield renamed, tensor[0] if renamed.endswith("position_embedding.weight") and tensor.ndim == 3 else tensor


def _apply(name: str, rules: Rules) -> str:
    for pattern, replacement in rules:
        name = re.sub(pattern, replacement, name)
    return name


def _pooling(weights: Weights) -> dict[str, torch.Tensor]:
    """The attention that pools a picture's patches, whose three projections transformers keeps in one."""
    import torch

    pool = f"{_TRUNK}attn_pool."
    return {
        f"vision_model.head.attention.in_proj_{kind}": torch.cat(
            [weights[f"{pool}q.{kind}"], weights[f"{pool}kv.{kind}"]]
        )
        for kind in ("weight", "bias")
    }
