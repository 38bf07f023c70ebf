"""In another order a style is shown by its first variant, and the first of all that answer are kept."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from catalog.models import Product
from search import retrieval
from search.candidates import generator
from search.query import Filters, SearchQuery, Sort, Upload
from search.ranking.orders import first_styles
from tests.search.shop import NOW, picture, reindex

RED = {"text": "red dress"}
SHOWING_RED = {"picture": lambda: Upload(picture("red"))}


def ask(sort=Sort.RELEVANCE, **query):
    made = {name: value() if callable(value) else value for name, value in query.items()}
    asked = SearchQuery(sort=sort, top_k=60, **made)
    return retrieval.search(asked, user=None, now=NOW, track=True)


def shown(result):
    return [hit.product.price for hit in result.hits]


@pytest.fixture
def two_styles(shop, colour_encoder):
    """All red dresses, dealt to two styles whose prices overlap; the most relevant is neither's cheapest."""
    found = [hit.product for hit in ask(**RED, filters=Filters(category=("Dress",), colour=("Red",))).hits]
    assert len(found) >= 4
    half = len(found) // 2
    for place, product in enumerate(found):
        Product.objects.filter(pk=product.pk).update(
            item_group_id=f"style-{place >= half}",
            price=Decimal(100 - place if place < half else 200 - place),
            created_at=NOW.replace(hour=1, minute=place),
            updated_at=NOW.replace(hour=14),
        )
    reindex(colour_encoder)
    return [100 - place if place < half else 200 - place for place in range(len(found))], half


@pytest.mark.parametrize(
    "asked", [RED, {**SHOWING_RED, "weight": 1.0}, {**SHOWING_RED, **RED}, {"browse": True}]
)
def test_the_cheapest_variant_of_a_style_stands_for_it(two_styles, asked):
    prices, half = two_styles
    only = Filters(category=("Dress",), colour=("Red",))
    assert shown(ask(Sort.PRICE, **asked, filters=only)) == [min(prices[:half]), min(prices[half:])]
    dearest = [max(prices[half:]), max(prices[:half])]
    assert shown(ask(Sort.PRICE_DESCENDING, **asked, filters=only)) == dearest


def test_the_newest_variant_of_a_style_stands_for_it(two_styles):
    prices, half = two_styles
    result = ask(Sort.NEWEST, **RED, filters=Filters(category=("Dress",), colour=("Red",)))
    assert shown(result) == [prices[-1], prices[half - 1]]


def test_the_others_of_a_style_are_its_variants_in_any_order(two_styles):
    prices, half = two_styles
    for sort in Sort:
        cards = ask(sort, **RED, filters=Filters(category=("Dress",), colour=("Red",))).hits
        assert sorted(len(card.variants) + 1 for card in cards) == sorted([half, len(prices) - half])


@pytest.mark.parametrize(("sort", "best"), [(Sort.PRICE, min), (Sort.PRICE_DESCENDING, max)])
def test_of_more_than_a_set_holds_the_first_in_the_order_are_kept(shop, monkeypatch, sort, best):
    everything = shown(ask(text="dress"))
    monkeypatch.setattr(generator, "CAP", 3)
    kept = ask(sort, text="dress")
    assert kept.total_is_capped
    assert shown(kept)[0] == best(everything)
    assert shown(kept) == sorted(everything, reverse=best is max)[:3]


@given(styles=arrays(np.int64, st.integers(0, 30), elements=st.integers(0, 9)), count=st.integers(1, 12))
def test_the_first_styles_keep_all_their_members(styles, count):
    kept, is_any_left = first_styles(styles, count)
    wanted = list(dict.fromkeys(styles.tolist()))[:count]
    assert kept.tolist() == [at for at, style in enumerate(styles.tolist()) if style in wanted]
    assert is_any_left == (len(set(styles.tolist())) > count)
