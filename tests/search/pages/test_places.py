"""What leads to the pages to browse: names and addresses of sections, tiles, links and the sitemap."""

from datetime import timedelta

import pytest

from catalog.models import Product
from search import engine
from search.browsing.sections import Directory, brands, categories
from search.browsing.tiles import has_sale, tiles
from search.models import CuratedPlacement, RankingRule, Synonym
from search.pages import picks
from search.pages.addresses import results_url
from search.pages.places import BrowsingQuery, Place
from search.query import Filters, SearchQuery, Sort
from tests.factories import NOW, ProductFactory, ProductImageFactory
from tests.search.pages.test_browsing_pages import page_of

pytestmark = pytest.mark.django_db


def test_the_address_of_a_place_says_what_was_chosen_there_alone(shop):
    place = Place.of(categories().find("apparel"))
    plain = BrowsingQuery.at(place, SearchQuery())
    assert results_url(plain) == "/category/apparel"
    chosen = BrowsingQuery.at(place, SearchQuery(filters=Filters(colour=("Red",)), sort=Sort.PRICE))
    assert results_url(chosen) == "/category/apparel?colour=Red&sort=price"
    assert results_url(chosen, offset=24) == "/category/apparel?colour=Red&sort=price&offset=24"


def test_two_names_with_the_same_slug_keep_addresses_of_their_own():
    directory = Directory("category", [(("T Shirts",), 9), (("T/Shirts",), 4), (("★",), 2)])
    slugs = [each.slug for each in directory.sections]
    assert len(set(slugs)) == 3
    assert [directory.find(slug).name for slug in slugs] == ["T Shirts", "T/Shirts", "★"]


def test_spellings_of_one_category_are_one_section():
    ProductFactory.create_batch(2, category="Dresses", category_path="Apparel > Dresses")
    ProductFactory(category="DRESSES", category_path="APPAREL>dresses")
    assert [(each.value, each.count) for each in categories().sections] == [
        ("Apparel", 3),
        ("Apparel > Dresses", 3),
    ]


def test_a_brand_is_found_by_its_name_and_its_slug():
    ProductFactory(brand="Moss & Fern")
    assert {brands().find(each).name for each in ("moss-fern", "Moss & Fern", "MOSS & FERN")} == {
        "Moss & Fern"
    }


def test_the_home_page_links_categories_with_a_picture_of_what_can_be_bought(client, shop):
    page = page_of(client, "/")
    assert page.count('class="tile"') == 4
    assert 'href="/category/apparel/dress"' in page
    pictures = {product.cover.thumbnail_url for product in shop if product.in_stock}
    assert {tile.image for tile in tiles()} <= pictures


def test_a_category_whose_pictures_are_of_sold_out_products_has_no_tile():
    gone = ProductFactory(category="Hat", category_path="Hat", in_stock=False)
    ProductImageFactory(product=gone, kept=True)
    assert tiles() == ()


def test_the_answer_to_try_the_slider_on_is_searched_once_while_the_catalogue_stands(shop):
    first, again = (picks.showcase(picks.examples(), now=NOW)["showcase"] for _time in range(2))
    assert again is first
    Product.objects.filter(pk=first.hits[0].product.pk).deactivate(NOW)
    later = picks.showcase(picks.examples(), now=NOW)["showcase"]
    assert first.hits[0].product not in [hit.product for hit in later.hits]


def test_the_answer_to_try_the_slider_on_is_searched_again_after_five_minutes(shop):
    moments = (NOW, NOW + timedelta(seconds=picks.KEPT_SECONDS))
    first, later = (picks.showcase(picks.examples(), now=now)["showcase"] for now in moments)
    assert later is not first


def pin(product, words):
    CuratedPlacement.objects.create(query=words, product=product, kind=CuratedPlacement.Kind.PIN)


def bury(product, words):
    CuratedPlacement.objects.create(query=words, product=product, kind=CuratedPlacement.Kind.BURY)


def rename(product, words):
    Synonym.objects.create(term=words.split()[-1], alternatives=product.title)


def boost(product, words):
    RankingRule.objects.create(name="Brand", field="brand", value=product.brand, strength=3)


@pytest.mark.parametrize("change", [pin, bury, rename, boost])
def test_what_staff_change_shows_on_the_home_page_at_once(shop, change):
    example = next(each for each in picks.examples() if each.product)
    before = picks.showcase([example], now=NOW)["showcase"]
    change(Product.objects.get(pk=before.hits[-1].product.pk), example.words)
    assert picks.showcase([example], now=NOW)["showcase"] is not before


def test_a_pin_leads_the_home_pages_answer_at_once(shop):
    example = next(each for each in picks.examples() if each.product)
    last = picks.showcase([example], now=NOW)["showcase"].hits[-1].product
    pin(Product.objects.get(pk=last.pk), example.words)
    assert picks.showcase([example], now=NOW)["showcase"].hits[0].product == last


def test_staff_who_curate_other_searches_leave_the_home_page_as_it_is(shop):
    first = picks.showcase(picks.examples(), now=NOW)["showcase"]
    pin(shop[0], "something else")
    assert picks.showcase(picks.examples(), now=NOW)["showcase"] is first


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ("49.90", "black dress under 50"),
        ("60.00", "black dress under 70"),
        ("8900", "black dress under 9000"),
        ("7.500", "black dress under 8"),
        ("0.50", "black dress under 1"),
        (None, "black dress"),
    ],
)
def test_the_example_of_words_names_a_price_of_the_shop(price, words):
    ProductImageFactory(product=ProductFactory(category="Dress", colour="Red", price="5.00"), kept=True)
    ProductImageFactory(product=ProductFactory(category="Dress", colour="Black", price=price), kept=True)
    assert picks.examples()[-1].words == words


def test_an_example_whose_product_is_hidden_gives_way_to_another_at_once(shop):
    first = next(each.product for each in picks.examples() if each.product)
    Product.objects.filter(pk=first.pk).deactivate(NOW)
    shown = [each.product for each in picks.examples() if each.product]
    assert shown
    assert first not in shown


def test_a_tile_shows_no_hidden_product(shop):
    (hidden, *_others) = [tile.product for tile in tiles()]
    Product.objects.filter(pk=hidden).deactivate(NOW)
    assert hidden not in [tile.product for tile in tiles()]


def test_the_last_reduced_price_takes_the_tile_of_the_sale_along(shop):
    assert has_sale()
    Product.objects.update(list_price=None, updated_at=Product.objects.next_generation(NOW))
    engine.column_store().expire()
    assert not has_sale()


def test_the_home_page_takes_one_query_for_its_tiles_once_they_are_known(shop, django_assert_num_queries):
    tiles()
    tiles()
    with django_assert_num_queries(1):
        tiles()


def test_a_product_leads_to_its_categories_and_its_brand(client, shop):
    page = page_of(client, shop[0].get_absolute_url())
    for address in ("/category/apparel", "/category/apparel/dress", "/brand/fern"):
        assert f'href="{address}"' in page


def test_the_sitemap_lists_categories_and_brands(client, shop):
    listed = client.get("/sitemap-sections.xml").content.decode()
    for address in ("/category/apparel/dress", "/brand/moss"):
        assert f"<loc>http://testserver{address}</loc>" in listed
    assert "<loc>http://testserver/new</loc>" in client.get("/sitemap-pages.xml").content.decode()
