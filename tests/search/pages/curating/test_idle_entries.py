"""Staff are told of pins and rules that move no product as the shop stands, and of redirects to nowhere."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from catalog.models import Product
from search import engine
from search.models import CuratedPlacement, RankingRule, Redirect
from tests.factories import NOW, ProductFactory

LATER = NOW + timedelta(hours=1)
DAYS = dict.fromkeys(("starts_at_0", "starts_at_1", "ends_at_0", "ends_at_1"), "")


@pytest.fixture
def told(admin_client):
    """``told("rankingrule", ...)`` adds a row in the admin and returns the warnings."""

    def add(name, /, **form):
        response = admin_client.post(reverse(f"admin:search_{name}_add"), DAYS | form)
        assert response.status_code == 302
        said = get_messages(response.wsgi_request)
        return [str(message) for message in said if message.level_tag == "warning"]

    return add


def pin(product, query="red dress", **fields):
    return {"query": query, "product": product.pk, "kind": "pin", "position": 1, **fields}


def titled(title):
    return Product.objects.get(title=title)


def test_a_pin_that_the_words_let_through_is_not_remarked(shop, told):
    assert told("curatedplacement", **pin(titled("Red dress no. 3"))) == []
    # Whatever its kind: the words alone keep it away, and staff know better.
    assert told("curatedplacement", **pin(titled("Red bag no. 1"))) == []
    assert told("curatedplacement", **pin(titled("Blue bag no. 1"), kind="bury")) == []


@pytest.mark.parametrize("place", [1, 4, 9, 1000])
def test_a_pin_is_looked_for_where_its_place_is(shop, told, monkeypatch, place):
    monkeypatch.setattr("search.operations.idle.MAX_TOP_K", 4)
    assert told("curatedplacement", **pin(titled("Red bag no. 1"), query="dress", position=place)) == []
    missed = told("curatedplacement", **pin(titled("Blue dress no. 0"), position=place))
    assert len(missed) == 1


def test_a_pin_of_a_colour_whose_style_another_stands_for_is_not_remarked(shop, told):
    first, other = titled("Red dress no. 3"), titled("Red dress no. 4")
    Product.objects.filter(pk__in=[first.pk, other.pk]).update(item_group_id="style", updated_at=LATER)
    assert told("curatedplacement", **pin(first)) == []
    assert told("curatedplacement", **pin(other) | {"position": 2}) == []


def test_a_pin_that_does_not_pass_what_the_words_are_read_as_is_remarked(shop, told):
    said = told("curatedplacement", **pin(titled("Blue dress no. 0")))
    assert said == ["“Blue dress no. 0” is not shown: it does not pass what “red dress” is read as (Red)."]


def test_a_pin_of_what_is_not_active_is_remarked(shop, told):
    hidden = titled("Red dress no. 0")
    Product.objects.filter(pk=hidden.pk).deactivate(timezone.now())
    said = told("curatedplacement", **pin(hidden))
    assert said == ["“Red dress no. 0” is not active, so no search shows it."]


def test_a_pin_of_what_is_not_indexed_yet_is_remarked(shop, told):
    new = ProductFactory(title="Something new")
    said = told("curatedplacement", **pin(new, query="dress"))
    assert said == ["“Something new” is not shown for “dress” before the next reindex."]


def test_a_pin_that_is_still_to_come_is_not_remarked(shop, told):
    day = (timezone.now() + timedelta(days=400)).date().isoformat()
    coming = pin(titled("Blue dress no. 0"), starts_at_0=day, starts_at_1="10:00")
    assert told("curatedplacement", **coming) == []


@pytest.mark.parametrize(
    ("value", "is_remarked"), [("Fern", False), ("fern", False), ("Fern, Moss", True), ("Nobody", True)]
)
def test_a_rule_for_what_nobody_sells_is_remarked(shop, told, value, is_remarked):
    said = told(
        "rankingrule", name="Sale", kind="boost", strength=2, field="brand", value=value, is_enabled="on"
    )
    assert said == ["No product is of this kind, so this rule moves nothing."] * is_remarked


SAME, AGAINST = "moves the same products, and the two add up.", "moves the same products the other way."


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"value": "fern"}, SAME),
        ({"kind": "bury", "strength": 1}, AGAINST),
        ({"kind": "bury", "query": "dress"}, ""),
        ({"kind": "bury", "value": "Moss"}, ""),
        ({"kind": "bury", "is_enabled": False}, ""),
        ({"kind": "bury", "ends_at": datetime(2000, 1, 1, tzinfo=UTC)}, ""),
    ],
)
def test_a_rule_beside_one_for_the_same_products_is_remarked(shop, told, other, said):
    RankingRule.objects.create(**{"name": "Old", "kind": "boost", "field": "brand", "value": "Fern"} | other)
    found = told(
        "rankingrule", name="New", kind="boost", strength=2, field="brand", value="Fern", is_enabled="on"
    )
    assert found == [f"“Old” {said}"] * bool(said)


@pytest.mark.parametrize(
    ("path", "is_remarked"),
    [
        ("/results?text=blue+dress", False),
        ("/results?text=dresses+red", True),
        ("/results?text=frock", True),
        ("/results?category=Dress", False),
    ],
)
def test_a_redirect_that_is_not_followed_is_remarked(shop, told, path, is_remarked):
    Redirect.objects.create(query="frock", path="/sale")
    said = told("redirect", query="red dress", path=path)
    sentence = f"“red dress” shows its own results: what {path} searches for leads on or back."
    assert said == [sentence] * is_remarked


@pytest.mark.parametrize(
    ("path", "is_remarked"),
    [
        ("/sale", False),
        ("/admin", False),
        ("/slae?text=a", True),
        ("/category/apparel/dress", False),
        ("/category/apparel/gown", True),
        ("/brand/fern", False),
        ("/brand/nobody", True),
        ("/products/nobodys", True),
        ("/products/nobodys/look", True),
    ],
)
def test_a_redirect_to_no_page_is_remarked(shop, told, path, is_remarked):
    said = told("redirect", query="red dress", path=path)
    assert said == [f"There is no page of Tandem at {path}. See that the shop has one."] * is_remarked
    assert Redirect.objects.count() == 1


@pytest.mark.parametrize("page", ["product", "similar", "look"])
def test_a_redirect_to_a_page_of_a_product_is_not_remarked(shop, told, page):
    assert told("redirect", query="red dress", path=reverse(page, args=[shop[0].product_id])) == []


def test_without_an_index_an_entry_is_saved_all_the_same(shop, told, monkeypatch):
    def missing():
        raise engine.NotReady("There is no index yet.", "manage.py reindex")

    monkeypatch.setattr(engine, "snapshot", missing)
    assert told("curatedplacement", **pin(titled("Blue dress no. 0"))) == []
    assert CuratedPlacement.objects.count() == 1
