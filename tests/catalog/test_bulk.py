"""Products in by API: the path of a sync, row by row, once for each idempotency key."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
import responses
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from catalog import tasks
from catalog.models import BulkCall, Product, ProductImage
from catalog.sources.base import SourceProduct
from catalog.syncing.sync import sync
from catalog.writing import ledger
from tests.catalog.locks import held_elsewhere
from tests.catalog.memory_shop import MemoryShop
from tests.factories import NOW, ProductFactory, picture_bytes
from tests.problems import fields_of

pytestmark = pytest.mark.django_db
PRODUCTS, DELETE = "/api/v1/catalogue/products", "/api/v1/catalogue/products/delete"
OFFERS = "/api/v1/catalogue/offers"
HAT = {"id": "1", "title": "Hat", "price": "20.00", "currency": "EUR", "quantity": 3}


@pytest.fixture(autouse=True)
def folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def key():
    _key, text = api_keys.create(name="Back office", may_write_catalogue=True)
    return text


@pytest.fixture
def send(client, key):
    """Post rows as JSON, or a text as JSON Lines."""

    def post(path, rows, *, idempotency_key=None, **extra):
        headers = {"HTTP_X_API_KEY": key, **extra}
        if idempotency_key:
            headers["HTTP_IDEMPOTENCY_KEY"] = idempotency_key
        if isinstance(rows, str | bytes):
            return client.generic("POST", path, rows, "application/x-ndjson", **headers)
        field = "offers" if path.startswith(OFFERS) else "products"
        return client.post(path, json.dumps({field: rows}), content_type="application/json", **headers)

    return post


def stored(external_id="1", source="api"):
    return Product.objects.get(source=source, external_id=external_id)


def statuses(answer):
    assert answer.status_code == 200, answer.content
    return [row["status"] for row in answer.json()["results"]]


# --- Who may -----------------------------------------------------------------------------------
@pytest.mark.parametrize("path", [PRODUCTS, DELETE, OFFERS])
def test_nobody_writes_without_a_key(client, admin_client, path):
    for asker in (client, admin_client):
        answer = asker.post(path, "{}", content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
        assert "X-API-Key" in answer.json()["detail"]


def test_a_key_without_the_scope_writes_nothing(client):
    _key, text = api_keys.create(name="Front end")
    answer = client.post(PRODUCTS, "{}", content_type="application/json", HTTP_X_API_KEY=text)
    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


# --- Writing -----------------------------------------------------------------------------------
def test_products_are_created_replaced_and_left_alone(send):
    first = send(PRODUCTS, [HAT, {"id": "2", "title": "Scarf"}])
    assert statuses(first) == ["created", "created"]
    assert first.json()["results"][0] == {
        "index": 0, "id": "1", "status": "created", "product_id": "api-1",
    }  # fmt: skip
    again = send(PRODUCTS, [HAT, {"id": "2", "title": "Warm scarf"}])
    assert statuses(again) == ["unchanged", "updated"]
    assert (again.json()["unchanged"], again.json()["updated"], again.json()["created"]) == (1, 1, 0)
    assert stored("2").title == "Warm scarf"


def test_every_field_is_kept_as_a_feed_would_have_stated_it(send):
    row = {
        **HAT,
        "description": "<p>Warm</p>",
        "brand": "Fern",
        "category": "Apparel > Hats",
        "colour": "navy blue",
        "gender": "women",
        "list_price": "30.00",
        "url": "https://shop.example/1",
        "item_group_id": "h",
        "sizes": ["S", "M"],
        "attributes": {"mainMaterial": "Wool", "season": ["Winter", "Autumn"]},
        "gtin": ["4006381333931"],
    }
    assert statuses(send(PRODUCTS, [row])) == ["created"]
    hat = stored()
    assert (hat.description, hat.colour, hat.gender) == ("Warm", "Navy Blue", "Women")
    assert (hat.category, hat.category_path) == ("Hats", "Apparel > Hats")
    assert (hat.price, hat.list_price, hat.quantity) == (Decimal("20.00"), Decimal("30.00"), 3)
    assert hat.attributes == {
        "main_material": "Wool", "season": ["Winter", "Autumn"], "sizes": ["S", "M"],
    }  # fmt: skip
    assert (hat.article_numbers, hat.item_group_id) == ({"gtin": ["4006381333931"]}, "h")


@pytest.mark.parametrize(
    ("stated", "price", "list_price"),
    [
        ({"sale_price": "15.00"}, "15.00", "20.00"),
        ({"sale_price": "25.00"}, "20.00", None),
        ({"sale_price": "15.00", "sale_ends": "2020-01-01T00:00:00Z"}, "20.00", None),
        ({"sale_price": "15.00", "sale_starts": "2020-01-01T00:00:00Z"}, "15.00", "20.00"),
        ({"list_price": "10.00"}, "20.00", None),
    ],
)
def test_prices_are_decided_as_in_feeds(send, stated, price, list_price):
    send(PRODUCTS, [{**HAT, **stated}])
    assert stored().price == Decimal(price)
    assert stored().list_price == (list_price and Decimal(list_price))


@pytest.mark.parametrize(
    ("row", "code", "fields"),
    [
        ({"id": "x"}, "invalid", ["title"]),
        ({"id": "x", "title": "Hat", "color": "Red"}, "invalid", ["color"]),
        ({"id": "x", "title": "Hat", "price": "cheap", "quantity": -1}, "invalid", ["price", "quantity"]),
        ({"id": "x", "title": "Hat", "images": ["../secret.jpg"]}, "invalid", ["images"]),
        ({"id": "x", "title": "Hat", "attributes": {"a": {"b": 1}}}, "invalid", ["attributes"]),
        ({"id": "x", "title": "Hat", "price": "1", "currency": "12"}, "invalid", ["currency"]),
        ({"id": "x", "title": "<br>"}, "product_invalid", []),
        ("x", "invalid", []),
        (None, "invalid", []),
    ],
)
def test_a_bad_row_is_named_and_the_others_are_written(send, row, code, fields):
    answer = send(PRODUCTS, [HAT, row, {"id": "2", "title": "Scarf"}])
    assert statuses(answer) == ["created", "rejected", "created"]
    refused = answer.json()["results"][1]
    assert (refused["index"], refused["code"], list(refused.get("errors", {}))) == (1, code, fields)
    assert refused["id"] == (row["id"] if isinstance(row, dict) else "")
    assert refused["detail"]
    assert set(Product.objects.values_list("external_id", flat=True)) == {"1", "2"}


def test_a_product_that_is_sent_twice_in_a_call_counts_once(send):
    answer = send(PRODUCTS, [HAT, {**HAT, "title": "Cap"}])
    assert statuses(answer) == ["created", "rejected"]
    assert answer.json()["results"][1]["code"] == "id_repeated"
    assert stored().title == "Hat"


def test_a_line_that_cannot_be_read_spoils_no_other_one(send):
    good = [b'\xef\xbb\xbf{"id": "1", "title": "Hat"}', b'{"id": "3", "title": "Scarf"}']
    bad = [b'{"id": "2", ', b"\xff\xfe", b'{"id": "\\ud800", "title": "x"}']
    answer = send(PRODUCTS, b"\n".join([good[0], b"", *bad, good[1]]))
    assert statuses(answer) == ["created", "rejected", "rejected", "rejected", "created"]
    assert [row.get("code") for row in answer.json()["results"][1:4]] == ["parse_error"] * 3


@pytest.mark.parametrize(
    "body", ["", "[]", "null", "{", '{"products": []}', '{"products": {}}', '{"product": [1]}']
)
def test_a_body_without_rows_is_refused_as_a_whole(client, key, body):
    answer = client.post(PRODUCTS, body, content_type="application/json", HTTP_X_API_KEY=key)
    assert answer.status_code == 400
    fields_of(answer)


def test_an_unknown_parameter_and_a_source_of_others_are_refused(send):
    for query, field in (("sourc=api", "sourc"), ("source=shop", "source"), ("source=apix", "source")):
        answer = send(f"{PRODUCTS}?{query}", [HAT])
        assert (answer.status_code, fields_of(answer)) == (400, [field])


def test_a_call_of_more_rows_or_bytes_than_allowed_is_413(client, key, send):
    rows = [{"id": str(n), "title": "Hat"} for n in range(1001)]
    for answer in (send(PRODUCTS, rows), send(PRODUCTS, "\n".join(map(json.dumps, rows)))):
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert "1000" in answer.json()["detail"]
    large = client.post(
        PRODUCTS, b" " * (10 * 1024**2 + 1), content_type="application/json", HTTP_X_API_KEY=key
    )
    assert (large.status_code, large.json()["code"]) == (413, "too_large")
    assert not Product.objects.exists()


def test_a_body_of_several_megabytes_is_read(send):
    rows = [{"id": str(n), "title": "Hat", "description": "x" * 15_000} for n in range(100)]
    assert set(statuses(send(PRODUCTS, rows))) == {"created"}


def test_a_form_is_refused(client, key):
    assert client.post(PRODUCTS, {"id": "1"}, HTTP_X_API_KEY=key).status_code == 415


def test_a_thousand_rows_take_few_queries(send, django_assert_max_num_queries):
    rows = [{"id": str(n), "title": f"Hat {n}"} for n in range(1000)]
    with django_assert_max_num_queries(60):
        assert set(statuses(send(PRODUCTS, rows))) == {"created"}


def test_sources_of_the_api_are_apart_and_no_sync_deactivates_their_products(send):
    send(PRODUCTS, [HAT])
    send(f"{PRODUCTS}?source=api_outlet", [HAT])
    sync(MemoryShop(SourceProduct("7", "Bag", line=1)), now=timezone.now())
    active = Product.objects.active().order_by("product_id").values_list("product_id", flat=True)
    assert list(active) == ["api-1", "api_outlet-1", "demo-7"]


def test_no_feed_takes_a_name_of_the_api():
    shop = MemoryShop(SourceProduct("7", "Bag", line=1))
    shop.name = "api"
    with pytest.raises(ValueError, match="sent to the API"):
        sync(shop, now=NOW)


def test_what_staff_took_out_stays_out(send):
    send(PRODUCTS, [HAT])
    Product.objects.filter(external_id="1").deactivate(NOW, for_good=True)
    assert statuses(send(PRODUCTS, [{**HAT, "title": "Cap"}])) == ["updated"]
    assert (stored().title, stored().is_active) == ("Cap", False)


# --- Deleting ----------------------------------------------------------------------------------
def test_a_deleted_product_is_gone_and_comes_back_when_it_is_sent_again(send):
    send(PRODUCTS, [HAT])
    assert statuses(send(DELETE, [{"id": "1"}, {"id": "2"}, {"id": "1"}])) == [
        "deleted",
        "absent",
        "rejected",
    ]
    assert not stored().is_active
    assert statuses(send(DELETE, [{"id": "1"}])) == ["absent"]
    assert statuses(send(PRODUCTS, [HAT])) == ["updated"]
    assert stored().is_active


def test_a_deletion_reaches_no_other_source(send):
    ProductFactory(source="shop", external_id="1", product_id="shop-1")
    assert statuses(send(DELETE, [{"id": "1"}])) == ["absent"]
    assert stored(source="shop").is_active


def test_most_of_a_source_is_deleted_by_force_alone(send):
    rows = [{"id": str(n), "title": "Hat"} for n in range(30)]
    send(PRODUCTS, rows)
    ids = [{"id": row["id"]} for row in rows[:21]]
    refused = send(DELETE, ids)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_deletions")
    assert Product.objects.active().count() == 30
    assert set(statuses(send(f"{DELETE}?force=true", ids))) == {"deleted"}
    assert Product.objects.active().count() == 9


# --- Prices and stock --------------------------------------------------------------------------
def test_a_price_and_a_stock_change_and_nothing_else(send):
    send(PRODUCTS, [{**HAT, "brand": "Fern", "images": ["https://cdn.example/1.jpg"]}])
    before = Product.objects.generation()
    answer = send(OFFERS, [{"id": "1", "price": "15.00", "list_price": "20.00"}, {"id": "9", "quantity": 1}])
    assert statuses(answer) == ["updated", "rejected"]
    assert answer.json()["results"][1]["code"] == "product_unknown"
    hat = stored()
    assert (hat.price, hat.list_price, hat.currency, hat.quantity) == (
        Decimal("15.00"), Decimal("20.00"), "EUR", 3,
    )  # fmt: skip
    assert (hat.brand, hat.images.count(), Product.objects.generation() > before) == ("Fern", 1, True)


@pytest.mark.parametrize(
    ("stated", "in_stock", "quantity"),
    [
        ({"quantity": 0}, False, 0),
        ({"quantity": 5}, True, 5),
        ({"quantity": None}, True, None),
        ({"in_stock": False}, False, 0),
        ({"in_stock": True}, True, 3),
        ({"in_stock": True, "quantity": 0}, True, 0),
    ],
)
def test_stock_and_quantity_agree(send, stated, in_stock, quantity):
    send(PRODUCTS, [HAT])
    send(OFFERS, [{"id": "1", **stated}])
    assert (stored().in_stock, stored().quantity) == (in_stock, quantity)


def test_an_offer_that_changes_nothing_confirms_the_price(send):
    send(PRODUCTS, [HAT])
    Product.objects.update(seen_at=NOW)
    generation = Product.objects.generation()
    assert statuses(send(OFFERS, [{"id": "1", "price": "20.00"}])) == ["unchanged"]
    assert Product.objects.generation() == generation
    assert stored().seen_at > NOW


@pytest.mark.parametrize("row", [{"id": "1"}, {"id": "1", "price": "-1"}, {"id": "1", "title": "Cap"}])
def test_an_offer_without_price_or_stock_is_refused(send, row):
    send(PRODUCTS, [HAT])
    refused = send(OFFERS, [row]).json()["results"][0]
    assert (refused["status"], refused["code"]) == ("rejected", "invalid")


def test_an_unknown_currency_is_refused(send):
    send(PRODUCTS, [HAT])
    refused = send(OFFERS, [{"id": "1", "currency": "??"}]).json()["results"][0]
    assert list(refused["errors"]) == ["currency"]
    assert stored().currency == "EUR"


def test_a_feed_is_believed_again_at_its_next_sync(send):
    shop = MemoryShop(SourceProduct("1", "Hat", price=Decimal(20), currency="EUR", line=1))
    sync(shop, now=NOW)
    assert statuses(send(f"{OFFERS}?source=demo", [{"id": "1", "price": "15.00"}])) == ["updated"]
    assert stored(source="demo").price == Decimal("15.00")
    assert sync(shop, now=NOW + timedelta(hours=1)).updated == 1
    assert stored(source="demo").price == Decimal("20.00")


def test_a_feed_that_states_the_new_price_has_nothing_to_write(send):
    shop = MemoryShop(SourceProduct("1", "Hat", price=Decimal(20), currency="EUR", images=("a.jpg",), line=1))
    sync(shop, now=NOW)
    send(f"{OFFERS}?source=demo", [{"id": "1", "price": "15.00", "quantity": 2}])
    shop.rows[0] = SourceProduct(
        "1", "Hat", price=Decimal(15), currency="EUR", quantity=2, images=("a.jpg",), line=1
    )
    assert sync(shop, now=NOW + timedelta(hours=1)).unchanged == 1


def test_a_deleted_product_takes_no_offer(send):
    send(PRODUCTS, [HAT])
    send(DELETE, [{"id": "1"}])
    assert send(OFFERS, [{"id": "1", "price": "1.00"}]).json()["results"][0]["code"] == "product_unknown"


# --- Idempotency -------------------------------------------------------------------------------
def test_the_same_call_gets_the_same_answer_and_is_not_done_again(send):
    first = send(PRODUCTS, [HAT], idempotency_key="k1")
    send(OFFERS, [{"id": "1", "price": "15.00"}])
    again = send(PRODUCTS, [HAT], idempotency_key="k1")
    assert again.json() == first.json()
    assert (first.headers.get("Idempotency-Replayed"), again["Idempotency-Replayed"]) == (None, "true")
    assert stored().price == Decimal("15.00")


@pytest.mark.parametrize(
    ("path", "rows"),
    [(PRODUCTS, [{**HAT, "title": "Cap"}]), (f"{PRODUCTS}?source=api_two", [HAT]), (DELETE, [{"id": "1"}])],
)
def test_another_call_with_the_same_key_is_a_conflict(send, path, rows):
    send(PRODUCTS, [HAT], idempotency_key="k1")
    answer = send(path, rows, idempotency_key="k1")
    assert (answer.status_code, answer.json()["code"], fields_of(answer)) == (409, "key_conflict", [])
    assert (stored().title, stored().is_active) == ("Hat", True)


def test_two_servers_may_choose_the_same_key(client, send):
    _other, text = api_keys.create(name="Second", may_write_catalogue=True)
    send(PRODUCTS, [HAT], idempotency_key="k1")
    body = json.dumps({"products": [{**HAT, "title": "Cap"}]})
    headers = {"HTTP_X_API_KEY": text, "HTTP_IDEMPOTENCY_KEY": "k1"}
    answer = client.post(PRODUCTS, body, content_type="application/json", **headers)
    assert statuses(answer) == ["updated"]


def test_a_call_that_broke_off_is_carried_out_when_it_is_sent_again(send, monkeypatch, client):
    client.raise_request_exception = False
    with monkeypatch.context() as patch:
        patch.setattr("catalog.writing.products.upsert", lambda *_args, **_options: 1 / 0)
        assert send(PRODUCTS, [HAT], idempotency_key="k1").status_code == 500
    assert statuses(send(PRODUCTS, [HAT], idempotency_key="k1")) == ["created"]


def test_a_refused_call_keeps_its_key_for_the_same_call(send):
    rows = [{"id": str(n), "title": "Hat"} for n in range(30)]
    send(PRODUCTS, rows)
    for _turn in range(2):
        assert send(DELETE, rows_of_ids(rows), idempotency_key="k1").status_code == 409
    assert send(f"{DELETE}?force=true", rows_of_ids(rows), idempotency_key="k2").status_code == 200


def rows_of_ids(rows):
    return [{"id": row["id"]} for row in rows]


@pytest.mark.parametrize("text", ["a b", "x" * 256, "é"])
def test_an_odd_key_is_refused(send, text):
    answer = send(PRODUCTS, [HAT], idempotency_key=text)
    assert (answer.status_code, fields_of(answer)) == (400, ["Idempotency-Key"])


def test_a_key_is_forgotten_after_a_day(send):
    send(PRODUCTS, [HAT], idempotency_key="k1")
    BulkCall.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert statuses(send(PRODUCTS, [{**HAT, "title": "Cap"}], idempotency_key="k1")) == ["updated"]
    assert ledger.prune(timezone.now()) == 0
    assert ledger.prune(timezone.now() + timedelta(hours=25)) == 1


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_a_call_that_is_sent_five_times_at_once_is_done_once():
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    _key, text = api_keys.create(name="Back office", may_write_catalogue=True)
    body = json.dumps({"products": [HAT]})
    headers = {"HTTP_X_API_KEY": text, "HTTP_IDEMPOTENCY_KEY": "k1"}

    def post(_turn):
        try:
            return Client().post(PRODUCTS, body, content_type="application/json", **headers)
        finally:
            connection.close()

    with ThreadPoolExecutor(5) as threads:
        answers = list(threads.map(post, range(5)))
    assert [statuses(answer) for answer in answers] == [["created"]] * 5
    assert sum(answer.has_header("Idempotency-Replayed") for answer in answers) == 4


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_calls_for_the_same_products_at_once_leave_one_of_them_whole(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    # Without a queue a test would fetch them in the request.
    monkeypatch.setattr("catalog.writing.products.request_pictures", lambda _source: None)
    _key, text = api_keys.create(name="Back office", may_write_catalogue=True)

    def post(count):
        images = [f"https://cdn.example/{count}-{n}.png" for n in range(count)]
        rows = [{**HAT, "id": str(n), "quantity": count, "images": images} for n in range(50)]
        body = json.dumps({"products": rows})
        try:
            return Client().post(PRODUCTS, body, content_type="application/json", HTTP_X_API_KEY=text)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(post, range(1, 7)))
    assert {answer.status_code for answer in answers} == {200}
    products = Product.objects.prefetch_related("images")
    assert {(product.quantity, product.images.count()) for product in products} in [
        {(count, count)} for count in range(1, 7)
    ]


@pytest.mark.django_db(transaction=True)
def test_a_call_waits_for_another_one_of_its_source_and_is_told_to_come_again(send, monkeypatch):
    monkeypatch.setattr(ledger, "WAIT_SECONDS", 0.1)
    with held_elsewhere("sync of api"):
        answer = send(PRODUCTS, [HAT])
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert int(answer["Retry-After"]) >= 1
        assert statuses(send(f"{PRODUCTS}?source=api_two", [HAT])) == ["created"]
    assert statuses(send(PRODUCTS, [HAT])) == ["created"]


# --- Pictures ----------------------------------------------------------------------------------
@responses.activate
def test_pictures_are_fetched_afterwards(send, django_capture_on_commit_callbacks, settings):
    settings.ALLOW_PRIVATE_FEEDS = True
    responses.get("https://cdn.example/1.png", picture_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    assert (stored().cover.width, stored().cover.problem) == (60, "")


def test_a_picture_at_a_private_address_is_not_fetched(send, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(PRODUCTS, [{**HAT, "images": ["http://127.0.0.1:1/x.png"]}])
    assert statuses(answer) == ["created"]
    assert "not a public one" in ProductImage.objects.get().problem


@responses.activate
def test_a_picture_that_failed_is_tried_again_by_the_hourly_task(send, settings):
    settings.ALLOW_PRIVATE_FEEDS = True
    send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    responses.get("https://cdn.example/1.png", status=503)
    tasks.fetch_new_pictures("api")
    assert ProductImage.objects.get().problem
    responses.replace("GET", "https://cdn.example/1.png", picture_bytes())
    ProductImage.objects.update(retry_at=timezone.now() - timedelta(minutes=1))
    tasks.sync()
    assert stored().cover is not None
