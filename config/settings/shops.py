"""Where products come from: the shop's feeds and shops' APIs, with checks before any key is used."""

from __future__ import annotations

import re

from django.core.exceptions import ImproperlyConfigured

from catalog.sources.names import SOURCE_NAME, is_of_api
from config.environment import env, read_bool, read_int, read_pairs, read_text, read_together
from config.settings.queue import QUEUE_URL

# The sources that `manage.py sync` and the hourly task know without arguments, as name=address pairs.
CATALOGUE_SOURCES = read_pairs("CATALOGUE_SOURCES")
# Feeds on private addresses are refused unless an operator allows them (SSRF).
ALLOW_PRIVATE_FEEDS = read_bool("ALLOW_PRIVATE_FEEDS", default=False)
# An empty value is no default: a price without a currency then stays without one.
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="EUR").strip().upper()

# A TOML file that says for each source how its feed is read: columns, encoding, decimal mark, currency.
FEED_OPTIONS = read_text("FEED_OPTIONS")

# Shops whose API is read, each as the source of its name.
SHOPIFY_SHOP = read_text("SHOPIFY_SHOP")
SHOPIFY_TOKEN = read_text("SHOPIFY_TOKEN")
SHOPIFY_CLIENT_ID, SHOPIFY_CLIENT_SECRET = read_together("SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET")
WOOCOMMERCE_URL, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET = read_together(
    "WOOCOMMERCE_URL", "WOOCOMMERCE_KEY", "WOOCOMMERCE_SECRET"
)
VENDURE_URL = read_text("VENDURE_URL")
VENDURE_CHANNEL = read_text("VENDURE_CHANNEL")
VENDURE_PRODUCT_URL = read_text("VENDURE_PRODUCT_URL")
VENDURE_DECIMALS = read_int("VENDURE_DECIMALS", default=2, low=0, high=6)
MEDUSA_URL, MEDUSA_KEY, MEDUSA_REGION = read_together("MEDUSA_URL", "MEDUSA_KEY", "MEDUSA_REGION")
MEDUSA_COUNTRY = read_text("MEDUSA_COUNTRY")
MEDUSA_PRODUCT_URL = read_text("MEDUSA_PRODUCT_URL")
MAGENTO_URL, MAGENTO_TOKEN = read_together("MAGENTO_URL", "MAGENTO_TOKEN")
MAGENTO_STORE = read_text("MAGENTO_STORE", default="default")
MAGENTO_PRODUCT_URL = read_text("MAGENTO_PRODUCT_URL")
SALEOR_URL, SALEOR_CHANNEL = read_together("SALEOR_URL", "SALEOR_CHANNEL")
SALEOR_TOKEN = read_text("SALEOR_TOKEN")
SALEOR_PRODUCT_URL = read_text("SALEOR_PRODUCT_URL")
# With a secret, the shop's webhooks about single products are accepted under /webhooks/.
SHOPIFY_WEBHOOK_SECRET = read_text("SHOPIFY_WEBHOOK_SECRET")
WOOCOMMERCE_WEBHOOK_SECRET = read_text("WOOCOMMERCE_WEBHOOK_SECRET")
VENDURE_WEBHOOK_SECRET = read_text("VENDURE_WEBHOOK_SECRET")
MEDUSA_WEBHOOK_SECRET = read_text("MEDUSA_WEBHOOK_SECRET")
SALEOR_WEBHOOK_SECRET = read_text("SALEOR_WEBHOOK_SECRET")

# The setting that says where each shop is, by the name of its source.
_ADDRESSES = {
    "shopify": "SHOPIFY_SHOP",
    "woocommerce": "WOOCOMMERCE_URL",
    "vendure": "VENDURE_URL",
    "medusa": "MEDUSA_URL",
    "magento": "MAGENTO_URL",
    "saleor": "SALEOR_URL",
}
_WEBHOOK_SECRETS = {
    "shopify": "SHOPIFY_WEBHOOK_SECRET",
    "woocommerce": "WOOCOMMERCE_WEBHOOK_SECRET",
    "vendure": "VENDURE_WEBHOOK_SECRET",
    "medusa": "MEDUSA_WEBHOOK_SECRET",
    "saleor": "SALEOR_WEBHOOK_SECRET",
}
# Addresses of products in a storefront that the API does not know, with the part that stands for the product.
_PRODUCT_URLS = {
    "VENDURE_PRODUCT_URL": "{slug}",
    "MEDUSA_PRODUCT_URL": "{handle}",
    "MAGENTO_PRODUCT_URL": "{slug}",
    "SALEOR_PRODUCT_URL": "{slug}",
}
_MYSHOPIFY = r"[a-z0-9][a-z0-9-]*\.myshopify\.com"
_HTTPS = r"https://[^\s/@?#]+(/[^\s@?#]*)?"
# A shop on this machine, for development: the keys do not leave it.
_HTTP_LOCAL = r"http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s@?#]*)?"
_SECRET_LENGTH = 16


def check_shops(*, queue_url: str) -> None:
    """Raise ImproperlyConfigured for an address that must not get a shop's keys, for half a shop, or for a
    currency that is none.
    """
    # It stands beside every price that states none.
    if not re.fullmatch("([A-Z]{3})?", DEFAULT_CURRENCY):
        raise ImproperlyConfigured(
            f"DEFAULT_CURRENCY={DEFAULT_CURRENCY!r} is no currency's ISO code. Write for example "
            "DEFAULT_CURRENCY=EUR."
        )
    _check_shopify()
    for shop, setting in _ADDRESSES.items():
        if shop != "shopify":
            _check_address(setting)
        if _value(setting) and shop in CATALOGUE_SOURCES:
            raise ImproperlyConfigured(f"CATALOGUE_SOURCES names {shop!r}, which is the shop's own source.")
    for name in CATALOGUE_SOURCES:
        if not SOURCE_NAME.fullmatch(name):
            raise ImproperlyConfigured(
                "CATALOGUE_SOURCES is a list of name=address, such as shop=https://shop.example/feed.xml: "
                "each name has 1 to 40 lower-case letters, digits and underscores."
            )
    for name in filter(is_of_api, CATALOGUE_SOURCES):
        raise ImproperlyConfigured(
            f"CATALOGUE_SOURCES names {name!r}, which is for products sent to the API."
        )
    for setting, part in _PRODUCT_URLS.items():
        _check_product_url(setting, part)
    for shop, setting in _WEBHOOK_SECRETS.items():
        _check_webhook(_value(setting), _value(_ADDRESSES[shop]), queue_url)


def _value(setting: str) -> str:
    value: str = globals()[setting]
    return value


def _check_shopify() -> None:
    if bool(SHOPIFY_SHOP) != bool(SHOPIFY_TOKEN or SHOPIFY_CLIENT_ID):
        raise ImproperlyConfigured(
            "SHOPIFY_SHOP goes with SHOPIFY_TOKEN, or with SHOPIFY_CLIENT_ID and SHOPIFY_CLIENT_SECRET."
        )
    if SHOPIFY_SHOP and not re.fullmatch(_MYSHOPIFY, SHOPIFY_SHOP):
        raise ImproperlyConfigured("SHOPIFY_SHOP is the shop's own name, such as example.myshopify.com.")


def _check_address(setting: str) -> None:
    allowed = f"{_HTTPS}|{_HTTP_LOCAL}" if ALLOW_PRIVATE_FEEDS else _HTTPS
    if _value(setting) and not re.fullmatch(allowed, _value(setting)):
        raise ImproperlyConfigured(
            f"{setting} is the shop's https:// address alone, such as https://shop.example. "
            "Without TLS the keys could be overheard."
        )


def _check_product_url(setting: str, part: str) -> None:
    value = _value(setting)
    if value and not (value.startswith(("https://", "http://")) and part in value):
        raise ImproperlyConfigured(
            f"{setting} is a product's address in the storefront, such as https://shop.example/products/{part}."
        )


def _check_webhook(secret: str, shop: str, queue_url: str) -> None:
    # Without a queue, the work would run in the webhook's request; a shop that waits too long ends the
    # webhook.
    if secret and not (queue_url and shop and len(secret) >= _SECRET_LENGTH):
        raise ImproperlyConfigured(
            "A webhook's secret has 16 characters or more, and needs QUEUE_URL or REDIS_URL "
            "and the shop's keys too."
        )


check_shops(queue_url=QUEUE_URL)
