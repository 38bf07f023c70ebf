"""Tiny random models in OpenCLIP's format, against a plain computation of what OpenCLIP computes."""

import json

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

from search.encoding.encoder import Encoder
from search.encoding.errors import EncoderError
from search.encoding.openclip import config as openclip_config
from search.encoding.openclip.loading import settings_of
from tests.search.encoding.openclip_models import (
    CLIP,
    HEADS,
    LAYERS,
    LENGTH,
    SIDE,
    SIGLIP,
    WIDTH,
    clip_shapes,
    save_model,
    siglip_shapes,
)
from tests.search.encoding.openclip_reference import Reference
from tests.search.encoding.test_encoder import pictures, save, words_tokenizer

TEXTS = ["red shirt", "bag", "blue shoes red bag"]


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
