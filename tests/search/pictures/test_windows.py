"""The parts of a picture that show products."""

import math
from dataclasses import replace
from operator import itemgetter

import pytest
from PIL import Image

from search import engine
from search.index.calibration import Calibration, Scale
from search.query import Crop
from search.query_builder import windows
from search.query_builder.windows import SuggestedCrop, _apart, suggest_crops
from tests.search.shop import COLOURS, KINDS


@pytest.fixture
def snapshot(shop):
    return engine.snapshot()


def picture(*colours_at, size=(200, 300)):
    """Squares of colours at (x, y) on a ground that no product resembles."""
    drawn = Image.new("RGB", size, (8, 8, 8))
    for colour, x, y in colours_at:
        drawn.paste(COLOURS[colour], (x, y, x + 120, y + 120))
    return drawn


def centre(crop):
    return crop.x + crop.width / 2, crop.y + crop.height / 2


def test_a_product_in_a_corner_is_suggested_where_it_lies(snapshot):
    best = suggest_crops(picture(("red", 0, 0)), snapshot)[0]
    x, y = centre(best.crop)
    assert x < 0.5
    assert y < 0.5


def seen(*kinds_at, whole=0.3):
    """Stands in for what the products nearest to a window say: surer the nearer it is to a kind's place."""

    def suggested(crop, _vector, _snapshot):
        if crop == windows.WHOLE:
            return SuggestedCrop(crop, "Shirt", whole)
        x, y = centre(crop)
        kind, off = min(
            ((kind, math.hypot(x - at, y - down)) for kind, at, down in kinds_at), key=itemgetter(1)
        )
        return SuggestedCrop(crop, kind, 1 - off)

    return suggested


def test_two_products_of_a_picture_are_suggested_apart(snapshot, monkeypatch):
    monkeypatch.setattr(windows, "_suggested", seen(("Shirt", 0.2, 0.2), ("Boots", 0.8, 0.8)))
    first, second = suggest_crops(picture(), snapshot)[:2]
    assert {(first.kind, centre(first.crop)), (second.kind, centre(second.crop))} == {
        ("Shirt", (0.2, 0.2)),
        ("Boots", (0.8, 0.8)),
    }


def test_a_picture_that_says_it_best_as_a_whole_gets_no_suggestion(snapshot, monkeypatch):
    monkeypatch.setattr(windows, "_suggested", seen(("Shirt", 0.5, 0.5), whole=1.0))
    assert suggest_crops(picture(), snapshot) == []


def test_several_windows_on_one_kind_are_one_suggestion(snapshot, monkeypatch):
    monkeypatch.setattr(
        windows, "_suggested", seen(("Dress", 0.2, 0.2), ("Dress", 0.8, 0.8), ("Boots", 0.2, 0.8))
    )
    kinds = [each.kind for each in suggest_crops(picture(), snapshot)]
    assert sorted(kinds) == ["Boots", "Dress"]


def test_parts_that_say_what_the_whole_picture_says_are_no_suggestion(snapshot, monkeypatch):
    monkeypatch.setattr(windows, "_suggested", seen(("Shirt", 0.2, 0.2), ("Shirt", 0.8, 0.8)))
    assert suggest_crops(picture(), snapshot) == []


def test_the_surest_crop_comes_first(snapshot):
    confidences = [
        each.confidence for each in suggest_crops(picture(("red", 0, 0), ("blue", 80, 180)), snapshot)
    ]
    assert confidences == sorted(confidences, reverse=True)
    assert all(0 < each <= 1 for each in confidences)


def test_a_suggestion_is_called_like_a_category_of_the_catalogue(snapshot):
    labels = {each.kind for each in suggest_crops(picture(("red", 0, 0)), snapshot)}
    assert labels <= set(snapshot.categories.labels)
    assert any(kind.title() in label for kind in KINDS for label in labels)


def test_a_picture_of_nothing_that_the_shop_has_gets_no_suggestion(snapshot):
    demanding = Scale(origin=0.5, span=0.5, cutoff=0.6)
    snapshot = replace(snapshot, calibration=Calibration(demanding, demanding))
    assert suggest_crops(picture(), snapshot) == []
    assert suggest_crops(picture(("red", 0, 0)), snapshot) != []


def test_a_picture_of_one_pixel_is_cut_without_an_error(snapshot):
    assert isinstance(suggest_crops(Image.new("RGB", (1, 1), COLOURS["red"]), snapshot), list)


def test_of_two_windows_on_one_thing_the_surer_is_kept():
    surer = SuggestedCrop(Crop(0.0, 0.0, 0.6, 0.6), "Shirt", 0.8)
    other = SuggestedCrop(Crop(0.2, 0.0, 0.6, 0.6), "Shirt", 0.7)
    assert _apart([surer, other]) == [surer]


def test_another_kind_nearby_is_kept():
    shirt = SuggestedCrop(Crop(0.0, 0.0, 0.6, 0.6), "Shirt", 0.8)
    boots = SuggestedCrop(Crop(0.4, 0.4, 0.6, 0.6), "Boots", 0.7)
    assert _apart([shirt, boots]) == [shirt, boots]
