from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import ProductFactory

pytestmark = pytest.mark.django_db
LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"


def locations(response):
    # The document is our own.
    return [each.text for each in ElementTree.fromstring(response.content).iter(LOCATION)]  # noqa: S314


def test_robots_names_the_sitemap_and_keeps_crawlers_out_of_searches(client):
    lines = client.get("/robots.txt").content.decode().splitlines()
    assert "Disallow: /results" in lines
    assert "Sitemap: http://testserver/sitemap.xml" in lines


def test_the_sitemap_lists_active_products_alone(client):
    shown, hidden = ProductFactory(), ProductFactory(is_active=False)
    index = locations(client.get("/sitemap.xml"))
    assert "http://testserver/sitemap-products.xml" in index
    listed = locations(client.get("/sitemap-products.xml"))
    assert listed == [f"http://testserver{shown.get_absolute_url()}"]
    assert not any(hidden.product_id in each for each in listed)


def test_a_catalogue_larger_than_one_file_is_split(client, monkeypatch):
    ProductFactory.create_batch(3)
    monkeypatch.setattr("config.crawlers.ProductSitemap.limit", 2)
    parts = [each for each in locations(client.get("/sitemap.xml")) if "products" in each]
    assert [each.rpartition("/")[2] for each in parts] == ["sitemap-products.xml", "sitemap-products.xml?p=2"]
    found = [each for part in parts for each in locations(client.get(part.removeprefix("http://testserver")))]
    assert len(set(found)) == 3


@pytest.mark.parametrize("address", ["/sitemap.xml", "/sitemap-products.xml"])
def test_the_sitemap_is_for_reading_alone(client, address):
    assert client.post(address).status_code == 405
    assert client.get(address)["Cache-Control"] == "public, max-age=3600"


def test_the_index_of_the_sitemap_reads_no_product_for_its_time(client):
    latest = max(product.updated_at for product in ProductFactory.create_batch(3))
    with CaptureQueriesContext(connection) as asked:
        found = client.get("/sitemap.xml").content.decode()
    assert f"<lastmod>{latest:%Y-%m-%d}" in found
    assert not [each["sql"] for each in asked if '"products"."product_id"' in each["sql"]]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/results?text=red",
        "/robots.txt",
        "/sitemap.xml",
        "/sitemap-pages.xml",
        "/auth/login",
        "/favorites",
    ],
)
def test_every_page_answers_head_like_get(client, address):
    got, head = client.get(address), client.head(address)
    assert (head.status_code, head.content) == (got.status_code, b"")


def test_a_products_page_answers_head(client):
    product = ProductFactory()
    assert client.head(product.get_absolute_url()).status_code == 200
    assert client.head(reverse("api-product", args=[product.product_id])).status_code == 200
