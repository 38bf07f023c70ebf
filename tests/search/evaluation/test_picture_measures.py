"""The encoder measured on the pictures of any shop."""

import csv
import io
import json

import numpy as np
import pytest
from django.core.management import call_command
from PIL import Image

from search.evaluation.catalogues import NothingToMeasure
from search.evaluation.held_out import is_held_out
from search.evaluation.pictures import measures
from search.evaluation.pictures.degraded import DEGRADATIONS, degraded
from search.evaluation.pictures.measures import Labelled
from search.evaluation.pictures.report import measured_pictures
from search.evaluation.pictures.shop import read_shop
from tests.search.pictures.looking import CutParts
from tests.search.shop import COLOURS, picture


def labelled(kinds, colours=None, titles=None, vectors=None):
    n = len(kinds)
    rows = np.eye(n, dtype=np.float32) if vectors is None else np.array(vectors, np.float32)
    return Labelled(rows, np.array(kinds), np.array(colours or [""] * n), np.array(titles or [""] * n))


def encoding(**vectors):
    return lambda texts: np.array([vectors[text.replace(" ", "_")] for text in texts], np.float32)


def write_shop(folder, rows, *, kinds=None):
    for number, row in enumerate(rows):
        (folder / f"{number}.jpg").write_bytes(picture(row.pop("shown")))
        row["image"] = f"{number}.jpg"
    for name, table in (("products.csv", rows), ("kinds.csv", kinds)):
        if table:
            with (folder / name).open("w", newline="") as opened:
                writer = csv.DictWriter(opened, table[0].keys())
                writer.writeheader()
                writer.writerows(table)
    return folder


@pytest.fixture
def red_and_blue(tmp_path):
    """Twelve red dresses, worn, and twelve blue shirts, not worn."""
    kinds = [("Dress", "red", "yes")] * 12 + [("Shirt", "blue", "no")] * 12
    rows = [
        {"id": str(n), "title": f"{colour} {kind} {n}", "category": f"Clothes > {kind}", "colour": colour,
         "worn": worn, "shown": colour}
        for n, (kind, colour, worn) in enumerate(kinds)
    ]  # fmt: skip
    return write_shop(tmp_path, rows)


def test_the_last_step_of_a_category_is_the_kind(red_and_blue):
    found = read_shop(red_and_blue)
    assert [(found[0].kind, found[0].colour, found[0].worn), (found[-1].kind, found[-1].worn)] == [
        ("Dress", "red", True),
        ("Shirt", False),
    ]


def test_kinds_beside_the_products_replace_the_shops_own(tmp_path):
    rows = [{"id": n, "title": n, "category": "Women > New", "shown": "red"} for n in ("a", "b")]
    folder = tmp_path / "shop"
    folder.mkdir()
    write_shop(folder, rows)
    label = {"source": "shop", "id": "a", "kind": "blouse/shirt", "base_colour": "blue", "worn": "yes"}
    other = {**label, "source": "elsewhere", "id": "b"}
    with (tmp_path / "kinds.csv").open("w", newline="") as opened:
        writer = csv.DictWriter(opened, label.keys())
        writer.writeheader()
        writer.writerows([label, other])
    first, second = read_shop(folder)
    assert (first.kind, first.colour, first.worn) == ("blouse/shirt", "blue", True)
    assert (second.kind, second.worn) == ("", None)


def test_a_row_that_ends_early_has_no_labels(tmp_path):
    (tmp_path / "products.csv").write_text("id,image,title,category,worn\na,a.jpg\n")
    (found,) = read_shop(tmp_path)
    assert (found.kind, found.title, found.worn) == ("", "", None)


def test_folders_of_photos_are_read_as_kinds(tmp_path):
    (tmp_path / "hat").mkdir()
    (tmp_path / "hat" / "one.jpg").write_bytes(picture("red"))
    (tmp_path / "hat" / "notes.txt").write_text("no picture")
    assert [each.kind for each in read_shop(tmp_path)] == ["hat"]


def test_the_held_out_part_can_be_measured_alone(tmp_path):
    (tmp_path / "hat").mkdir()
    names = [f"photo-{number}" for number in range(20)]
    for name in names:
        (tmp_path / "hat" / f"{name}.jpg").write_bytes(picture("red"))
    found = {each.path.stem for each in read_shop(tmp_path, held_out=True)}
    assert found == {name for name in names if is_held_out(name)} != set()


@pytest.mark.parametrize("content", [None, "id,title\n1,a\n"])
def test_a_folder_without_pictures_is_refused(tmp_path, content):
    if content:
        (tmp_path / "products.csv").write_text(content)
    with pytest.raises(NothingToMeasure):
        read_shop(tmp_path)


def test_both_words_of_a_kind_are_looked_for():
    assert measures.words_of("Blouse/Shirt") == ["blouse", "shirt"]


def test_kinds_with_fewer_pictures_than_a_page_are_left_out():
    shop = labelled(["hat"] * 10 + ["tie"] * 9)
    assert measures.kinds_by_words(shop, lambda texts: np.ones((len(texts), 19), np.float32)) == [1.0]


def test_a_title_of_several_pictures_counts_as_found_with_the_first_of_them():
    shop = labelled(["hat"] * 3, titles=["Hat", "Hat", "Cap"])
    encode = encoding(Hat=[0.1, 0.9, 0.5], Cap=[0.9, 0.5, 0.1])
    assert measures.title_ranks(shop, encode) == [3, 1]  # "Cap" comes first in the alphabet


def test_pictures_of_the_querys_own_title_count_neither_way():
    kinds = ["hat"] * 12 + ["tie"] * 11
    titles = ["A"] * 2 + [str(number) for number in range(21)]
    vectors = [[1.0, 0.0]] * 12 + [[0.0, 1.0]] * 11
    shop = labelled(kinds, titles=titles, vectors=vectors)
    found = measures.kinds_by_picture(shop, np.array([0]), np.array([[1.0, 0.0]], np.float32))
    assert found == [1.0]


def test_a_picture_is_recognised_by_the_name_nearest_to_it():
    shop = labelled(["hat", "tie"], vectors=[[1.0, 0.0], [0.0, 1.0]])
    encode = encoding(hat=[1.0, 0.0], tie=[0.0, 1.0])
    queries = np.array([[0.9, 0.1], [0.9, 0.1]], np.float32)
    assert measures.recognised(shop, encode, np.array([0, 1]), queries) == [1.0, 0.0]


def test_a_wish_is_met_by_the_same_kind_in_the_other_colour():
    vectors = [[0.8, 0.6, 0.0]] * 5 + [[0.8, 0.0, 0.6]] * 5
    shop = labelled(["hat"] * 10, ["red"] * 5 + ["blue"] * 5, vectors=vectors)
    encode = encoding(in_red=[0.0, 1.0, 0.0], in_blue=[0.0, 0.0, 1.0])
    assert measures.picture_and_wish(shop, encode, 0.1) == [1.0] * 10
    assert max(measures.picture_and_wish(shop, encode, 0.9)) < 1.0


@pytest.mark.parametrize("name", [name for name in DEGRADATIONS if name != "as it is"])
def test_a_degraded_picture_is_another_one_and_the_same_every_time(name):
    random = np.random.default_rng(0)
    image = Image.fromarray(random.integers(0, 255, (30, 20, 3), np.uint8)).resize((200, 300))
    other = Image.new("RGB", (120, 90), COLOURS["red"])
    first, again = (degraded(name, image, [other], seed=4) for _ in range(2))
    plain = degraded("as it is", image, [other], seed=4)
    assert first.tobytes() == again.tobytes()
    assert first.tobytes() != plain.tobytes()


def test_worn_pictures_are_measured_apart(red_and_blue, colour_encoder):
    table = measured_pictures(red_and_blue, colour_encoder)
    assert {"all pictures (24)", "worn (12)", "not worn (12)", *DEGRADATIONS} == table.keys()
    assert table["all pictures (24)"]["picture → kind p@10"].mean == 1.0


def test_the_command_measures_the_pictures_of_a_folder(red_and_blue, colour_encoder):
    out = io.StringIO()
    call_command("evaluate", "--catalogue", str(red_and_blue), "--only-pictures", "--json", stdout=out)
    found = json.loads(out.getvalue())["pictures"]
    assert found["worn (12)"]["kind p@10"]["mean"] == 1.0
    printed = io.StringIO()
    call_command("evaluate", "--catalogue", str(red_and_blue), "--only-pictures", stdout=printed)
    assert "not worn (12)\n  kind p@10" in printed.getvalue()


def test_pictures_in_clutter_are_measured_as_a_search_would_compare_them(
    red_and_blue, colour_encoder, monkeypatch
):
    whole = measured_pictures(red_and_blue, colour_encoder)["on a third of a cluttered frame"]
    assert not any("part chosen" in name for name in whole)
    encode = colour_encoder.encode_images
    monkeypatch.setattr(colour_encoder, "reads_parts", True)
    monkeypatch.setattr(
        colour_encoder,
        "encode_with_parts",
        lambda image: (encode([image])[0], CutParts(encode, image)),
        raising=False,
    )
    table = measured_pictures(red_and_blue, colour_encoder)
    assert table["as it is"]["the same, part chosen p@10"] == table["as it is"]["picture → kind p@10"]
    assert table["on a third of a cluttered frame"]["the same, part chosen p@10"].mean > 0.5


def test_a_picture_s_own_are_itself_and_those_of_its_title():
    shop = labelled(["Dress"] * 4, titles=["a", "b", "a", ""])
    assert shop.own(0).tolist() == [True, False, True, False]
    assert shop.own(3).tolist() == [False, False, False, True]
