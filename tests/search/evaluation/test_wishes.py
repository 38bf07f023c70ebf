"""Pictures with words that change one thing about them: what is wanted, and what the search makes of it."""

import io
import json

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from search.evaluation.queries import LabelledProduct, Split
from search.evaluation.wishes import labelled, measures
from search.evaluation.wishes.labelled import LabelledWishes


def product(title, *, kind="Shirts", colour="Red", gender="Men", held_out=True, said=""):
    return LabelledProduct(title, kind, colour, gender, "Fern", held_out, said)


def wishes(products, *, prices=None, pictured=None, split=Split.ALL):
    n = len(products)
    prices = np.full(n, np.nan) if prices is None else np.array(prices, float)
    pictured = np.ones(n, bool) if pictured is None else np.array(pictured)
    return LabelledWishes(products, prices, pictured, split).groups()


def ten(title, **labels):
    return [product(f"{title} {number}", **labels) for number in range(10)]


def test_a_colour_is_wished_of_the_same_kind_by_pictures_of_another():
    groups = wishes([*ten("Red shirt"), *ten("Blue shirt", colour="Blue"), *ten("Bag", kind="Bags")])
    in_blue = [wish for wish in groups["colour"] if wish.text == "in blue"]
    assert {wish.row for wish in in_blue} == set(range(10))
    assert all(np.flatnonzero(wish.wanted).tolist() == list(range(10, 20)) for wish in in_blue)
    assert all(wish.kind.sum() == 20 for wish in in_blue)


def test_too_few_products_are_no_wish():
    groups = wishes([*ten("Red shirt"), *ten("Blue shirt", colour="Blue")[:9]])
    assert {wish.text for wish in groups["colour"]} == {"in red"}


def test_titles_and_attributes_say_what_a_product_is():
    groups = wishes([*ten("Shirt")[:4], *ten("Checked shirt")[:5], *ten("Shirt", said="Casual Plaid")[:5]])
    assert {wish.text for wish in groups["pattern"]} == {"checked"}
    assert groups["pattern"][0].wanted.tolist() == [False] * 4 + [True] * 10


def test_without_a_thing_is_asked_by_what_has_it():
    groups = wishes([*ten("Hooded sweatshirt")[:2], *ten("Sweatshirt")])
    assert {(wish.text, wish.row) for wish in groups["without"]} == {("without hood", 0), ("without hood", 1)}
    assert groups["without"][0].wanted.tolist() == [False] * 2 + [True] * 10


def test_cheaper_means_a_known_price_below_the_own():
    groups = wishes(ten("Shirt") + ten("Shirt")[:2], prices=[*range(10), 50, np.nan])
    (wish,) = groups["cheaper"]
    assert (wish.row, wish.wanted.tolist()) == (10, [True] * 10 + [False] * 2)


def test_a_product_without_a_picture_is_wanted_and_never_asked_with():
    products = [*ten("Red shirt"), *ten("Blue shirt", colour="Blue")]
    groups = wishes(products, pictured=[True] * 10 + [False] * 10)
    assert {wish.text for wish in groups["colour"]} == {"in blue"}


def test_texts_take_turns(monkeypatch):
    monkeypatch.setattr(labelled, "MOST_WISHES", 6)
    groups = wishes([p for c in ("Red", "Blue", "Green") for p in ten(f"{c} shirt", colour=c)])
    texts = [wish.text for wish in groups["colour"]]
    assert texts == ["in blue", "in green", "in red"] * 2


def test_the_halves_are_held_out_and_share_no_title():
    products = [
        *(p for number in range(3) for p in ten("Red shirt", held_out=number > 0)),
        *ten("Blue shirt", colour="Blue"),
    ]
    titles = {
        split: {
            products[wish.row].title for group in wishes(products, split=split).values() for wish in group
        }
        for split in (Split.CHOOSE, Split.REPORT)
    }
    assert all(titles.values())
    assert not titles[Split.CHOOSE] & titles[Split.REPORT]
    unseen = [product(f"Red shirt {number}", held_out=False) for number in range(20)]
    assert wishes([*unseen, *ten("Blue shirt", colour="Blue", held_out=False)], split=Split.REPORT) == {}


def measured(*arguments):
    out = io.StringIO()
    call_command("evaluate", "--wishes", *arguments, stdout=out)
    return out.getvalue()


def test_a_search_keeps_the_kind_and_takes_the_wished_colour(shop, monkeypatch):
    monkeypatch.setattr(labelled, "MIN_RELEVANT", 5)
    monkeypatch.setattr(labelled, "MOST_WISHES", 9)
    monkeypatch.setattr(measures, "WEIGHTS", (0.3, 0.9))
    found = json.loads(measured("--json"))["wishes"]
    assert {"colour", "pattern", "material", "for whom", "cheaper", "without"} <= found.keys()
    by_method = found["colour"]["methods"]
    assert by_method.keys() == {"search", "document vectors", "picture vectors"}
    by_weight = by_method["search"]
    assert by_weight.keys() == {"0.3", "0.9"}
    # Five of ten can be of the kind and in the colour.
    assert by_weight["0.3"]["p@10"]["mean"] > by_weight["0.9"]["p@10"]["mean"]
    assert by_weight["0.3"]["p@10"]["mean"] <= 0.5
    assert by_method["picture vectors"]["0.9"]["p@10"]["mean"] == 0.0


def test_cheaper_is_answered_by_the_search_alone(shop, monkeypatch):
    monkeypatch.setattr(labelled, "MIN_RELEVANT", 5)
    monkeypatch.setattr(labelled, "MOST_WISHES", 4)
    monkeypatch.setattr(measures, "WEIGHTS", (0.5,))
    cheaper = json.loads(measured("--json"))["wishes"]["cheaper"]["methods"]
    shares = {name: by_weight["0.5"]["p@10"]["mean"] for name, by_weight in cheaper.items()}
    assert shares["search"] > max(shares["document vectors"], shares["picture vectors"])
    assert measured().splitlines()[-1].endswith("wishes (all).")


def test_a_catalogue_without_any_wish_is_refused(shop, monkeypatch):
    monkeypatch.setattr(labelled, "MIN_RELEVANT", 100)
    with pytest.raises(CommandError, match="No wish"):
        measured()
