"""What nobody asked for in words: similar products, picks for somebody, and what is popular."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import Favorite, User
from analytics.models import Event, ProductClick, SearchLog
from catalog.models import Product, ProductImage
from search import engine, retrieval
from search.looks.wearers import of_the_other_sex
from search.pages import picks
from search.query import SearchQuery
from search.ranking import taste
from tests.factories import ProductFactory
from tests.search.shop import NOW, reindex

pytestmark = pytest.mark.django_db
LATER = NOW.replace(hour=14)


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.org", "correct horse battery")


def ids(result):
    return [hit.product.product_id for hit in result.hits]


def of_kind(shop, colour, kind):
    return [each for each in shop if (each.colour, each.category) == (colour, kind)]


def one_style(encoder, *products):
    """Make the products colours of one style."""
    keys = [product.pk for product in products]
    Product.objects.filter(pk__in=keys).update(item_group_id="style", updated_at=LATER)
    reindex(encoder)


def sell_out(*products):
    keys = [product.pk for product in products]
    Product.objects.filter(pk__in=keys).update(in_stock=False, updated_at=LATER)
    engine.column_store().expire()


def view(product, user):
    Event.objects.create(type="view", product_id=product.product_id, user=user, timestamp=NOW)


def test_the_other_colours_of_a_product_are_not_similar_to_it(shop, colour_encoder):
    red, other, blue = *of_kind(shop, "Red", "Dress")[:2], of_kind(shop, "Blue", "Dress")[0]
    one_style(colour_encoder, red, other, blue)
    similar = ids(retrieval.similar(red, top_k=60, now=NOW))
    assert similar
    assert not {red.product_id, other.product_id, blue.product_id} & set(similar)


def test_similar_products_can_be_bought(shop):
    result = retrieval.similar(shop[0], top_k=60, now=NOW)
    assert {hit.product.in_stock for hit in result.hits} == {True}


@pytest.mark.parametrize(
    ("gender", "stated", "unfit"),
    [
        ("Women", ("Women", "Men", "Unisex", "Girls", "Boys", "Women, Men"), ("Men", "Boys")),
        ("Herren", ("Damen", "Herren", "Mädchen", "Kinder"), ("Damen", "Mädchen")),
        ("Girls", ("Women", "Men", "Girls", "Boys"), ("Men", "Boys")),
        ("Unisex", ("Women", "Men"), ()),
        ("", ("Women", "Men"), ()),
    ],
)
def test_who_wears_a_product_does_not_wear_the_other_sexs(gender, stated, unfit):
    assert of_the_other_sex(gender, stated) == unfit


def test_similar_products_are_not_for_the_other_sex(shop):
    Product.objects.filter(pk=shop[2].pk).update(gender="Unisex", updated_at=LATER)
    engine.column_store().expire()
    hits = retrieval.similar(shop[0], top_k=60, now=NOW).hits
    assert shop[0].gender == "Women"
    assert {hit.product.gender for hit in hits} == {"Women", "Unisex"}


def test_similar_products_of_one_too_new_for_the_index_are_not_for_the_other_sex(shop):
    new = ProductFactory(title="Red Dress", gender="Men")
    hits = retrieval.similar(new, top_k=60, now=NOW).hits
    assert {hit.product.gender for hit in hits} == {"Men"}


def test_a_similar_product_that_is_opened_says_where_it_stood(client, shop):
    row = client.get(f"{shop[0].get_absolute_url()}/similar", HTTP_HX_REQUEST="true")
    places = re.findall(r'data-product-id="([^"]+)"\s+data-position="(\d+)"', row.content.decode())
    assert places == [(hit.product.product_id, str(hit.rank)) for hit in row.context["result"].hits]
    assert "why-" not in row.content.decode()


def test_a_product_without_a_picture_leads_to_no_search_by_its_picture(client, shop):
    address = f"{shop[0].get_absolute_url()}/similar"
    assert "See all" in client.get(address).content.decode()
    ProductImage.objects.filter(product=shop[0]).delete()
    assert "See all" not in client.get(address).content.decode()


def test_picks_hold_no_other_colour_of_what_was_viewed(shop, colour_encoder, ada):
    viewed, other = of_kind(shop, "Red", "Dress")[:2]
    one_style(colour_encoder, viewed, other)
    view(viewed, ada)
    found = ids(retrieval.search(SearchQuery(top_k=60), user=ada, now=NOW, track=True))
    assert found
    assert not {viewed.product_id, other.product_id} & set(found)


def test_what_a_person_looked_at_bought_or_has_as_a_favourite_is_not_picked_again(shop, ada):
    viewed, bought, favourite = of_kind(shop, "Red", "Dress")[:3]
    view(viewed, ada)
    Event.objects.create(type="purchase", product_id=bought.product_id, user=ada, timestamp=NOW)
    Favorite.objects.create(user=ada, product_id=favourite.product_id)
    found = ids(retrieval.search(SearchQuery(top_k=60), user=ada, now=NOW, track=True))
    assert found
    assert not {each.product_id for each in (viewed, bought, favourite)} & set(found)


def test_what_was_looked_at_long_ago_may_be_picked_again(shop, ada):
    for product in shop[:30]:
        view(product, ada)
    log = SearchLog.objects.create(query_type="text", timestamp=NOW, results_count=1, took_ms=1.0)
    for number, product in enumerate(shop[:30]):
        when = NOW.replace(minute=number)
        ProductClick.objects.create(
            search=log, user=ada, product_id=product.product_id, position=1, timestamp=when
        )
    _interests, keys = taste.of_user(ada, engine.snapshot(), now=LATER)
    assert shop[29].pk in keys
    assert shop[0].pk not in keys


def test_picks_leave_out_what_is_not_wanted(shop, ada):
    view(of_kind(shop, "Red", "Dress")[0], ada)
    query = SearchQuery(top_k=60, exclude="dress")
    result = retrieval.search(query, user=ada, now=NOW, track=True)
    assert result.hits
    assert "Dress" not in {hit.product.category for hit in result.hits}


def test_the_home_page_picks_what_can_be_bought(shop, ada):
    view(of_kind(shop, "Red", "Dress")[0], ada)
    first = picks.for_you(ada, "", now=NOW)[0]
    sell_out(first)
    found = picks.for_you(ada, "", now=NOW)
    assert found
    assert first.product_id not in [each.product_id for each in found]


def test_what_is_popular_can_be_bought(shop):
    cache.delete("home:popular")
    log = SearchLog.objects.create(query_type="text", timestamp=NOW, results_count=1, took_ms=1.0)
    gone, there = shop[4], shop[0]
    for product in (gone, there):
        ProductClick.objects.create(search=log, product_id=product.product_id, position=1, timestamp=NOW)
    assert not gone.in_stock
    assert picks.popular(now=NOW)[0].product_id == there.product_id
    assert gone.product_id not in [each.product_id for each in picks.popular(now=NOW)]
    sell_out(there)
    assert there.product_id not in [each.product_id for each in picks.popular(now=NOW)]


def test_the_answer_to_try_the_slider_on_can_be_bought(client, shop):
    page = client.get(reverse("home"))
    assert {hit.product.in_stock for hit in page.context["showcase"].hits} == {True}


def test_recently_viewed_products_repeat_no_id_of_the_rows_above(client, shop):
    row = client.post(reverse("recently-viewed"), {"id": [shop[0].product_id]}).content.decode()
    assert f'data-product-id="{shop[0].product_id}"' in row
    assert " id=" not in row


def test_the_picks_follow_how_strong_each_interest_is(shop, ada):
    for product in of_kind(shop, "Blue", "Boots")[:2]:
        view(product, ada)
    for product in of_kind(shop, "Red", "Dress")[:1]:
        Favorite.objects.create(user=ada, product_id=product.product_id)
    result = retrieval.search(SearchQuery(top_k=8), user=ada, now=NOW, track=True)
    colours = [hit.product.colour for hit in result.hits]
    assert (colours[0], colours.count("Red"), colours.count("Blue")) == ("Red", 6, 2)
    scores = [hit.score for hit in result.hits]
    assert scores == sorted(scores, reverse=True)
