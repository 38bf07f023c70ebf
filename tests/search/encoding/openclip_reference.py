"""A plain computation of what OpenCLIP computes, from weights under its names."""

import math

import torch
from torch.nn import functional

from tests.search.encoding.openclip_models import (
    HEADS,
    LAYERS,
    OPENCLIP_NAMES,
    PATCH,
    TEXT_HEADS,
    TIMM_NAMES,
    WIDTH,
)
from tests.search.encoding.test_encoder import WORDS


def attention(x, source, weight, bias, out, heads, mask=None):
    """Multi-head attention with a fused (3·w, w) projection, as nn.MultiheadAttention computes it."""
    q_weight, k_weight, v_weight = weight.chunk(3)
    q_bias, k_bias, v_bias = bias.chunk(3)
    split = lambda y: y.reshape(*y.shape[:2], heads, -1).transpose(1, 2)  # noqa: E731
    q, k, v = (
        split(functional.linear(y, w, b))
        for y, w, b in ((x, q_weight, q_bias), (source, k_weight, k_bias), (source, v_weight, v_bias))
    )
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])
    scores = scores if mask is None else scores + mask
    mixed = (scores.softmax(-1) @ v).transpose(1, 2).reshape(x.shape)
    return functional.linear(mixed, *out)


class Reference:
    """OpenCLIP's towers, written down from its description."""

    def __init__(self, weights, eps):
        self.weights, self.eps = weights, eps

    def pair(self, name):
        return self.weights[f"{name}.weight"], self.weights[f"{name}.bias"]

    def norm(self, x, name, eps=None):
        return functional.layer_norm(x, x.shape[-1:], *self.pair(name), eps=eps or self.eps)

    def blocks(self, x, prefix, heads, names, *, mask=None, eps=None):
        ln_1, fused, out, ln_2, up, down = names
        for layer in range(LAYERS):
            at = f"{prefix}.{layer}."
            y = self.norm(x, at + ln_1, eps)
            weight, bias = self.weights[f"{at}{fused}weight"], self.weights[f"{at}{fused}bias"]
            x = x + attention(y, y, weight, bias, self.pair(at + out), heads, mask)
            y = functional.gelu(functional.linear(self.norm(x, at + ln_2, eps), *self.pair(at + up)))
            x = x + functional.linear(y, *self.pair(at + down))
        return x

    def clip_text(self, ids):
        w = self.weights
        x = w["token_embedding.weight"][ids] + w["positional_embedding"][: ids.shape[1]]
        mask = torch.full((ids.shape[1],) * 2, -math.inf).triu(1)
        x = self.norm(
            self.blocks(x, "transformer.resblocks", TEXT_HEADS, OPENCLIP_NAMES, mask=mask), "ln_final"
        )
        ends = (ids == WORDS.index("[EOS]")).int().argmax(1)
        return x[torch.arange(len(ids)), ends] @ w["text_projection"]

    def clip_image(self, pixels):
        w = self.weights
        x = functional.conv2d(pixels, w["visual.conv1.weight"], stride=PATCH).flatten(2).transpose(1, 2)
        x = (
            torch.cat([w["visual.class_embedding"].expand(len(x), 1, -1), x], 1)
            + w["visual.positional_embedding"]
        )
        x = self.blocks(
            self.norm(x, "visual.ln_pre"), "visual.transformer.resblocks", WIDTH // 64, OPENCLIP_NAMES
        )
        return self.norm(x[:, 0], "visual.ln_post") @ w["visual.proj"]

    def siglip_text(self, ids):
        w = self.weights
        x = w["text.token_embedding.weight"][ids] + w["text.positional_embedding"]
        x = self.norm(self.blocks(x, "text.transformer.resblocks", HEADS, OPENCLIP_NAMES), "text.ln_final")
        return functional.linear(x[:, -1], *self.pair("text.text_projection"))

    def siglip_image(self, pixels):
        trunk = "visual.trunk."
        pool = f"{trunk}attn_pool."
        x = functional.conv2d(pixels, *self.pair(f"{trunk}patch_embed.proj"), stride=PATCH)
        x = x.flatten(2).transpose(1, 2) + self.weights[f"{trunk}pos_embed"]
        x = self.norm(self.blocks(x, f"{trunk}blocks", HEADS, TIMM_NAMES), f"{trunk}norm")
        q, kv = self.pair(f"{pool}q"), self.pair(f"{pool}kv")
        fused = [torch.cat(each) for each in zip(q, kv, strict=True)]
        latent = self.weights[f"{pool}latent"].expand(len(x), -1, -1)
        y = attention(latent, x, *fused, self.pair(f"{pool}proj"), HEADS)
        up = functional.gelu(functional.linear(self.norm(y, f"{pool}norm"), *self.pair(f"{pool}mlp.fc1")))
        return (y + functional.linear(up, *self.pair(f"{pool}mlp.fc2")))[:, 0]
