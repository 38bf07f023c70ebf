"""Where products come from: the shop's feeds and the two shop APIs, with checks before any key is used."""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

from config.environment import env, read_bool, read_list, read_text, read_together

# The sources that `manage.py sync` and the hourly task know without arguments, as name=address pairs.
CATALOGUE_SOURCES = dict(pair.split("=", 1) for pair in read_list("CATALOGUE_SOURCES") if "=" in pair)
# Feeds on private addresses are refused unless an operator allows them (SSRF).
ALLOW_PRIVATE_FEEDS = read_bool("ALLOW_PRIVATE_FEEDS", default=False)
# An empty value is no default: a price without a currency then stays without one.
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="EUR")

# A TOML file that says for each source how its feed is read: columns, encoding, decimal mark, currency.
FEED_OPTIONS = read_text("FEED_OPTIONS")

# Shops whose API is read, as the sources "shopify" and "woocommerce".
SHOPIFY_SHOP = read_text("SHOPIFY_SHOP")
SHOPIFY_TOKEN = read_text("SHOPIFY_TOKEN")
SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET = read_together("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET")
WOOCOMMERCE_URL, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET = read_together(
    "WOOCOMMERCE_URL", "WOOCOMMERCE_KEY", "WOOCOMMERCE_SECRET"
)
# With a secret, the shop's webhooks about single products are accepted under /webhooks/.
SHOPIFY_WEBHOOK_SECRET = read_text("SHOPIFY_WEBHOOK_SECRET")
WOOCOMMERCE_WEBHOOK_SECRET = read_text("WOOCOMMERCE_WEBHOOK_SECRET")

_MYSHOPIFY = r"[a-z0-9][a-z0-9-]*\.myshopify\.com"
_HTTPS = r"https://[^\s/@?#]+(/[^\s@?#]*)?"
# A shop on this machine, for development: the keys do not leave it.
_HTTP_LOCAL = r"http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s@?#]*)?"
_SECRET_LENGTH = 16


def check_shops(*, queue_url: str) -> None:
    """Raise ImproperlyConfigured for an address that must not get a shop's keys, or for half a shop."""
    _check_shopify()
    _check_woocommerce()
    _check_webhooks(queue_url)
    for name, given in (("shopify", SHOPIFY_SHOP), ("woocommerce", WOOCOMMERCE_URL)):
        if given and name in CATALOGUE_SOURCES:
            raise ImproperlyConfigured(f"CATALOGUE_SOURCES names {name!r}, which is the shop's own source.")


def _check_shopify() -> None:
    if bool(SHOPIFY_SHOP) != bool(SHOPIFY_TOKEN or SHOPIFY_CLIENT_ID):
        raise ImproperlyConfigured(
            "SHOPIFY_SHOP goes with SHOPIFY_TOKEN, or with SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET."
        )
    if SHOPIFY_SHOP and not re.fullmatch(_MYSHOPIFY, SHOPIFY_SHOP):
        raise ImproperlyConfigured("SHOPIFY_SHOP is the shop's own name, such as example.myshopify.com.")


def _check_woocommerce() -> None:
    allowed = f"{_HTTPS}|{_HTTP_LOCAL}" if ALLOW_PRIVATE_FEEDS else _HTTPS
    if WOOCOMMERCE_URL and not re.fullmatch(allowed, WOOCOMMERCE_URL):
        raise ImproperlyConfigured(
            "WOOCOMMERCE_URL is the shop's https:// address alone, such as https://shop.example. "
            "Without TLS the keys could be overheard."
        )


def _check_webhooks(queue_url: str) -> None:
    for secret, shop in (
        (SHOPIFY_WEBHOOK_SECRET, SHOPIFY_SHOP),
        (WOOCOMMERCE_WEBHOOK_SECRET, WOOCOMMERCE_URL),
    ):
        # Without a queue, the work would run in the webhook's request; a shop that waits too long ends the
        # webhook.
        if secret and not (queue_url and shop and len(secret) >= _SECRET_LENGTH):
            raise ImproperlyConfigured(
                "A webhook's secret has 16 characters or more, and needs QUEUE_URL or REDIS_URL "
                "and the shop's keys too."
            )
