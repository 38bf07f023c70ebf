"""The collections: what is read, held out, coloured and drawn."""

import csv

import numpy as np
import pytest
from PIL import Image

from demo.drawing.palette import COLOURS
from demo.wardrobe import KINDS
from tests.training.items import item, truth
from training.captions.truth import FALSE, KIND_WORDS, TRUE, UNKNOWN
from training.captions.vocabulary import colours
from training.captions.writer import CaptionWriter
from training.collections import photo_colours, rendered
from training.collections.items import Item, read_clothing, read_fashion


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


def test_every_drawn_garment_has_a_label_and_a_colour_that_captions_know():
    assert rendered.KINDS.keys() == KINDS.keys()
    assert set(rendered.KINDS.values()) <= KIND_WORDS.keys()
    assert {rendered.COLOURS.get(name, name.title()) for name in COLOURS} <= colours.COLOURS.keys()


@pytest.mark.slow
def test_drawn_garments_are_told_apart_by_cut_and_colour(tmp_path):
    items = rendered.draw(tmp_path, size=9, workers=1)
    assert all(item.path.is_file() and item.title and item.gender for item in items)
    boots = next(item for item in items if item.kind == "boots")
    sneaker = item(1, "Casual Shoes", "Nike Men Red Sneakers", "Red", "Men", "Casual")
    writer = CaptionWriter([boots, sneaker], per_slot=2, seed=1)
    assert truth(writer, "kind", "boots") == [TRUE, UNKNOWN]
    assert truth(writer, "kind", "sneakers") == [FALSE, TRUE]
