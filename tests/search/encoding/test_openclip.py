"""Tiny random models in OpenCLIP's format, against a plain computation of what OpenCLIP computes."""

import json
import math

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import save_file
from torch.nn import functional

from search.encoding.encoder import Encoder
from search.encoding.errors import EncoderError
from search.encoding.openclip import config as openclip_config
from search.encoding.openclip.loading import settings_of
from tests.search.encoding.test_encoder import WORDS, pictures, save, words_tokenizer

WIDTH, HEADS, LAYERS, LENGTH, DIMENSION = 128, 2, 2, 12, 8
SIDE, PATCH = 32, 16
TEXT_WIDTH, TEXT_HEADS = 64, 2
TEXTS = ["red shirt", "bag", "blue shoes red bag"]

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


def save_model(folder, settings, shapes, *, name="open_clip_model.safetensors"):
    weights = random_weights(shapes)
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    if name.endswith(".bin"):
        torch.save(weights, folder / name)
    else:
        save_file(weights, folder / name)
    words_tokenizer(LENGTH).save_pretrained(folder)
    return weights


@pytest.fixture
def tiny_siglip(monkeypatch):
    """The sizes of timm's smallest picture tower for SigLIP are too large for a test."""
    monkeypatch.setitem(openclip_config._TIMM_SIZES, "base", (WIDTH, LAYERS, HEADS, 4 * WIDTH))


def ids(texts, length):
    tokenized = words_tokenizer(LENGTH)(texts, padding="max_length", max_length=length, return_tensors="pt")
    return tokenized["input_ids"]


def unit(rows):
    return functional.normalize(rows, dim=-1).numpy()


def pixels(images, mean, std):
    rows = [np.asarray(image.convert("RGB"), np.float32) / 255 for image in images]
    return (torch.from_numpy(np.stack(rows)).permute(0, 3, 1, 2) - mean) / std


@pytest.mark.parametrize("file", ["open_clip_model.safetensors", "open_clip_pytorch_model.bin"])
def test_a_clip_gives_the_vectors_that_openclip_computes(tmp_path, file):
    weights = save_model(tmp_path, CLIP, clip_shapes(), name=file)
    encoder, reference = Encoder.load(tmp_path), Reference(weights, eps=1e-5)
    assert encoder.encode_text(TEXTS) == pytest.approx(
        unit(reference.clip_text(ids(TEXTS, LENGTH))), abs=2e-5
    )
    images = [image.resize((SIDE, SIDE)) for image in pictures()[:2]]
    expected = unit(reference.clip_image(pixels(images, 0.5, 0.25)))
    assert encoder.encode_images(images) == pytest.approx(expected, abs=2e-5)


def test_a_siglip_gives_the_vectors_that_openclip_computes(tmp_path, tiny_siglip):
    weights = save_model(tmp_path, SIGLIP, siglip_shapes())
    encoder, reference = Encoder.load(tmp_path), Reference(weights, eps=1e-6)
    expected = unit(reference.siglip_text(ids(TEXTS, LENGTH)))
    assert encoder.encode_text(TEXTS) == pytest.approx(expected, abs=2e-5)
    images = [image.resize((SIDE, SIDE)) for image in pictures()[:2]]
    expected = unit(reference.siglip_image(pixels(images, 0.5, 0.5)))
    assert encoder.encode_images(images) == pytest.approx(expected, abs=2e-5)


def test_a_siglip_reads_neither_capitals_nor_punctuation(tmp_path, tiny_siglip):
    save_model(tmp_path, SIGLIP, siglip_shapes())
    encoder = Encoder.load(tmp_path)
    first, again = encoder.encode_text(["red shirt", "Red, SHIRT!"])
    assert first == pytest.approx(again, abs=1e-6)


def test_pictures_are_squashed_or_cropped_as_the_model_says(tmp_path, tiny_siglip):
    striped = Image.new("RGB", (96, 32), "red")
    striped.paste((0, 0, 255), (32, 0, 64, 32))
    for name, settings, shapes in (("clip", CLIP, clip_shapes()), ("siglip", SIGLIP, siglip_shapes())):
        folder = tmp_path / name
        folder.mkdir()
        save_model(folder, settings, shapes)
        encoder = Encoder.load(folder)
        row, middle = encoder.encode_images([striped, striped.crop((32, 0, 64, 32))])
        assert np.allclose(row, middle, atol=1e-5) == (name == "clip")


def test_the_code_of_a_repository_is_not_run(tmp_path):
    weights = save_model(tmp_path, CLIP, clip_shapes())
    marker = tmp_path / "ran"
    (tmp_path / "code.py").write_text(f"open({str(marker)!r}, 'w').close()\nclass Model: pass\n")
    remote = {"AutoConfig": "code.Model", "AutoModel": "code.Model"}
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "clip", "auto_map": remote}))
    rows = Encoder.load(tmp_path).encode_text(["bag"])
    assert rows == pytest.approx(unit(Reference(weights, 1e-5).clip_text(ids(["bag"], LENGTH))), abs=2e-5)
    assert not marker.exists()


def test_a_pickle_that_holds_code_is_refused(tmp_path):
    save_model(tmp_path, CLIP, clip_shapes())
    (tmp_path / "open_clip_model.safetensors").unlink()
    torch.save({"state_dict": print}, tmp_path / "open_clip_pytorch_model.bin")
    with pytest.raises(EncoderError, match="cannot be loaded"):
        Encoder.load(tmp_path)


@pytest.mark.parametrize(
    ("tower", "change", "named"),
    [
        ("vision_cfg", {"layers": [3, 4, 6, 3]}, "vision transformer"),
        ("vision_cfg", {"attentional_pool": True}, "attentional_pool"),
        ("text_cfg", {"hf_model_name": "roberta-base"}, "hf_model_name"),
        ("vision_cfg", {"timm_model_name": "convnext_base"}, "convnext_base"),
    ],
)
def test_towers_that_would_be_computed_otherwise_are_refused_by_name(tmp_path, tower, change, named):
    model = {**CLIP["model_cfg"], tower: CLIP["model_cfg"][tower] | change}
    save_model(tmp_path, {**CLIP, "model_cfg": model}, clip_shapes())
    with pytest.raises(EncoderError, match=named):
        Encoder.load(tmp_path)


def test_missing_weights_are_refused(tmp_path):
    shapes = clip_shapes()
    del shapes["ln_final.weight"]
    save_model(tmp_path, CLIP, shapes)
    with pytest.raises(EncoderError, match="do not fit"):
        Encoder.load(tmp_path)


def test_a_model_without_weights_is_refused_with_the_files_that_are_looked_for(tmp_path):
    save_model(tmp_path, CLIP, clip_shapes())
    (tmp_path / "open_clip_model.safetensors").unlink()
    with pytest.raises(EncoderError, match=r"none of the files open_clip_model\.safetensors"):
        Encoder.load(tmp_path)


def test_a_model_that_transformers_can_load_is_left_to_it(folder):
    (folder / "open_clip_config.json").write_text("{}")
    assert settings_of(str(folder)) is None


@pytest.fixture
def folder(tmp_path):
    return save("clip", tmp_path)
