"""A call is carried out once for its key, alone among those of its source."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts import api_keys
from catalog.models import BulkCall, Product
from catalog.writing import ledger
from tests.catalog.bulk.calls import DELETE, HAT, OFFERS, PRODUCTS, statuses, stored
from tests.catalog.locks import held_elsewhere
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


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
