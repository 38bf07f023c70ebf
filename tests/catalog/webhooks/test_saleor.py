"""Messages of a Saleor shop: signed in hexadecimal digits, with the product's id further down."""

import hashlib
import hmac
import json

import pytest

from catalog.models import PUBLIC_ID, Product
from tests.catalog.fakes.fake_saleor import CHANNEL, FakeSaleor, gid, product
from tests.catalog.fakes.shops import serving
from tests.catalog.webhooks.messages import SECRET, signature

pytestmark = pytest.mark.django_db

# An id that ends in "==", as two of three do.
STYLE = gid(72)
PRODUCT = {"product": {"id": STYLE}}
VARIANT = {"productVariant": {"product": {"id": STYLE}}}
MEDIA = {"productMedia": {"productId": STYLE}}
REFRESHED = [("catalog.tasks.refresh", "saleor", STYLE)]


@pytest.fixture(autouse=True)
def saleor(settings):
    settings.SALEOR_WEBHOOK_SECRET = SECRET


def in_hexadecimal(body, secret=SECRET):
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def sent(client, message, event="product_updated", signed=in_hexadecimal):
    body = json.dumps(message).encode()
    headers = {"Saleor-Event": event, "Saleor-Domain": "fern.example", "Saleor-Signature": signed(body)}
    return client.post("/webhooks/saleor", body, "application/json", headers=headers)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ("product_created", PRODUCT),
        ("product_updated", PRODUCT),
        ("product_deleted", PRODUCT),
        ("product_media_updated", MEDIA),
        ("product_variant_created", VARIANT),
        ("product_variant_updated", VARIANT),
        ("product_variant_deleted", VARIANT),
        ("product_variant_stock_updated", VARIANT),
        ("product_variant_out_of_stock", VARIANT),
        ("product_variant_discounted_price_updated", VARIANT),
    ],
)
def test_whatever_changes_a_product_refreshes_it(client, queued, event, message):
    assert sent(client, message, event).status_code == 204
    assert queued == REFRESHED


@pytest.mark.parametrize(
    "signed",
    [
        signature,
        lambda body: in_hexadecimal(body, "another-secret-of-16"),
        lambda body: in_hexadecimal(body + b" "),
        lambda body: in_hexadecimal(body)[:-1],
        # What Saleor sends without a secret key: a JWS without its payload.
        lambda _body: "eyJhbGciOiJSUzI1NiJ9..c2lnbmF0dXJl",
        lambda _body: "",
    ],
)
def test_any_other_signature_is_refused(client, queued, signed):
    assert sent(client, PRODUCT, signed=signed).status_code == 401
    assert queued == []


def test_another_event_is_acknowledged_and_ignored(client, queued):
    assert sent(client, {"order": {"id": "T3JkZXI6MQ=="}}, "order_created").status_code == 204
    assert queued == []


@pytest.mark.parametrize(
    "message",
    [
        {},
        [{"id": STYLE, "type": "Product"}],
        {"product": None},
        {"product": STYLE},
        {"product": {"id": "two words"}},
        {"product": {"id": [STYLE, STYLE]}},
        {"product.id": STYLE},
    ],
)
def test_a_message_without_a_products_id_where_it_belongs_is_refused(client, queued, message):
    assert sent(client, message).status_code == 400
    assert queued == []


def test_a_message_leads_to_what_the_shop_has(client, settings):
    with serving(FakeSaleor([product(72)])) as shop:
        settings.SALEOR_URL, settings.SALEOR_CHANNEL = f"{shop.address}/graphql/", CHANNEL
        sent(client, VARIANT, "product_variant_stock_updated")
        stored = Product.objects.get()
        assert (stored.external_id, stored.is_active) == (STYLE, True)
        assert PUBLIC_ID.fullmatch(stored.product_id)
        shop.products = []
        sent(client, PRODUCT, "product_deleted")
        assert not Product.objects.get().is_active
