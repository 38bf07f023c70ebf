"""Products and variants by identifier, and one product with its sizes."""

from decimal import Decimal

import pytest
from django.utils import timezone
from ucp_sdk.models.schemas.shopping.catalog_lookup import GetProductResponse, LookupResponse

from catalog.models import Product
from tests.factories import ProductFactory
from tests.search.agents.ucp.platform import codes

pytestmark = pytest.mark.django_db


def test_products_and_variants_are_found_by_their_identifiers(found, shop):
    ours, size = shop[3].product_id, f"{shop[2].product_id}/M"
    answer = found("lookup", ids=[ours, size, "gone-1", ours])
    LookupResponse.model_validate(answer)
    inputs = {each["id"]: each["variants"][0]["inputs"] for each in answer["products"]}
    assert inputs == {
        ours: [{"id": ours, "match": "featured"}],
        shop[2].product_id: [{"id": size, "match": "exact"}],
    }
    assert answer["messages"] == [{"type": "info", "code": "not_found", "content": "gone-1"}]


def test_a_product_and_its_variant_are_one_product(found, shop):
    ours = shop[2].product_id
    answer = found("lookup", ids=[ours, f"{ours}/S"])
    (product,) = answer["products"]
    assert [each["match"] for each in product["variants"][0]["inputs"]] == ["featured", "exact"]


def test_a_variant_that_there_is_not_is_not_found(found, shop):
    assert codes(found("lookup", ids=[f"{shop[0].product_id}/XXL"])) == ["not_found"]


def test_filters_narrow_a_look_up_as_they_do_a_search(found, shop):
    wanted = [each.product_id for each in shop]
    filters = {"categories": ["Apparel > Boots"], "price": {"max": 1000}}
    answer = found("lookup", ids=wanted[:50], filters=filters)
    assert all(each["title"].endswith("boots no. 0") for each in answer["products"])
    assert answer["products"]


def test_a_product_out_of_the_shop_is_not_found(found, shop):
    Product.objects.filter(pk=shop[0].pk).deactivate(timezone.now())
    assert found("lookup", ids=[shop[0].product_id])["products"] == []
    assert found("product", id=shop[0].product_id)["ucp"]["status"] == "error"


def test_too_many_identifiers_have_the_protocols_code(ask, db):
    answer = ask("lookup", {"ids": [f"x-{n}" for n in range(51)]})
    assert (answer.status_code, answer.json()["code"]) == (400, "request_too_large")


def test_one_product_has_all_its_sizes(found, shop):
    answer = found("product", id=shop[3].product_id)
    GetProductResponse.model_validate(answer)
    product = answer["product"]
    assert [each["title"] for each in product["variants"]] == ["S", "M", "L"]
    assert product["selected"] == [{"name": "Size", "label": "S"}]
    assert product["list_price_range"]["min"]["amount"] == 9000


def test_a_chosen_size_narrows_the_variants(found, shop):
    answer = found("product", id=shop[3].product_id, selected=[{"name": "Size", "label": "M"}])
    assert [each["title"] for each in answer["product"]["variants"]] == ["M"]
    assert answer["product"]["selected"] == [{"name": "Size", "label": "M"}]


def test_a_size_that_there_is_not_is_let_go(found, shop):
    answer = found("product", id=shop[3].product_id, selected=[{"name": "Size", "label": "XXL"}])
    assert answer["product"]["selected"] == []
    assert len(answer["product"]["variants"]) == 3


def test_a_variants_own_size_wins(found, shop):
    answer = found("product", id=f"{shop[3].product_id}/L", selected=[{"name": "Size", "label": "S"}])
    assert [each["id"] for each in answer["product"]["variants"]] == [f"{shop[3].product_id}/L"]


@pytest.mark.parametrize(("sizes", "order"), [(["S", "M"], ["S", "M"]), (["M"], ["M", "S"])])
def test_sold_out_sizes_are_told_apart(found, db, sizes, order):
    ProductFactory(product_id="shop-1", attributes={"sizes": sizes, "sold_out_sizes": ["S"]})
    product = found("product", id="shop-1")["product"]
    assert product["options"] == [
        {
            "name": "Size",
            "values": [{"label": size, "available": size == "M", "exists": True} for size in order],
        }
    ]
    assert [each["title"] for each in product["variants"]] == ["M", "S"]


def test_a_product_without_sizes_is_its_own_variant(found, db):
    ProductFactory(product_id="shop-1", attributes={})
    product = found("product", id="shop-1")["product"]
    assert [each["id"] for each in product["variants"]] == ["shop-1"]
    assert "options" not in product


@pytest.mark.parametrize(
    ("price", "currency", "amount"),
    [("39.00", "EUR", 3900), ("3900", "JPY", 3900), ("1.25", "KWD", 1250), ("1990.5", "HUF", 199050)],
)
def test_amounts_are_in_the_minor_units_of_the_currency(found, db, price, currency, amount):
    ProductFactory(product_id="shop-1", price=Decimal(price), currency=currency)
    product = found("product", id="shop-1")["product"]
    assert product["price_range"]["max"] == {"amount": amount, "currency": currency}


def test_an_unknown_product_is_an_outcome(found, db):
    answer = found("product", id="gone-1")
    assert (answer["ucp"]["status"], codes(answer)) == ("error", ["not_found"])
    assert "product" not in answer
