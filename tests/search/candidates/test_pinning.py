"""Pins stand at their places among what answers: on every page, whatever is left out, whichever ranking."""

from datetime import timedelta
from importlib import import_module

import numpy as np
import pytest
from django.apps import apps
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from search import retrieval
from search.candidates.pinning import places
from search.models import CuratedPlacement, RankingRule
from search.query import Filters, SearchQuery, Sort, Upload
from tests.factories import ProductFactory
from tests.search.answers import asking
from tests.search.shop import NOW, picture, reindex

TEXT = "dress"


@given(st.lists(st.integers(1, 30), max_size=8), st.integers(0, 12))
def test_every_pin_stands_at_its_place_at_the_next_free_one_or_at_the_end(wanted, more):
    wanted, total = sorted(wanted), len(wanted) + more
    found = places(wanted, total)
    assert found == sorted(set(found))
    assert all(0 <= row < total for row in found)
    for number, (place, row) in enumerate(zip(wanted, found, strict=True)):
        is_at_the_end = row == total - (len(wanted) - number)
        is_behind_another = number > 0 and row == found[number - 1] + 1
        assert row == place - 1 or is_at_the_end or (is_behind_another and row >= place)


@pytest.mark.parametrize(
    ("wanted", "total", "expected"),
    [
        ([5], 16, [4]),
        ([3, 3, 4], 16, [2, 3, 4]),
        ([30], 16, [15]),
        ([2, 30, 40], 16, [1, 14, 15]),
        ([1, 2], 2, [0, 1]),
    ],
)
def test_places_that_are_taken_or_behind_the_end(wanted, total, expected):
    assert places(wanted, total) == expected


def search(text=TEXT, **query):
    asked = SearchQuery(**{"text": text, "top_k": 60, **query})
    return retrieval.search(asked, user=None, now=NOW, track=False, log=False)


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def pin(title, place, query=TEXT, **fields):
    product = Product.objects.get(title=title)
    CuratedPlacement.objects.create(query=query, product=product, kind="pin", position=place, **fields)
    return product.product_id


def test_a_pin_stands_at_its_place_and_the_others_keep_their_order(shop):
    before = ids(search())
    # A bag answers because it is pinned, and the last dress because it fits.
    bag, last = pin("Red bag no. 1", 5), before[-1]
    CuratedPlacement.objects.create(query=TEXT, product=Product.objects.get(product_id=last), position=2)
    after = search()
    assert (ids(after).index(bag), ids(after).index(last)) == (4, 1)
    assert [each for each in ids(after) if each not in (bag, last)] == before[:-1]
    assert [hit.rank for hit in after.hits if hit.is_pinned] == [2, 5]


def test_scores_order_the_list_and_are_the_sum_of_their_terms(shop):
    RankingRule.objects.create(name="Fern", field="brand", value="Fern", strength=2, query=TEXT)
    for title, place in (("Red bag no. 1", 1), ("Blue boots no. 3", 4), ("Green bag no. 2", 9)):
        pin(title, place)
    hits = search().hits
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        assert np.clip(hit.terms["words"] + hit.terms["rest"], 0, 1) == pytest.approx(hit.score, abs=1e-3)


def test_pins_that_lead_have_the_full_score(shop):
    for place, title in enumerate(("Red bag no. 1", "Blue boots no. 3"), start=1):
        pin(title, place)
    assert [hit.score for hit in search().hits[:2]] == [1.0, 1.0]


def test_a_pin_that_is_left_out_leaves_no_gap_and_takes_no_place(shop):
    sold_out = Product.objects.filter(in_stock=False, category="Dress").first()
    pin(sold_out.title, 3)
    kept = pin("Red bag no. 1", 3)
    assert ids(search()).index(kept) == 3
    left = search(filters=Filters(in_stock=True))
    assert ids(left).index(kept) == 2
    assert sold_out.product_id not in ids(left)
    assert len(left.hits) == left.total


def test_a_pin_is_on_the_page_of_its_place_and_there_alone(client, shop):
    pinned = pin("Red bag no. 1", 9)
    first = asking.ask(client, "text-search", text=TEXT, top_k=4).json()
    pages = asking.ids(first) + asking.rest(client, first, name="text-search")
    assert [at for at, each in enumerate(pages, start=1) if each == pinned] == [9]
    third = asking.ask(client, "text-search", text=TEXT, top_k=4, offset=8).json()
    assert [(hit["rank"], hit["is_pinned"]) for hit in third["results"]][:2] == [(9, True), (10, False)]
    page = client.get("/results", {"text": TEXT, "top_k": 4, "offset": 8}).content.decode()
    assert page.partition(f'data-product-id="{pinned}"')[2].partition(">")[0].endswith("data-pinned")


def test_a_style_stands_once_at_the_place_of_its_pin_and_shows_it(shop, colour_encoder):
    style = Product.objects.filter(category="Dress").order_by("pk")[:3]
    Product.objects.filter(pk__in=[each.pk for each in style]).update(item_group_id="one")
    reindex(colour_encoder)
    for place, product in zip((6, 9), (style[2], style[0]), strict=True):
        pin(product.title, place)
    found = search()
    assert ids(found)[5] == style[2].product_id
    assert not {style[0].product_id, style[1].product_id} & set(ids(found))
    assert {each.product_id for each in found.hits[5].variants} == {
        style[0].product_id,
        style[1].product_id,
    }


def test_of_two_pins_of_one_place_the_earlier_made_stands_there(shop):
    first, second, third = (pin(f"Red bag no. {at}", place) for at, place in ((3, 4), (1, 4), (0, 5)))
    assert ids(search())[3:6] == [first, second, third]


@pytest.mark.parametrize("sort", [Sort.PRICE, Sort.NEWEST])
def test_an_order_moves_no_pin(shop, sort):
    pin("Red dress no. 3", 5)
    ordered = search(sort=sort)
    values = [hit.product.price if sort == Sort.PRICE else hit.product.created_at for hit in ordered.hits]
    assert values == sorted(values, reverse=sort == Sort.NEWEST)
    assert not any(hit.is_pinned for hit in ordered.hits)


def test_beside_a_picture_and_in_spread_answers_places_hold_too(shop):
    pinned = pin("Green boots no. 3", 5)
    for query in ({"picture": Upload(picture("red"))}, {"diversity": 0.8}):
        assert ids(search(**query)).index(pinned) == 4


def test_a_buried_product_stays_last_behind_a_pin_of_the_last_place(shop):
    buried = Product.objects.get(product_id=ids(search())[0])
    CuratedPlacement.objects.create(query=TEXT, product=buried, kind="bury")
    pinned = pin("Red bag no. 1", 1000)
    assert ids(search())[-2:] == [buried.product_id, pinned]


@pytest.mark.django_db
def test_pins_of_before_keep_what_they_did():
    now = timezone.now()
    past, coming = now - timedelta(days=1), now + timedelta(days=1)
    made = [
        (7, "dress", "pin", {}),
        (3, "dress", "pin", {}),
        (2, "dress", "pin", {"starts_at": coming}),
        (1, "dress", "pin", {"ends_at": past}),
        (9, "boots", "pin", {}),
        (4, "dress", "bury", {}),
    ]
    rows = [
        CuratedPlacement.objects.create(
            query=query, kind=kind, position=place, product=ProductFactory(), **period
        )
        for place, query, kind, period in made
    ]
    import_module("search.migrations.0014_places_of_pins").number(apps, None)
    # Two of "dress" led; a third will from tomorrow on, and leaves no gap until then.
    assert [CuratedPlacement.objects.get(pk=row.pk).position for row in rows] == [2, 1, 1, 1, 1, 4]
