from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from django.test import RequestFactory
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog import offers
from catalog.api.serializers import ProductCardSerializer
from catalog.api.views import ProductView
from catalog.models import Product
from catalog.offers import StatedOffer
from catalog.sources.base import Offer
from search.api.products import ProductsView
from tests.examples import examples
from tests.factories import NOW, ProductFactory, ProductImageFactory

pytestmark = pytest.mark.django_db
ODD_IDS = ["a\x00b", "demo-\ufffd", "😀", "..", "../../etc/passwd", "x" * 10_000, "%00", " ", "'--", "\u202e"]


def get(path):
    """Straight to the view, without URLs and middleware."""
    request = RequestFactory().get(path)
    if path.startswith("/api/v1/products"):
        return ProductsView.as_view()(request)
    return ProductView.as_view()(request, product_id=path.removeprefix("/api/v1/product/"))


def test_a_card_is_the_contracts_product_object():
    product = ProductFactory(external_id="1042", title="Dress", quantity=7)
    image = ProductImageFactory(product=product)
    assert ProductCardSerializer(product).data == {
        "id": "demo-1042",
        "title": "Dress",
        "brand": "Fern",
        "category": "Dresses",
        "colour": "Blue",
        "gender": "Women",
        "price": "39.00",
        "list_price": None,
        "currency": "EUR",
        "in_stock": True,
        "quantity": 7,
        "image_url": image.url(1080),
        "thumbnail_url": image.thumbnail_url,
        "url": "/products/demo-1042",
        "shop_url": "",
    }


def test_a_card_shows_the_first_picture_that_was_fetched():
    product = ProductFactory()
    assert ProductCardSerializer(product).data["image_url"] is None
    ProductImageFactory(product=product, content_hash="", problem="The server answered 404.")
    second = ProductImageFactory(product=product)
    card = ProductCardSerializer(Product.objects.for_cards().get()).data
    assert card["image_url"] == second.url(1080)


def test_a_product_has_every_detail():
    product = ProductFactory(
        attributes={"sizes": ["S", "M"], "material": "Linen"}, url="https://shop.example/1"
    )
    ProductImageFactory(product=product, width=500)
    ProductImageFactory(product=product, content_hash="", problem="unreadable")
    answer = get(f"/api/v1/product/{product.product_id}")
    assert answer.status_code == 200
    detail = answer.data
    assert detail["id"] == product.product_id
    assert detail["url"] == f"/products/{product.product_id}"
    assert detail["shop_url"] == "https://shop.example/1"
    assert detail["description"] == "A light summer dress."
    assert (detail["sizes"], detail["attributes"]) == (["S", "M"], {"material": "Linen"})
    assert [image["width"] for image in detail["images"]] == [500]
    assert detail["images"][0]["srcset"].count("w,") == 2
    assert (detail["as_of"], detail["live"]) == ("2026-05-04T12:00:00Z", False)


@pytest.mark.parametrize(
    ("attributes", "in_stock", "expected"),
    [
        ({"sizes": "S, M"}, True, ["S", "M"]),
        ({"Größe": "S"}, True, ["S"]),
        ({"sizes": ["S"], "sold_out_sizes": ["M"]}, True, ["S"]),
        ({"sizes": ["S", "M"]}, False, ["S", "M"]),
    ],
)
def test_sizes_are_read_as_the_page_reads_them(attributes, in_stock, expected):
    product = ProductFactory(attributes=attributes, in_stock=in_stock)
    assert get(f"/api/v1/product/{product.product_id}").data["sizes"] == expected


def test_a_product_has_the_live_price_and_when_it_was_stated(monkeypatch):
    later = NOW + timedelta(hours=1)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    live = Offer(Decimal("19.00"), None, "EUR", in_stock=False, quantity=0)
    monkeypatch.setattr(offers, "_ask", lambda product, now: StatedOffer(live, now, is_live=True))
    detail = get(f"/api/v1/product/{ProductFactory().product_id}").data
    assert (detail["price"], detail["in_stock"], detail["quantity"], detail["live"]) == (
        "19.00",
        False,
        0,
        True,
    )
    assert detail["as_of"] == "2026-05-04T13:00:00Z"


def test_an_inactive_product_is_not_found():
    product = ProductFactory(is_active=False)
    assert get(f"/api/v1/product/{product.product_id}").status_code == 404


@pytest.mark.parametrize("product_id", ODD_IDS)
def test_an_odd_id_is_just_not_found(product_id):
    answer = get(f"/api/v1/product/{product_id}")
    assert answer.status_code == 404
    assert "no such product" in answer.data["detail"]
    listed = get(f"/api/v1/products?id={quote(product_id)}")
    assert (listed.status_code, listed.data["results"]) == (200, [])


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=examples(50))
@given(st.text(st.characters(), max_size=120))
def test_any_text_may_be_asked_for_as_an_id(text):
    assert Product.objects.by_public_ids([text]) == []
    assert Product.objects.by_public_id(text) is None


def test_one_product_is_found_by_its_public_id_while_it_is_active():
    product = ProductFactory()
    assert Product.objects.by_public_id(product.product_id) == product
    Product.objects.deactivate(NOW)
    assert Product.objects.by_public_id(product.product_id) is None


def test_cards_come_in_the_order_of_the_ids_and_missing_ones_are_named():
    first, second = ProductFactory(), ProductFactory()
    gone = ProductFactory(is_active=False)
    ids = [second.product_id, "nobody-1", first.product_id, gone.product_id, second.product_id]
    answer = get("/api/v1/products?" + "&".join(f"id={key}" for key in ids))
    assert [card["id"] for card in answer.data["results"]] == [second.product_id, first.product_id]
    assert answer.data["missing"] == ["nobody-1", gone.product_id]


def test_too_many_ids_are_refused():
    answer = get("/api/v1/products?" + "&".join(f"id={number}" for number in range(101)))
    assert answer.status_code == 400
    assert "1 to 100" in str(answer.data["id"])


def test_a_list_takes_three_queries_whatever_its_length(django_assert_num_queries):
    products = ProductFactory.create_batch(12)
    for product in products:
        ProductImageFactory.create_batch(2, product=product)
    # When the catalogue last changed, the products and their pictures.
    with django_assert_num_queries(3):
        get("/api/v1/products?" + "&".join(f"id={product.product_id}" for product in products))


def test_one_product_takes_two_queries(django_assert_num_queries):
    product = ProductImageFactory().product
    with django_assert_num_queries(2):
        get(f"/api/v1/product/{product.product_id}")
