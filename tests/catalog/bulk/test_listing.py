"""The whole catalogue for servers with a key: hidden products too, page by page."""

import pytest
from django.utils import timezone

from accounts import api_keys
from catalog.models import Product
from tests.factories import NOW, ProductFactory, ProductImageFactory
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
PATH = "/api/v1/catalogue/products"


@pytest.fixture
def listed(client):
    _key, text = api_keys.create(name="Back office", may_search=False, may_write_catalogue=True)

    def get(**parameters):
        return client.get(PATH, parameters, HTTP_X_API_KEY=text)

    return get


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["product_id"] for row in answer.json()["results"]]


def test_nobody_lists_hidden_products_without_a_key(client, admin_client):
    for asker in (client, admin_client):
        assert asker.get(PATH).status_code == 401
    _key, text = api_keys.create(name="Front end")
    assert client.get(PATH, HTTP_X_API_KEY=text).json()["code"] == "scope_missing"


def test_each_product_is_listed_with_its_state(listed):
    ProductFactory(external_id="1")
    ProductFactory(external_id="2", missing_since=NOW)
    ProductFactory(external_id="3", is_active=False, withheld=True)
    ProductFactory(external_id="4", is_active=False, deactivated_at=NOW)
    states = {row["id"]: row["state"] for row in listed().json()["results"]}
    assert states == {"1": "visible", "2": "held", "3": "withheld", "4": "gone"}
    for key, state in states.items():
        assert ids(listed(state=state)) == [f"demo-{key}"]
    assert len(ids(listed(state=["visible", "gone"]))) == 2


def test_a_product_is_listed_as_it_is_stored(listed):
    product = ProductFactory(attributes={"sizes": ["S"]}, article_numbers={"gtin": ["1"]}, quantity=2)
    ProductImageFactory(product=product, source_url="https://cdn.example/1.jpg")
    ProductImageFactory(product=product, content_hash="", problem="The server answered 404.")
    (row,) = listed().json()["results"]
    assert (row["source"], row["price"], row["quantity"]) == ("demo", "39.00", 2)
    assert (row["attributes"], row["article_numbers"]) == ({"sizes": ["S"]}, {"gtin": ["1"]})
    assert [(each["fetched"], each["problem"]) for each in row["images"]] == [
        (True, ""), (False, "The server answered 404."),
    ]  # fmt: skip


def test_filters_narrow_the_list(listed):
    first = ProductFactory(source="api", external_id="1")
    second = ProductFactory(source="shop", external_id="1", updated_at=timezone.now())
    assert ids(listed(source="api")) == [first.product_id]
    assert ids(listed(id=["1"], source="shop")) == [second.product_id]
    assert ids(listed(updated_since="2026-10-01T00:00:00Z")) == [second.product_id]
    assert ids(listed(id=["nobody"])) == []


def test_a_walk_lists_each_product_once_while_the_catalogue_changes(listed):
    products = ProductFactory.create_batch(7)
    seen, cursor = [], ""
    while cursor is not None:
        answer = listed(top_k=3, cursor=cursor)
        seen += ids(answer)
        cursor = answer.json()["next_cursor"]
        if len(seen) == 3:
            Product.objects.filter(pk=products[0].pk).delete()
            Product.objects.filter(pk=products[5].pk).update(title="Other", updated_at=timezone.now())
            Product.objects.filter(pk=products[2].pk).deactivate(NOW)
            late = ProductFactory()
    assert seen == [product.product_id for product in [*products, late]]


def test_a_cursor_belongs_to_its_filters(listed):
    ProductFactory.create_batch(3)
    cursor = listed(top_k=1, state="visible").json()["next_cursor"]
    assert len(ids(listed(top_k=2, state="visible", cursor=cursor))) == 2
    for parameters in ({"state": "gone", "cursor": cursor}, {"cursor": "made-up"}, {"cursor": "x" * 201}):
        answer = listed(**parameters)
        assert (answer.status_code, fields_of(answer)) == (400, ["cursor"])


@pytest.mark.parametrize(
    ("parameters", "field"),
    [
        ({"state": "sold"}, "state"),
        ({"source": "Shop!"}, "source"),
        ({"updated_since": "yesterday"}, "updated_since"),
        ({"top_k": 501}, "top_k"),
        ({"colour": "Red"}, "colour"),
    ],
)
def test_a_wrong_parameter_is_named(listed, parameters, field):
    answer = listed(**parameters)
    assert (answer.status_code, fields_of(answer)) == (400, [field])


def test_a_page_takes_few_queries_whatever_its_length(listed, django_assert_max_num_queries):
    for product in ProductFactory.create_batch(12):
        ProductImageFactory.create_batch(2, product=product)
    # Four of them look the key up and note its use.
    with django_assert_max_num_queries(6):
        assert len(ids(listed())) == 12
