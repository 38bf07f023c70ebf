"""The pages to browse: categories, brands, what is new and on sale."""

import re

import pytest
from django.http import QueryDict
from django.utils import timezone

from catalog.models import Product
from search import engine
from search.pages.addresses import read_query
from search.query import Filters, SearchQuery
from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "results"}


def page_of(client, address, **headers):
    response = client.get(address, **headers)
    assert response.status_code == 200, address
    return response.content.decode()


def titles(page):
    return re.findall(r'class="card-title"[^>]*>([^<]+)<', page.split('id="grid"')[1].split("</ol>")[0])


def filters_of(page):
    return page.split('id="filters-form"')[1].split("</form>")[0]


def parameters(address):
    return read_query(QueryDict(address.partition("?")[2]))


def test_a_category_shows_its_products_alone(client, shop):
    page = page_of(client, "/category/apparel/dress")
    assert len(titles(page)) == 15
    assert all("dress" in title for title in titles(page))
    assert re.search(r"<h1>\s*Dress\s*</h1>", page)


def test_a_category_shows_the_products_of_those_below_it_and_links_them(client, shop):
    page = page_of(client, "/category/apparel")
    assert "60 pieces" in page
    assert 'href="/category/apparel/boots"' in page


@pytest.mark.parametrize(
    "address",
    [
        "/category/Apparel/Dress",
        "/category/apparel/dress/",
        "/category/dress",
        "/category/Apparel > Dress",
        "/category/DRESS",
    ],
)
def test_other_spellings_of_a_category_lead_to_its_address(client, shop, address):
    response = client.get(address, {"colour": "Red"})
    assert (response.status_code, response["Location"]) == (301, "/category/apparel/dress?colour=Red")


@pytest.mark.parametrize(
    "address", ["/category/hats", "/category/apparel/hats", "/brand/nobody", "/category/%00"]
)
def test_what_the_shop_does_not_have_is_a_404(client, shop, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", ["/category/apparel/dress", "/brand/fern", "/new", "/sale"])
def test_a_place_answers_head_like_get(client, shop, address):
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (200, b"")
    assert got.status_code == 200


def test_a_brand_shows_its_products_alone(client, shop):
    page = page_of(client, "/brand/fern")
    assert set(re.findall(r'class="card-brand">([^<]+)<', page)) == {"Fern"}
    assert 'name="brand"' not in filters_of(page)


def test_on_sale_shows_reduced_products_alone(client, shop):
    page = page_of(client, "/sale")
    assert "12 pieces" in page
    assert page.split('id="grid"')[1].split("</ol>")[0].count("price--reduced") == 12


@pytest.mark.parametrize("address", ["/sale", "/sale?colour=Red"])
def test_without_a_sale_it_says_so_and_offers_what_is_new(client, shop, address):
    Product.objects.update(list_price=None)
    newest = next(product for product in shop if product.colour == "Red")
    Product.objects.filter(pk=newest.pk).update(created_at=timezone.now())
    engine.forget()
    page = page_of(client, address)
    assert "<h2>Nothing here is reduced at the moment. This is what is new.</h2>" in page
    assert 'href="/new"' in page.split('class="state"')[1].split("</div>")[0]
    assert f">{newest.title}<" in page.split('id="close-title"')[1].split("</li>")[0]
    assert "without" not in page.split('id="results"')[1]


def test_a_search_for_reduced_things_says_what_is_left_without(client, shop):
    Product.objects.update(list_price=None)
    engine.forget()
    result = client.get("/results", {"text": "red dress", "on_sale": "on"}).context["result"]
    assert result.relaxed.text == "5 without “on sale”"


def test_new_in_starts_with_the_newest(client, shop):
    newest = shop[37]
    newest.created_at = timezone.now()
    newest.save()
    assert titles(page_of(client, "/new"))[0] == newest.title
    assert re.search(r'<option value="" selected>Newest<', page_of(client, "/new"))
    assert re.search(r'<option value="relevance" selected>', page_of(client, "/new?sort=relevance"))


def test_a_place_is_indexed_and_names_its_address(client, shop):
    page = page_of(client, "/category/apparel/dress")
    assert '<link rel="canonical" href="http://testserver/category/apparel/dress">' in page
    assert "noindex" not in page


def test_a_further_page_of_a_place_is_indexed_under_its_own_address(client, shop):
    page = page_of(client, "/category/apparel?offset=24")
    assert '<link rel="canonical" href="http://testserver/category/apparel?offset=24">' in page
    assert "noindex" not in page


@pytest.mark.parametrize(
    ("address", "last"),
    [
        ("/results?text=dress&offset=984", "/results?text=dress"),
        ("/results?offset=96", "/results?offset=48"),
        ("/category/apparel?colour=Red&offset=960", "/category/apparel?colour=Red"),
        ("/brand/fern?sort=price&offset=50&top_k=5", "/brand/fern?sort=price&offset=35&top_k=5"),
        ("/new?offset=60", "/new?offset=48"),
    ],
)
def test_a_page_behind_the_last_leads_to_the_last(client, shop, address, last):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (303, last)
    assert titles(page_of(client, last))


def test_more_cards_than_there_are_lead_nowhere(client, shop):
    assert client.get("/results?offset=96", **HTMX).status_code == 200


@pytest.mark.parametrize("chosen", ["colour=Red", "sort=price", "in_stock=true"])
def test_a_filtered_or_sorted_place_is_not_indexed(client, shop, chosen):
    page = page_of(client, f"/category/apparel/dress?{chosen}")
    assert 'content="noindex, follow"' in page
    assert '<link rel="canonical" href="http://testserver/category/apparel/dress">' in page


def test_a_search_is_not_indexed(client, shop):
    assert 'content="noindex, follow"' in page_of(client, "/results?text=red")


def test_filters_chips_pages_and_sorting_stay_in_the_place(client, shop):
    page = page_of(client, "/category/apparel?colour=Red&brand=Fern&top_k=4")
    main = page.split('class="layout"')[1].split("</main>")[0]
    assert 'action="/category/apparel"' in main
    links = re.findall(r'(?:href|hx-get)="(/[^"]*)"', main)
    followed = [link for link in links if not link.startswith(("/products/", "/static/"))]
    assert followed
    assert all(link.startswith("/category/apparel") for link in followed)


def test_a_fragment_of_a_place_pushes_the_places_address(client, shop):
    response = client.get("/category/apparel?colour=Red&price_min=", **HTMX)
    assert response["HX-Push-Url"] == "/category/apparel?colour=Red"
    assert "<html" not in response.content.decode()


def test_the_category_facet_of_a_place_holds_what_lies_below_it(client, shop):
    ProductFactory(category="Lamp", category_path="Home > Lamp")
    page = page_of(client, "/category/apparel")
    values = re.findall(r'name="category"\s+value="([^"]+)"', filters_of(page))
    assert sorted(values) == [f"Apparel &gt; {kind}" for kind in ("Bag", "Boots", "Dress", "Shirt")]


def test_a_chosen_category_narrows_its_place(client, shop):
    page = page_of(client, "/category/apparel?category=Apparel > Boots")
    assert all("boots" in title for title in titles(page))
    assert re.search(r"<h1>\s*Apparel\s*</h1>", page)


def test_a_category_of_elsewhere_does_not_leave_the_place(client, shop):
    assert len(titles(page_of(client, "/category/apparel/dress?category=Apparel > Boots"))) == 15


def test_words_at_a_place_are_a_search_among_its_products(client, shop):
    response = client.get("/category/apparel/dress?text=red")
    assert response.status_code == 303
    assert parameters(response["Location"]) == SearchQuery(
        text="red", filters=Filters(category=("Apparel > Dress",))
    )


@pytest.mark.parametrize("address", ["/category/apparel/dress?price_min=many", "/new?sort=loveliest"])
def test_what_cannot_be_read_at_a_place_is_refused_with_advice(client, shop, address):
    assert client.get(address).status_code == 400


def test_a_search_says_what_its_total_counts(client, shop):
    assert "that match your words" in page_of(client, "/results?text=red")
    both = f"/results?text=red&image_id=product:{shop[0].product_id}"
    assert "that fit your words and your picture" in page_of(client, both)


@pytest.mark.parametrize(
    ("chosen", "named", "chip"),
    [
        ("size=58", "size 58", "size 58"),
        ("category=Apparel > Hats", "category Hats", "Hats"),
        ("attribute=season:Monsoon", "Monsoon", "Monsoon"),
    ],
)
def test_a_filter_that_was_let_go_is_named_as_a_shopper_reads_it(client, shop, chosen, named, chip):
    hint = re.search(r'class="hint">(.*?)</p>', page_of(client, f"/results?{chosen}"), re.DOTALL)[1]
    assert re.search(rf"60 without {named}\s*<", hint)
    assert re.search(rf"<span>\s*{chip}\s*</span>", hint)


def test_a_category_without_anything_left_offers_what_is_left_without_the_filter(client, shop):
    page = page_of(client, "/category/apparel/dress?price_min=9999")
    hint = re.search(r'class="hint">(.*?)</p>', page, re.DOTALL)[1]
    assert 'href="/category/apparel/dress"' in hint


def test_a_total_of_one_says_what_it_counts_in_the_singular(client, shop):
    page = page_of(client, "/results?text=dress&colour=Red&price_max=10")
    assert ">1 piece<" in page
    assert "that matches your words" in page
