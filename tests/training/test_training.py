"""The parts that train the bundled encoder: captions, gradients, objective, towers."""

import csv
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch.nn import functional
from transformers import EfficientNetConfig, EfficientNetModel

from demo.drawing.palette import COLOURS
from demo.wardrobe import KINDS
from training.captions.truth import FALSE, KIND_WORDS, TRUE, UNKNOWN, brand_of, title_key
from training.captions.vocabulary import colours
from training.captions.writer import CaptionWriter
from training.collections import photo_colours, rendered
from training.collections.items import Item, read_clothing, read_fashion
from training.learning import objective
from training.network.depthwise import depthwise
from training.network.picture_network import Block, NormedConvolution, PictureNetwork


def item(number, kind, title="", colour="", gender="", usage="", source="fashion"):
    return Item(Path(f"{number}.jpg"), source, kind, title, colour, gender, usage)


ITEMS = [
    item(1, "Tshirts", "Nike Men Striped Red Tshirt", "Red", "Men", "Sports"),
    item(2, "Shirts", "Arrow Men Check Blue Shirts", "Blue", "Men", "Formal"),
    item(3, "Sweatshirts", "Puma Women Hooded Black Sweatshirt", "Black", "Women", "Casual"),
    item(4, "Sweatshirts", "Puma Women Black Sweatshirt", "Black", "Women", "Casual"),
    item(5, "Handbags", "Baggit Women Maroon Handbag", "Maroon", "Women", "Casual"),
    item(6, "longsleeve", source="clothing"),
    item(7, "Track Pants", "Nike Men Grey Track Pants", "Grey", "Men", "Sports"),
]


@pytest.fixture(scope="module")
def writer():
    return CaptionWriter(ITEMS, per_slot=5, seed=1)


@pytest.fixture(scope="module")
def caption_set(writer):
    return writer.write()


def truth(writer, attribute, word):
    return writer.components.rows[writer.components.number(attribute, word)].tolist()


def test_every_caption_written_for_a_picture_is_true_of_it(caption_set):
    for number, slots in enumerate(caption_set.by_item):
        for caption in (c for written in slots.values() for c in written):
            rows = caption_set.truth[list(caption_set.captions[caption].components), number]
            assert rows.min() == TRUE, caption_set.captions[caption].text


def test_captions_use_the_words_of_other_shops(caption_set):
    texts = {caption.text for caption in caption_set.captions}
    assert any("trousers" in text or "joggers" in text or "sweatpants" in text for text in texts)
    assert any("hood" in text.lower() for text in texts)


def test_a_synonym_is_true_of_all_kinds_that_it_names(writer):
    assert truth(writer, "kind", "tee") == [TRUE, FALSE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]
    assert truth(writer, "kind", "joggers")[6] == TRUE


def test_a_photo_without_a_label_counts_neither_way(writer):
    assert truth(writer, "kind", "jumper")[5] == UNKNOWN
    assert truth(writer, "colour", "red")[5] == UNKNOWN


def test_a_catalogues_own_label_is_exact_on_its_own_pictures(writer):
    assert truth(writer, "kind", "Shirts") == [FALSE, TRUE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]


def test_products_that_only_a_models_name_tells_apart_are_unknown():
    twins = [
        item(1, "Tshirts", "Puma Men Rugby Grey Tshirt", "Grey", "Men"),
        item(2, "Tshirts", "Puma Men Ducati Grey Tshirt", "Grey", "Men"),
        item(3, "Tshirts", "Puma Men Striped Grey Tshirt", "Grey", "Men"),
        item(4, "Tshirts", "Nike Men Club Grey Tshirt", "Grey", "Men"),
    ]
    writer = CaptionWriter(twins, per_slot=2, seed=1)
    assert truth(writer, "title", title_key(twins[0].title)) == [TRUE, UNKNOWN, FALSE, FALSE]


def test_a_brand_is_false_of_others_and_unknown_where_no_title_names_one(writer):
    assert truth(writer, "brand", "puma") == [FALSE, FALSE, TRUE, TRUE, FALSE, UNKNOWN, FALSE]


def test_every_title_with_a_brand_gets_captions_that_name_it(caption_set):
    texts = [caption_set.captions[number].text for number in caption_set.by_item[0]["brand"]]
    assert "nike" in texts
    assert caption_set.by_item[5]["brand"] == []


def test_a_hood_is_told_from_none(writer):
    assert truth(writer, "detail", "hoodie")[2:4] == [TRUE, FALSE]


def test_colours_that_people_confuse_are_unknown(writer):
    assert truth(writer, "colour", "burgundy")[4] == TRUE
    assert truth(writer, "colour", "red") == [TRUE, FALSE, FALSE, FALSE, FALSE, UNKNOWN, FALSE]


def test_an_occasion_is_true_of_what_serves_it(writer):
    gym = truth(writer, "occasion", "something for the gym")
    assert (gym[0], gym[1], gym[4], gym[6]) == (TRUE, UNKNOWN, FALSE, TRUE)


def test_a_title_is_true_of_the_same_words_in_another_order():
    assert title_key("Arrow Men Check Blue Shirts") == title_key("Arrow Men Blue Check Shirt")


def test_the_brand_stands_before_the_gender():
    assert brand_of("Lino Perros Women Sequin Gold Wallet") == "lino perros"
    assert brand_of("Sunglasses") == ""


def test_every_kind_has_its_label_among_its_words():
    assert all(kind in called for kind, called in KIND_WORDS.items())


def test_a_collection_is_read_in_place(tmp_path):
    with (tmp_path / "products.csv").open("w", newline="") as file:
        columns = ["id", "title", "article_type", "colour", "gender", "usage", "image"]
        csv.writer(file).writerows(
            [columns, ["9", "Red Shirt", "Shirts", "Red", "Men", "Casual", "images/9.jpg"]]
        )
    (tmp_path / "photos" / "dress").mkdir(parents=True)
    (tmp_path / "photos" / "dress" / "a.jpg").touch()
    assert read_fashion(tmp_path)[0].path == tmp_path / "images/9.jpg"
    assert [photo.kind for photo in read_clothing(tmp_path / "photos")] == ["dress"]


def test_about_a_quarter_is_held_out_and_always_the_same():
    held = [item(number, "Shirts").is_held_out for number in range(2000)]
    assert 0.22 < np.mean(held) < 0.28
    assert held == [item(number, "Shirts").is_held_out for number in range(2000)]


def test_a_photo_gets_the_colour_its_neighbours_agree_on(tmp_path):
    items = []
    for number, (colour, rgb) in enumerate([("Red", (200, 20, 20)), ("Blue", (20, 20, 200))] * 40):
        Image.new("RGB", (60, 60), rgb).save(tmp_path / f"{number}.png")
        items.append(Item(tmp_path / f"{number}.png", "fashion", "Shirts", "x", colour))
    Image.new("RGB", (60, 60), (190, 30, 25)).save(tmp_path / "photo.png")
    named = photo_colours.name_colours([*items, Item(tmp_path / "photo.png", "clothing", "shirt")])
    assert named[-1].colour == "Red"


def test_lab_puts_white_at_a_hundred_and_greys_on_the_axis():
    white, grey = photo_colours.lab(np.array([[255.0, 255, 255], [128, 128, 128]]))
    assert white == pytest.approx([100, 0, 0], abs=0.1)
    assert grey[1:] == pytest.approx([0, 0], abs=0.1)


@pytest.mark.parametrize("size", [3, 5])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_fast_gradients_are_the_gradients(size, stride):
    torch.manual_seed(1)
    edge = 12 + size - stride
    x = torch.randn(2, 4, edge, edge, requires_grad=True)
    weight = torch.randn(4, 1, size, size, requires_grad=True)
    expected = functional.conv2d(x, weight, None, stride, 0, groups=4)
    direction = torch.randn_like(expected)
    wanted = torch.autograd.grad((expected * direction).sum(), (x, weight))
    ours = torch.autograd.grad((depthwise(x, weight, stride) * direction).sum(), (x, weight))
    for one, other in zip(ours, wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


@pytest.mark.parametrize("size", [3, 5])
def test_the_fast_gradients_are_the_gradients_with_padding_too(size):
    torch.manual_seed(1)
    x = torch.randn(2, 4, 12, 12, requires_grad=True)
    weight = torch.randn(4, 1, size, size, requires_grad=True)
    expected = functional.conv2d(x, weight, None, 1, size // 2, groups=4)
    direction = torch.randn_like(expected)
    wanted = torch.autograd.grad((expected * direction).sum(), (x, weight))
    ours = torch.autograd.grad((depthwise(x, weight, 1, size // 2) * direction).sum(), (x, weight))
    for one, other in zip(ours, wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-4)


@pytest.fixture(scope="module")
def stock():
    """A small EfficientNet with frozen statistics of its own and its gates held open."""
    torch.manual_seed(1)
    config = EfficientNetConfig(
        width_coefficient=0.1, depth_coefficient=1.0, hidden_dim=128, hidden_size=128, hidden_act="relu6",
        depthwise_padding=[], initializer_range=0.3, image_size=64,
    )  # fmt: skip
    model = EfficientNetModel(config).eval()
    for name, buffer in model.named_buffers():
        if name.endswith("running_var"):
            buffer.uniform_(0.5, 2)
        elif name.endswith("running_mean"):
            buffer.normal_()
    for block in model.encoder.blocks:
        for parameter in block.squeeze_excite.parameters():
            torch.nn.init.zeros_(parameter)
        torch.nn.init.constant_(block.squeeze_excite.expand.bias, 20.0)
    return model


def test_the_network_that_is_trained_is_the_stock_one(stock):
    network, pixels = PictureNetwork(stock), torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        ours, theirs = network.pooled(network.base(pixels)), stock(pixels).pooler_output
    assert theirs.abs().max() > 0.01
    assert torch.allclose(ours, theirs, atol=1e-4)


def test_what_was_trained_is_written_back_exactly(stock):
    network, pixels = PictureNetwork(stock), torch.rand(2, 3, 64, 64)
    with torch.no_grad():
        for layer in (m for m in network.top.modules() if isinstance(m, NormedConvolution)):
            layer.scale.mul_(1.1)
            layer.offset.add_(0.05)
        ours = network.pooled(network.base(pixels))
        before = stock(pixels).pooler_output
        network.write_back(stock)
        after = stock(pixels).pooler_output
    assert not torch.allclose(before, ours, atol=1e-3)
    assert torch.allclose(after, ours, atol=1e-4)


def test_blocks_are_skipped_in_training_only_and_on_average_alike(stock):
    torch.manual_seed(1)
    block = next(Block(b, skipped=0.5) for b in stock.encoder.blocks if Block(b).is_residual)
    x = torch.rand(1, block.stages[0].weight.shape[1], 8, 8)
    with torch.no_grad():
        whole = block.eval()(x)
        skipped = block.train()(x.expand(400, -1, -1, -1))
    assert any(torch.equal(one, x[0]) for one in skipped)
    assert torch.allclose(skipped.mean(0), whole[0], atol=0.15 * (whole - x).abs().max().item())


def test_every_drawn_garment_has_a_label_and_a_colour_that_captions_know():
    assert rendered.KINDS.keys() == KINDS.keys()
    assert set(rendered.KINDS.values()) <= KIND_WORDS.keys()
    assert {rendered.COLOURS.get(name, name.title()) for name in COLOURS} <= colours.COLOURS.keys()


def test_drawn_garments_are_told_apart_by_cut_and_colour(tmp_path):
    items = rendered.draw(tmp_path, size=9, workers=1)
    assert all(item.path.is_file() and item.title and item.gender for item in items)
    boots = next(item for item in items if item.kind == "boots")
    sneaker = item(1, "Casual Shoes", "Nike Men Red Sneakers", "Red", "Men", "Casual")
    writer = CaptionWriter([boots, sneaker], per_slot=2, seed=1)
    assert truth(writer, "kind", "boots") == [TRUE, UNKNOWN]
    assert truth(writer, "kind", "sneakers") == [FALSE, TRUE]


def test_true_captions_compete_with_false_ones_only():
    logits = torch.tensor([[5.0, 5.0, 0.0, 9.0]])
    labels = torch.tensor([[TRUE, TRUE, FALSE, UNKNOWN]])
    assert objective.pairwise_loss(logits, labels).item() == pytest.approx(np.log1p(np.exp(-5)), rel=1e-4)


def test_retention_is_zero_for_vectors_that_only_turned():
    torch.manual_seed(1)
    vectors = functional.normalize(torch.randn(8, 5), dim=-1)
    turn, _ = torch.linalg.qr(torch.randn(5, 5))
    assert objective.retention_loss(vectors @ turn, vectors).item() == pytest.approx(0, abs=1e-9)
    assert (
        objective.retention_loss(vectors.roll(1, 1) * torch.tensor([1, 1, 1, 1, 0.1]), vectors).item() > 0.01
    )


def test_pushed_features_are_what_the_classifier_takes_for_the_class():
    torch.manual_seed(1)
    features = torch.rand(50, 16)
    teacher = objective.Teacher(torch.randn(6, 16), torch.zeros(6), torch.tensor([4, 5]))
    pushed = teacher.pushed(features, objective.covariance_of(features))
    share = teacher.logits(pushed).argmax(1).ge(4).float().mean().item()
    assert share > teacher.logits(features).argmax(1).ge(4).float().mean().item()
    assert pushed.min() >= 0
