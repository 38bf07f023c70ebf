"""Who may send many rows, and in what: JSON, or JSON Lines, within limits."""

import json

import pytest

from accounts import api_keys
from catalog.models import Product
from tests.catalog.bulk.calls import DELETE, HAT, OFFERS, PRODUCTS, statuses
from tests.problems import fields_of

pytestmark = pytest.mark.django_db


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


def test_a_line_that_cannot_be_read_spoils_no_other_one(send):
    good = [b'\xef\xbb\xbf{"id": "1", "title": "Hat"}', b'{"id": "3", "title": "Scarf"}']
    bad = [b'{"id": "2", ', b"\xff\xfe", b'{"id": "\\ud800", "title": "x"}']
    answer = send(PRODUCTS, b"\n".join([good[0], b"", *bad, good[1]]))
    assert statuses(answer) == ["created", "rejected", "rejected", "rejected", "created"]
    assert [row.get("code") for row in answer.json()["results"][1:4]] == ["parse_error"] * 3


def test_a_byte_order_mark_before_json_is_no_part_of_it(client, key):
    body = b"\xef\xbb\xbf" + json.dumps({"products": [HAT]}).encode()
    answer = client.post(PRODUCTS, body, content_type="application/json", HTTP_X_API_KEY=key)
    assert statuses(answer) == ["created"]


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
