"""The encoder that ships: it loads offline, gives the same vectors every time, and still knows garments."""

import json
import socket

import numpy as np
import pytest
from transformers import AutoModel, AutoProcessor, VisionTextDualEncoderModel

from demo.drawing.pictures import Recipe, cut_out
from demo.drawing.render import picture
from demo.wardrobe import KINDS, materials
from search.encoding.encoder import BUNDLED, Encoder
from search.encoding.two_branches import TwoBranchesModel, register

# Whatever changes it makes every stored vector worthless, so it must never happen unnoticed.
FINGERPRINT = "653e99215734ab0f"

# Drawn garments and what they are called; each name must find its own drawing among all of them.
GOLDEN = {
    ("t-shirt", "red"): "red t-shirt",
    ("t-shirt", "navy"): "dark blue tee",
    ("chinos", "beige"): "beige trousers",
    ("backpack", "green"): "green rucksack",
    ("summer dress", "yellow"): "yellow dress",
    ("sneakers", "white"): "white trainers",
    ("watch", "black"): "black wristwatch",
    ("tote bag", "brown"): "brown handbag",
    ("sunglasses", "black"): "black sunglasses",
}


@pytest.fixture(scope="module")
def encoder():
    return Encoder.load(BUNDLED)


def drawing(kind, colour):
    fabric = KINDS[kind].fabrics[0]
    recipe = Recipe(kind, kind, fabric, "plain", "women", colour, drawing=4, seed=7)
    return picture(cut_out(recipe).sketch, materials(fabric, colour, "plain", 1), seed=1)


@pytest.fixture(scope="module")
def drawings():
    return [drawing(*garment) for garment in GOLDEN]


def test_it_loads_without_a_network_and_without_code_of_its_folder(monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    register()
    model = AutoModel.from_pretrained(BUNDLED)
    assert type(model) is VisionTextDualEncoderModel
    assert type(model.vision_model) is TwoBranchesModel
    assert AutoProcessor.from_pretrained(BUNDLED).tokenizer is not None


def test_its_weights_fit_into_a_repository():
    assert sum(file.stat().st_size for file in BUNDLED.iterdir()) < 80_000_000


def test_it_computes_in_full_precision():
    assert json.loads((BUNDLED / "config.json").read_text())["dtype"] == "float32"


def test_its_fingerprint_is_stable(encoder):
    assert encoder.fingerprint == FINGERPRINT


def test_it_gives_384_numbers_and_reads_pictures_of_288_pixels(encoder):
    assert (encoder.dimension, encoder.image_size) == (384, 288)


def test_its_vectors_are_unit_and_the_same_every_time(encoder, drawings):
    for first, second in (
        (encoder.encode_text(["red shirt"]), encoder.encode_text(["red shirt"])),
        (encoder.encode_images(drawings[:1]), encoder.encode_images(drawings[:1])),
    ):
        assert (first == second).all()
        assert np.linalg.norm(first) == pytest.approx(1, abs=1e-6)


def test_a_batch_gives_what_single_calls_give(encoder, drawings):
    alone = np.concatenate([encoder.encode_images([one]) for one in drawings])
    assert encoder.encode_images(drawings) == pytest.approx(alone, abs=1e-4)
    texts = ["red", "a long navy dress with white dots", "shoes"]
    alone = np.concatenate([encoder.encode_text([text]) for text in texts])
    assert encoder.encode_text(texts) == pytest.approx(alone, abs=1e-4)


def test_each_name_finds_its_own_drawing(encoder, drawings):
    scores = encoder.encode_text(list(GOLDEN.values())) @ encoder.encode_images(drawings).T
    found = [list(GOLDEN.values())[best] for best in scores.argmax(axis=1)]
    assert found == list(GOLDEN.values())


@pytest.mark.parametrize(
    ("word", "is_known"), [("tank", True), ("wrap", True), ("rain", True), ("shrit", False), ("jaket", False)]
)
def test_it_tells_words_from_misspellings(encoder, word, is_known):
    assert encoder.knows(word) is is_known


@pytest.mark.parametrize(
    ("one", "other", "unlike"),
    [
        ("trainers", "sneakers", "handbag"),
        ("crimson t-shirt", "red tee", "green tee"),
        ("hoodie", "hooded sweatshirt", "formal shirt"),
        ("joggers", "sweatpants", "shirt"),
        ("navy dress", "dark blue dress", "yellow dress"),
    ],
)
def test_words_for_the_same_thing_lie_together(encoder, one, other, unlike):
    first, second, third = encoder.encode_text([one, other, unlike])
    assert first @ second > first @ third + 0.2
