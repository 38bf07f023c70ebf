"""What people bought together: it decides between pieces, and stands in a row of its own."""

import pytest

from analytics.events.models import ProductPair
from catalog.models import Product
from search.looks.complete import look_of
from tests.search.looks.test_looks import titles
from tests.search.shop import NOW


def bought(first, second, *, score=0.5, count=4):
    return ProductPair.objects.create(
        kind=ProductPair.Kind.BOUGHT, product=first, other=second, score=score, count=count, learned_at=NOW
    )


@pytest.fixture
def shirt(wardrobe):
    return wardrobe["Navy Blue Shirts"]


def pieces(product):
    return {piece.slot: piece for piece in look_of(product, now=NOW).pieces}


def test_what_was_bought_with_it_is_preferred_in_its_slot(shirt, wardrobe):
    assert pieces(shirt)["bottom"].product == wardrobe["Grey Trousers"]
    bought(shirt, wardrobe["Orange Trousers"])
    assert pieces(shirt)["bottom"].product == wardrobe["Orange Trousers"]
    assert pieces(shirt)["bottom"].reason.startswith("often bought with it")


def test_what_fills_no_slot_stands_in_its_own_row(shirt, wardrobe, client):
    bought(shirt, wardrobe["Gold Perfume"])
    bought(shirt, wardrobe["Brown Belts"], score=0.4)
    look = look_of(shirt, now=NOW)
    assert [(each.product, each.reason) for each in look.bought] == [
        (wardrobe["Gold Perfume"], "4 people bought both")
    ]
    page = client.get(f"{shirt.get_absolute_url()}/look").content.decode()
    assert "4 people bought both" in page.split('id="bought"')[1]
    answer = client.get(f"/api/v1/complete-the-look/{shirt.product_id}").json()
    assert [each["product"]["id"] for each in answer["bought_together"]] == [
        wardrobe["Gold Perfume"].product_id
    ]


def test_what_cannot_be_worn_together_is_no_piece_although_it_was_bought(shirt, wardrobe):
    bought(shirt, wardrobe["Black Skirts"])
    assert pieces(shirt)["bottom"].product == wardrobe["Grey Trousers"]


def test_what_is_sold_out_is_not_shown(shirt, wardrobe):
    bought(shirt, wardrobe["Gold Perfume"])
    Product.objects.filter(pk=wardrobe["Gold Perfume"].pk).update(in_stock=False)
    assert look_of(shirt, now=NOW).bought == []


def test_without_events_the_table_alone_decides(shirt):
    assert look_of(shirt, now=NOW).bought == []
    assert titles(shirt)["bottom"] == "Grey Trousers"
