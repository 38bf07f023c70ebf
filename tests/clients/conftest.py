"""The small shop on a live server for clients in other languages; which operations were asked is recorded."""

import json
import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from accounts import api_keys
from accounts.models import User
from accounts.sign_in import recovery, tokens
from analytics.events import signatures
from rest.views import Endpoint
from search.alerts import tokens as alert_tokens
from search.models import Alert
from tests.clients.tools import CLIENTS
from tests.search.shop import colour_encoder, kept_pictures, picture, shop  # noqa: F401 - fixtures

PASSWORD = "seven green umbrellas"
SESSION = "4f0c1b8e2d7a4c55"


@pytest.fixture
def performed(monkeypatch):
    """The operations that were answered without a refusal, as "GET /api/v1/product/{product_id}"."""
    seen, finalize = set(), Endpoint.finalize_response

    def recorded(self, request, response, *args, **kwargs):
        route = re.sub(r"<\w+:(\w+)>", r"{\1}", request.resolver_match.route)
        if response.status_code < 300:
            seen.add(f"{request.method} /{route}")
        return finalize(self, request, response, *args, **kwargs)

    monkeypatch.setattr(Endpoint, "finalize_response", recorded)
    return seen


@pytest.fixture(scope="session")
def operations():
    """Every operation of the document."""
    paths = json.loads((CLIENTS / "openapi.json").read_text())["paths"]
    return {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}


def signed_pixel(product):
    """The parameters that the shop's checkout signs for a line of an order."""
    line = {"type": "purchase", "event_id": "order-7-1", "product_id": product.product_id, "session": SESSION}
    return {**line, "signature": signatures.signature(line)}


def alert_links(product):
    """The tokens of a guest's mails: to confirm the alert that was asked for, and to stop it."""
    now = timezone.now()
    alert = Alert.objects.create(
        kind=Alert.Kind.PRICE_BELOW,
        email="guest@example.com",
        product=product,
        price=5,
        currency=product.currency,
        language="en",
        created_at=now,
        expires_at=now + Alert.UNCONFIRMED,
    )
    return {
        "confirm": alert_tokens.confirm_token(alert),
        "stop": alert_tokens.stop_token(alert),
    }


@pytest.fixture
def served(live_server, shop, settings, tmp_path, performed):  # noqa: F811 - the fixture
    """The environment of a client's tests, with the shop that it asks described in TANDEM_SHOP."""
    settings.RATE_LIMIT = "100000/m"
    settings.EVENTS_SECRET = "pixel-secret"
    photo = tmp_path / "blue.jpg"
    photo.write_bytes(picture("blue", (300, 400)))
    User.objects.create_user("sam@example.com", PASSWORD, name="Sam", is_staff=True)
    forgetful = User.objects.create_user("flo@example.com", PASSWORD, name="Flo")
    uid, token = recovery.reset_path(forgetful).rstrip("/").rsplit("/", 2)[1:]
    # The access token has expired, the refresh token has not.
    expired = tokens.issue(
        User.objects.create_user("eve@example.com", PASSWORD, name="Eve"),
        now=timezone.now() - timedelta(hours=1),
    )
    shop_described = {
        "url": live_server.url,
        "picture": str(photo),
        "words": "red dress",
        "productId": shop[0].product_id,
        "staff": {"email": "sam@example.com", "password": PASSWORD},
        "reset": {"uid": uid, "token": token},
        "expired": {"access": expired.access, "refresh": expired.refresh},
        "apiKey": api_keys.create(name="Test", may_write_catalogue=True, may_send_events=True)[1],
        "session": SESSION,
        "pixel": signed_pixel(shop[0]),
        "alert": alert_links(shop[0]),
    }
    return SimpleNamespace(
        url=live_server.url,
        environment={"TANDEM_SHOP": json.dumps(shop_described), "NO_PROXY": "127.0.0.1,localhost"},
    )
