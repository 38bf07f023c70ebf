"""A small real encoder for every test of the search that needs vectors and not their quality."""

import pytest
import torch

from search.encoding.encoder import Encoder
from tests.search.encoding.test_encoder import clip, words_tokenizer
from tests.search.shop import colour_encoder, kept_pictures, shop  # noqa: F401 - fixtures


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory):
    """A random CLIP of 8 dimensions; knows the words of ``test_encoder.WORDS``."""
    return tiny_encoder_in(tmp_path_factory.mktemp("tiny"), seed=1)


@pytest.fixture(scope="session")
def other_encoder(tmp_path_factory):
    """Another random CLIP of 8 dimensions, with another fingerprint."""
    return tiny_encoder_in(tmp_path_factory.mktemp("other"), seed=2)


def tiny_encoder_in(folder, seed):
    torch.manual_seed(seed)
    model, image_processor, length = clip()
    for part in (model, image_processor, words_tokenizer(length)):
        part.save_pretrained(folder)
    return Encoder.load(folder)
