"""Messages of shops, as they arrive at the webhooks."""

import base64
import hashlib
import hmac
import json

SECRET = "a-secret-of-the-shop"


def signature(body, secret=SECRET):
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def from_shopify(client, message, topic="products/update", **changed):
    body = json.dumps(message).encode()
    headers = {
        "X-Shopify-Topic": topic,
        "X-Shopify-Hmac-Sha256": signature(body),
        "X-Shopify-Shop-Domain": "fern.myshopify.com",
        "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    }
    return client.post("/webhooks/shopify", body, "application/json", headers=headers | changed)


def from_woocommerce(client, message, topic="product.updated", **changed):
    body = json.dumps(message).encode()
    headers = {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": signature(body)}
    return client.post("/webhooks/woocommerce", body, "application/json", headers=headers | changed)
