"""The encoder class on tiny random models of the three families, saved and reloaded as real ones are."""

import socket
import threading
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import (
    BertConfig,
    BertModel,
    CLIPConfig,
    CLIPModel,
    EfficientNetConfig,
    EfficientNetModel,
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipModel,
    VisionTextDualEncoderConfig,
    VisionTextDualEncoderModel,
)
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.vit.image_processing_pil_vit import ViTImageProcessorPil

from search.encoding.encoder import Encoder
from search.encoding.errors import EncoderError

WORDS = ["[PAD]", "[UNK]", "[BOS]", "[EOS]", "red", "blue", "shirt", "shoes", "bag"]
TEXT = {"vocab_size": len(WORDS), "hidden_size": 16, "intermediate_size": 24, "num_hidden_layers": 1}
VISION = {
    "hidden_size": 16,
    "intermediate_size": 24,
    "num_hidden_layers": 1,
    "image_size": 32,
    "patch_size": 16,
}
HEADS = {"num_attention_heads": 2}
IDS = {"pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 3}


def words_tokenizer(length: int) -> PreTrainedTokenizerFast:
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[BOS] $A [EOS]", special_tokens=[("[BOS]", 2), ("[EOS]", 3)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token="[PAD]",
        unk_token="[UNK]",
        bos_token="[BOS]",
        eos_token="[EOS]",
        model_max_length=length,
        model_input_names=["input_ids", "attention_mask"],
    )


def clip():
    text = TEXT | HEADS | IDS | {"max_position_embeddings": 12}
    model = CLIPModel(CLIPConfig(text_config=text, vision_config=VISION | HEADS, projection_dim=8))
    return model, CLIPImageProcessorPil(size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}), 12


def siglip():
    text = TEXT | HEADS | IDS | {"max_position_embeddings": 10, "projection_size": 16}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=VISION | HEADS))
    return model, SiglipImageProcessorPil(size={"height": 32, "width": 32}), 10


def dual():
    text = BertConfig(**TEXT, **HEADS, pad_token_id=0, max_position_embeddings=20)
    # The default range is so small that a stack of untrained convolutions gives exactly zero.
    vision = EfficientNetConfig(
        width_coefficient=0.1,
        depth_coefficient=0.1,
        image_size=32,
        hidden_dim=128,
        hidden_size=128,
        initializer_range=0.5,
    )
    config = VisionTextDualEncoderConfig.from_vision_text_configs(vision, text, projection_dim=8)
    model = VisionTextDualEncoderModel(config, EfficientNetModel(vision), BertModel(text))
    return model, ViTImageProcessorPil(size={"height": 32, "width": 32}), 20


FAMILIES = {"clip": clip, "siglip": siglip, "dual": dual}


@pytest.fixture(scope="module", params=FAMILIES)
def folder(request, tmp_path_factory) -> Path:
    return save(request.param, tmp_path_factory.mktemp(request.param))


def save(family: str, path: Path) -> Path:
    torch.manual_seed(1)
    model, image_processor, length = FAMILIES[family]()
    model.save_pretrained(path)
    image_processor.save_pretrained(path)
    words_tokenizer(length).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def encoder(folder) -> Encoder:
    return Encoder.load(folder)


def pictures() -> list[Image.Image]:
    noise = np.random.default_rng(1).integers(0, 255, (50, 40, 3), dtype=np.uint8)
    return [Image.new("RGB", (40, 60), "red"), Image.fromarray(noise), Image.new("L", (9, 9), 200)]


def test_a_checkpoint_without_all_of_its_weights_is_refused(tmp_path):
    save("clip", tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    del weights["visual_projection.weight"]
    save_file(weights, tmp_path / "model.safetensors", {"format": "pt"})
    with pytest.raises(EncoderError, match="not all of its weights"):
        Encoder.load(tmp_path)


def test_rows_are_unit_float32_of_the_models_dimension(encoder):
    for rows in (encoder.encode_text(["red shirt", "bag"]), encoder.encode_images(pictures()[:2])):
        assert rows.dtype == np.float32
        assert rows.shape == (2, encoder.dimension)
        assert np.linalg.norm(rows, axis=1) == pytest.approx([1, 1], abs=1e-6)


def test_nothing_in_gives_no_rows(encoder):
    assert encoder.encode_text([]).shape == (0, encoder.dimension)
    assert encoder.encode_images([]).shape == (0, encoder.dimension)


def test_a_batch_gives_what_single_calls_give(folder):
    encoder = Encoder.load(folder, batch_size=2)
    texts = ["red", "blue shirt", "red shoes blue bag"]
    alone = np.concatenate([encoder.encode_text([text]) for text in texts])
    assert encoder.encode_text(texts) == pytest.approx(alone, abs=1e-5)
    alone = np.concatenate([encoder.encode_images([picture]) for picture in pictures()])
    assert encoder.encode_images(pictures()) == pytest.approx(alone, abs=1e-5)


def test_an_empty_text_still_has_a_direction(encoder):
    assert np.isfinite(encoder.encode_text([""])).all()


def test_it_takes_pictures_of_any_mode(encoder):
    picture = pictures()[0]
    modes = [picture.convert(mode) for mode in ("RGBA", "P", "CMYK", "L", "1")]
    assert encoder.encode_images(modes).shape == (5, encoder.dimension)


def test_it_tells_which_texts_it_truncates(encoder):
    assert not encoder.was_truncated("red shirt")
    assert encoder.was_truncated("red shirt " * 40)
    assert np.isfinite(encoder.encode_text(["red shirt " * 40])).all()


def test_counting_tokens_does_not_change_the_tokenizer_that_other_threads_encode_with(encoder):
    settings = encoder._tokenizer.backend_tokenizer.to_str()
    encoder.was_truncated("red shirt")
    encoder.knows("red")
    assert encoder._tokenizer.backend_tokenizer.to_str() == settings


def test_it_states_the_size_of_the_pictures_it_reads(encoder):
    assert encoder.image_size == 32


def test_a_reloaded_model_keeps_fingerprint_and_vectors(folder, encoder):
    again = Encoder.load(folder)
    assert again.fingerprint == encoder.fingerprint
    assert (again.encode_text(["red bag"]) == encoder.encode_text(["red bag"])).all()


def test_the_fingerprint_does_not_depend_on_the_folder(tmp_path):
    assert (
        Encoder.load(save("clip", tmp_path / "a")).fingerprint
        == Encoder.load(save("clip", tmp_path / "b")).fingerprint
    )


def test_other_weights_or_other_preprocessing_change_the_fingerprint(tmp_path):
    original = Encoder.load(save("clip", tmp_path / "a")).fingerprint
    CLIPImageProcessorPil(size={"shortest_edge": 32}, do_center_crop=False).save_pretrained(tmp_path / "a")
    assert Encoder.load(tmp_path / "a").fingerprint != original
    model = CLIPModel.from_pretrained(save("clip", tmp_path / "b"))
    model.text_projection.weight.data[0, 0] += 1e-3
    model.save_pretrained(tmp_path / "b")
    assert Encoder.load(tmp_path / "b").fingerprint != original


def test_a_call_takes_the_bounded_number_of_threads_on_every_thread(tmp_path):
    encoder = Encoder.load(save("clip", tmp_path), threads=1)
    seen = []

    def encode():
        torch.set_num_threads(2)
        encoder.encode_text(["red"])
        seen.append(torch.get_num_threads())

    thread = threading.Thread(target=encode)
    thread.start()
    thread.join()
    assert seen == [1]


def test_loading_a_folder_needs_no_network(folder, monkeypatch):
    def refuse(*args, **kwargs):
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    Encoder.load(folder)


def test_it_explains_a_missing_model(tmp_path):
    with pytest.raises(EncoderError, match=r"cannot be loaded.*CLIP_MODEL"):
        Encoder.load(tmp_path / "nowhere")


def test_it_refuses_a_model_of_one_tower(tmp_path):
    save("clip", tmp_path)
    BertModel(BertConfig(**TEXT, **HEADS)).save_pretrained(tmp_path)
    with pytest.raises(EncoderError, match="not a dual encoder: it is a bert model"):
        Encoder.load(tmp_path)


def test_it_explains_a_device_that_is_missing(tmp_path):
    with pytest.raises(EncoderError, match="device 'nonsense'"):
        Encoder.load(save("clip", tmp_path), device="nonsense")


def test_damaged_weights_raise_instead_of_giving_nan(tmp_path):
    file = save("clip", tmp_path) / "model.safetensors"
    weights = load_file(file)
    weights["text_projection.weight"][:] = float("nan")
    save_file(weights, file, metadata={"format": "pt"})
    with pytest.raises(EncoderError, match=r"damaged: text_projection\.weight"):
        Encoder.load(tmp_path)
