"""The demo shop: its products, that equal seeds give equal shops, and that pictures match their titles."""

import io
import shutil
from collections import Counter
from xml.etree.ElementTree import parse

import numpy as np
import pytest
from PIL import Image

from catalog.sources.base import SourceProduct
from catalog.sources.feeds.feed import FeedSource
from demo.assortment import ROUND, articles
from demo.drawing.curves import outline, spline, strip_of
from demo.drawing.palette import COLOURS
from demo.drawing.pictures import Recipe, cut_out, recipes, save
from demo.drawing.render import picture
from demo.drawing.shading import Light, Window
from demo.feed import render_catalogue
from demo.wardrobe import KINDS, materials
from tests.examples import examples
from tests.factories import NOW

SEARCHED_FOR = [
    ("summer dress", "red", {"pattern": "striped"}),
    ("boots", "black", {"fabric": "leather"}),
    ("backpack", "navy", {}),
    ("summer hat", "yellow", {}),
]


def recipe(kind="t-shirt", colour="red", pattern="plain", **fields):
    values = {"name": kind, "fabric": KINDS[kind].fabrics[0], "wearer": "women", "drawing": 4, "seed": 7}
    return Recipe(**{**values, "kind": kind, "colour": colour, "pattern": pattern, **fields})


def drawn(wanted):
    sketch = cut_out(wanted).sketch
    return picture(sketch, materials(wanted.fabric, wanted.colour, wanted.pattern, 1), seed=1)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A small shop, drawn once for this module."""
    folder = tmp_path_factory.mktemp("shop")
    return render_catalogue(folder, size=12, seed=7)


def texts(feed, tag):
    return [element.text for element in parse(feed).iter(tag)]  # noqa: S314 - our own file


def test_it_carries_every_kind_it_can_draw():
    assert {line.kind for line in ROUND} == set(KINDS)


@pytest.mark.parametrize(("kind", "colour", "fixed"), SEARCHED_FOR)
def test_it_carries_at_least_six_of_each_product_in_the_first_queries(kind, colour, fixed):
    found = [
        article
        for article in articles(600, 7)
        if (article.style.kind.name, article.colour) == (kind, colour)
        and all(getattr(article.style, name) == value for name, value in fixed.items())
    ]
    assert len(found) >= 6


def test_it_uses_all_twenty_colours():
    colours = Counter(article.colour for article in articles(600, 7))
    assert set(colours) == set(COLOURS)
    assert len(COLOURS) == 20


def test_a_larger_shop_begins_with_the_smaller_one():
    assert list(articles(900, 7))[:100] == list(articles(100, 7))


def test_product_ids_are_unique():
    keys = [article.key for article in articles(20_000, 7)]
    assert len(set(keys)) == len(keys)


@pytest.mark.slow
def test_a_hundred_thousand_products_share_a_thousand_drawings():
    names = {recipe.file_name for article in articles(100_000, 7) for recipe in recipes(article, 7)}
    assert 800 < len(names) < 2000


@pytest.mark.slow
def test_the_feed_is_the_same_bytes_for_the_same_seed(shop, tmp_path):
    again = shutil.copytree(shop.parent, tmp_path / "again")
    (again / shop.name).unlink()
    assert render_catalogue(again, size=12, seed=7).read_bytes() == shop.read_bytes()


def test_another_seed_is_another_shop():
    assert [a.drawing for a in articles(50, 7)] != [a.drawing for a in articles(50, 8)]


@pytest.mark.slow
def test_a_second_call_draws_nothing(shop):
    calls = []
    render_catalogue(shop.parent, size=12, seed=7, progress=lambda done, total: calls.append(done))
    assert calls == []


@pytest.mark.slow
def test_a_lost_picture_is_drawn_again_and_a_stray_one_removed(shop):
    images = shop.parent / "images"
    lost = sorted(images.iterdir())[0]
    before = lost.read_bytes()
    lost.unlink()
    (images / "old-front-0123456789.webp").write_bytes(b"")
    render_catalogue(shop.parent, size=12, seed=7)
    assert lost.read_bytes() == before
    assert not (images / "old-front-0123456789.webp").exists()


def test_an_interrupted_drawing_leaves_no_half_picture(tmp_path, monkeypatch):
    def broken(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(Image.Image, "save", broken)
    with pytest.raises(KeyboardInterrupt):
        save(recipe(), tmp_path)
    assert not list(tmp_path.glob("*.webp"))


@pytest.mark.parametrize("size", [0, 100_001])
def test_it_refuses_a_size_it_cannot_fill(size, tmp_path):
    with pytest.raises(ValueError, match="holds 1 to 100,000 products"):
        render_catalogue(tmp_path, size=size)


@pytest.mark.slow
def test_the_catalogue_reads_the_feed_without_rejecting_a_row(shop, settings):
    rows = list(FeedSource("demo", str(shop), now=NOW).products())
    assert len(rows) == 12
    assert all(isinstance(row, SourceProduct) for row in rows)
    assert {row.currency for row in rows} == {"EUR"}
    assert all(row.brand and row.colour and row.gender and row.category for row in rows)
    assert all(row.in_stock == (row.quantity > 0) for row in rows)


@pytest.mark.slow
def test_every_picture_the_feed_names_can_be_fetched(shop):
    source = FeedSource("demo", str(shop), now=NOW)
    addresses = [address for row in source.products() for address in row.images]
    for address in addresses:
        with Image.open(io.BytesIO(source.image(address))) as image:
            assert (image.format, image.size) == ("WEBP", (810, 1080))
    assert len(addresses) > 12


@pytest.mark.slow
def test_colours_of_a_style_share_their_group_and_price(shop):
    by_group = {}
    for item in parse(shop).iter("item"):  # noqa: S314 - our own file
        g = "{http://base.google.com/ns/1.0}"
        by_group.setdefault(item.findtext(f"{g}item_group_id"), set()).add(item.findtext(f"{g}price"))
    assert len(by_group) < 12
    assert all(len(prices) == 1 for prices in by_group.values())


@pytest.mark.slow
def test_titles_name_colour_pattern_material_and_kind(shop):
    titles = texts(shop, "title")[1:]
    assert titles[0].startswith("Red striped summer dress")
    assert any(title.startswith("Black leather") and "boots" in title for title in titles)
    assert any(title.startswith("Navy") and "backpack" in title for title in titles)


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("wearer", ["women", "men"])
def test_every_style_of_every_kind_lies_within_the_board(kind, wearer):
    for drawing in range(examples(12)):
        sketch = cut_out(recipe(kind, wearer=wearer, drawing=drawing)).sketch
        for layer in sketch.layers:
            corners = layer.outline if hasattr(layer, "outline") else np.reshape(layer.box, (2, 2))
            assert np.isfinite(corners).all()
            assert corners.min() > -60
            assert corners[:, 0].max() < 960
            assert corners[:, 1].max() < 1260


def test_a_garment_has_the_colour_it_is_named_for():
    for colour in ("red", "green", "blue", "yellow"):
        pixels = np.asarray(drawn(recipe("t-shirt", colour)), dtype=float)
        cloth = pixels[500:700, 330:480].reshape(-1, 3).mean(axis=0)
        wanted = np.array(COLOURS[colour].rgb, dtype=float)
        assert np.abs(cloth / cloth.max() - wanted / wanted.max()).max() < 0.2


def test_a_pattern_shows_its_second_colour():
    plain, striped = (drawn(recipe("t-shirt", "navy", pattern)) for pattern in ("plain", "striped"))
    spread = [
        np.asarray(image.convert("L"), dtype=float)[450:750, 350:450].std() for image in (plain, striped)
    ]
    assert spread[1] > 3 * spread[0]


def test_the_light_comes_from_the_upper_left():
    grey = np.asarray(drawn(recipe("beanie", "grey")).convert("L"), dtype=float)
    assert grey[420:640, 260:380].mean() > grey[420:640, 430:550].mean() + 5


def test_the_corners_are_backdrop():
    pixels = np.asarray(drawn(recipe("coat", "black")), dtype=int)
    for corner in (pixels[:40, :40], pixels[:40, -40:], pixels[-40:, :40], pixels[-40:, -40:]):
        assert corner.min() > 215


def test_a_curve_passes_through_its_control_points():
    points = [(0, 0), (40, 10, 1), (60, 50), (10, 80)]
    curve = spline(points)
    for x, y, *_ in points:
        assert np.hypot(*(curve - (x, y)).T).min() < 1e-9


def test_a_strip_is_what_lies_between_its_edges():
    square = outline((0, 0, 1), (100, 0, 1), (100, 100, 1), (0, 100, 1))
    strip = strip_of(square, (50, 20), (50, 60), 30)
    assert strip[:, 1].min() == pytest.approx(20)
    assert strip[:, 1].max() == pytest.approx(50)
    assert np.ptp(strip[:, 0]) == pytest.approx(100)


def test_no_strip_is_left_beyond_the_shape():
    square = outline((0, 0, 1), (100, 0, 1), (100, 100, 1), (0, 100, 1))
    assert len(strip_of(square, (50, 120), (50, 160), 30)) == 0


@pytest.mark.parametrize("shift", [-1, 0, 1])
def test_a_window_that_starts_or_ends_a_pixel_off_still_finds_its_light(shift):
    whole = Window(0.0, 0.0, 1.0, 20, 30)
    field = np.ones((30, 20), np.float32)
    part = Window(float(shift), 0.0, 1.0, 20, 29)
    assert Light(field, field, field, field).seen_in(part, whole).diffuse.shape == (29, 20)
