"""What leads to the pages to browse: names and addresses of sections, tiles, links and the sitemap."""

from datetime import timedelta

import pytest

from catalog.models import Product
from search.browsing.sections import Directory, brands, categories
from search.browsing.tiles import tiles
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


def test_what_staff_change_shows_on_the_home_page_after_its_five_minutes(shop):
    moments = (NOW, NOW + timedelta(seconds=picks.KEPT_SECONDS))
    first, later = (picks.showcase(picks.examples(), now=now)["showcase"] for now in moments)
    assert later is not first


def test_the_home_page_takes_no_query_for_its_tiles_once_they_are_known(shop, django_assert_num_queries):
    tiles()
    with django_assert_num_queries(0):
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
