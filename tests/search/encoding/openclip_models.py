"""Tiny random models in OpenCLIP's format: their settings, the shapes of their weights, and their files."""

import json

import torch
from safetensors.torch import save_file

from tests.search.encoding.test_encoder import WORDS, words_tokenizer

WIDTH, HEADS, LAYERS, LENGTH, DIMENSION = 128, 2, 2, 12, 8
SIDE, PATCH = 32, 16
TEXT_WIDTH, TEXT_HEADS = 64, 2

CLIP = {
    "model_cfg": {
        "embed_dim": DIMENSION,
        "vision_cfg": {"image_size": SIDE, "layers": LAYERS, "width": WIDTH, "patch_size": PATCH},
        "text_cfg": {
            "context_length": LENGTH, "vocab_size": len(WORDS), "width": TEXT_WIDTH, "heads": TEXT_HEADS,
            "layers": LAYERS,
        },
    },
    "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.25] * 3, "interpolation": "bicubic"},
}  # fmt: skip
SIGLIP = {
    "model_cfg": {
        "embed_dim": WIDTH,
        "custom_text": True,
        "vision_cfg": {
            "image_size": SIDE, "timm_model_name": f"vit_base_patch{PATCH}_siglip_{SIDE}",
            "timm_model_pretrained": False, "timm_pool": "map", "timm_proj": "none",
        },
        "text_cfg": {
            "context_length": LENGTH, "vocab_size": len(WORDS), "width": WIDTH, "heads": HEADS,
            "layers": LAYERS, "hf_tokenizer_name": "elsewhere", "tokenizer_kwargs": {"clean": "canonicalize"},
            "no_causal_mask": True, "proj_bias": True, "pool_type": "last", "norm_kwargs": {"eps": 1e-6},
        },
    },
    "preprocess_cfg": {"mean": [0.5] * 3, "std": [0.5] * 3, "resize_mode": "squash"},
}  # fmt: skip


def random_weights(shapes):
    torch.manual_seed(3)
    return {
        name: torch.randn(shape) * 0.2 + ("ln_" in name or "norm" in name) for name, shape in shapes.items()
    }


def block_shapes(prefix, width, names):
    ln_1, fused, out, ln_2, up, down = names
    shapes = {}
    for layer in range(LAYERS):
        at = f"{prefix}.{layer}."
        for norm in (ln_1, ln_2):
            shapes |= {f"{at}{norm}.weight": (width,), f"{at}{norm}.bias": (width,)}
        shapes |= {f"{at}{fused}weight": (3 * width, width), f"{at}{fused}bias": (3 * width,)}
        shapes |= {f"{at}{out}.weight": (width, width), f"{at}{out}.bias": (width,)}
        shapes |= {f"{at}{up}.weight": (4 * width, width), f"{at}{up}.bias": (4 * width,)}
        shapes |= {f"{at}{down}.weight": (width, 4 * width), f"{at}{down}.bias": (width,)}
    return shapes


OPENCLIP_NAMES = ("ln_1", "attn.in_proj_", "attn.out_proj", "ln_2", "mlp.c_fc", "mlp.c_proj")
TIMM_NAMES = ("norm1", "attn.qkv.", "attn.proj", "norm2", "mlp.fc1", "mlp.fc2")


def clip_shapes():
    return {
        "visual.class_embedding": (WIDTH,),
        "visual.positional_embedding": (1 + (SIDE // PATCH) ** 2, WIDTH),
        "visual.proj": (WIDTH, DIMENSION),
        "visual.conv1.weight": (WIDTH, 3, PATCH, PATCH),
        **{f"visual.ln_{at}.{kind}": (WIDTH,) for at in ("pre", "post") for kind in ("weight", "bias")},
        **block_shapes("visual.transformer.resblocks", WIDTH, OPENCLIP_NAMES),
        **block_shapes("transformer.resblocks", TEXT_WIDTH, OPENCLIP_NAMES),
        "token_embedding.weight": (len(WORDS), TEXT_WIDTH),
        "positional_embedding": (LENGTH, TEXT_WIDTH),
        "ln_final.weight": (TEXT_WIDTH,),
        "ln_final.bias": (TEXT_WIDTH,),
        "text_projection": (TEXT_WIDTH, DIMENSION),
        "logit_scale": (),
    }


def siglip_shapes():
    trunk = "visual.trunk."
    pool = f"{trunk}attn_pool."
    linear = {f"{pool}q": (WIDTH, WIDTH), f"{pool}kv": (2 * WIDTH, WIDTH), f"{pool}proj": (WIDTH, WIDTH),
              f"{pool}mlp.fc1": (4 * WIDTH, WIDTH), f"{pool}mlp.fc2": (WIDTH, 4 * WIDTH),
              "text.text_projection": (WIDTH, WIDTH)}  # fmt: skip
    return {
        f"{trunk}patch_embed.proj.weight": (WIDTH, 3, PATCH, PATCH),
        f"{trunk}patch_embed.proj.bias": (WIDTH,),
        f"{trunk}pos_embed": (1, (SIDE // PATCH) ** 2, WIDTH),
        f"{pool}latent": (1, 1, WIDTH),
        **{f"{name}.weight": shape for name, shape in linear.items()},
        **{f"{name}.bias": shape[:1] for name, shape in linear.items()},
        **{f"{at}.{kind}": (WIDTH,) for at in (f"{trunk}norm", f"{pool}norm") for kind in ("weight", "bias")},
        **block_shapes(f"{trunk}blocks", WIDTH, TIMM_NAMES),
        **block_shapes("text.transformer.resblocks", WIDTH, OPENCLIP_NAMES),
        "text.token_embedding.weight": (len(WORDS), WIDTH),
        "text.positional_embedding": (LENGTH, WIDTH),
        "text.ln_final.weight": (WIDTH,),
        "text.ln_final.bias": (WIDTH,),
        "logit_scale": (1,),
        "logit_bias": (1,),
    }


def save_model(folder, settings, shapes, *, name="open_clip_model.safetensors"):
    weights = random_weights(shapes)
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    if name.endswith(".bin"):
        torch.save(weights, folder / name)
    else:
        save_file(weights, folder / name)
    words_tokenizer(LENGTH).save_pretrained(folder)
    return weights
