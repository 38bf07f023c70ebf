"""The pixel of a shop's order confirmation."""

import hashlib
import hmac
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from analytics.models import Event

SECRET = "pixel-secret"
LINE = {
    "type": "purchase",
    "event_id": "order-7-1",
    "product_id": "demo-1",
    "quantity": "2",
    "value": "79.90",
    "currency": "EUR",
    "session": "4f0c1b8e2d7a4c55",
}


@pytest.fixture(autouse=True)
def secret(settings):
    settings.EVENTS_SECRET = SECRET


def signed(line):
    """As docs/events.md tells shops to sign."""
    names = ("type", "event_id", "product_id", "quantity", "value", "currency", "session")
    message = "\n".join(line.get(name, "") for name in names).encode()
    return {**line, "signature": hmac.new(SECRET.encode(), message, hashlib.sha256).hexdigest()}


def load(line, accept="image/avif,image/webp,image/*;q=0.8", **headers):
    headers = {"Accept": accept, **headers}
    return APIClient().get(f"/api/v1/events/pixel.gif?{urlencode(line)}", headers=headers)


def test_a_signed_line_is_a_purchase(product):
    answer = load(signed(LINE))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/gif")
    assert answer.content.startswith(b"GIF89a")
    bought = Event.objects.get()
    assert (bought.type, str(bought.value), bought.currency, bought.quantity) == (
        "purchase",
        "79.90",
        "EUR",
        2,
    )


def test_a_page_that_is_loaded_twice_is_one_purchase(product):
    for _time in range(2):
        load(signed(LINE))
    assert Event.objects.count() == 1


DEFAULTS = {"type": "purchase", "quantity": "1"}
BARE = {name: value for name, value in LINE.items() if name not in DEFAULTS}


@pytest.mark.parametrize("in_address", [(), ("type",), ("quantity",), ("type", "quantity")])
@pytest.mark.parametrize("in_signature", [(), ("type",), ("quantity",), ("type", "quantity")])
def test_defaults_may_be_written_or_left_out(product, in_signature, in_address):
    signature = signed({**BARE, **{name: DEFAULTS[name] for name in in_signature}})["signature"]
    line = {**BARE, **{name: DEFAULTS[name] for name in in_address}, "signature": signature}
    assert load(line).status_code == 200
    bought = Event.objects.get()
    assert (bought.type, bought.quantity) == ("purchase", 1)


@pytest.mark.parametrize("change", [{"type": "view"}, {"quantity": "2"}, {"quantity": "01"}])
def test_what_is_no_default_may_not_be_added(product, change):
    line = {name: value for name, value in BARE.items() if name != "value"}
    assert load({**signed(line), **change}).status_code == 403


@pytest.mark.parametrize("name", ["value", "event_id", "session", "currency"])
def test_a_line_that_was_changed_is_refused(product, name):
    changed = {"value": "999", "currency": "CHF"}.get(name, "of another visitor")
    line = signed(LINE) | {name: changed}
    assert load(line).status_code == 403
    assert not Event.objects.exists()


def test_without_a_secret_there_is_no_pixel(product, settings):
    line = signed(LINE)
    settings.EVENTS_SECRET = ""
    assert load(line).status_code == 403


def test_an_empty_signature_is_refused(product, settings):
    settings.EVENTS_SECRET = ""
    assert load({**LINE, "signature": ""}).status_code in (400, 403)


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_browser_that_objects_gets_a_picture_and_is_not_counted(product, header):
    assert load(signed(LINE), **{header: "1"}).status_code == 200
    assert not Event.objects.exists()
