import pytest
from django.core.exceptions import ImproperlyConfigured

from config.environment import read_together
from config.settings import shops


@pytest.fixture
def given(monkeypatch):
    """``given(NAME=value, …)`` checks the shops' settings with these values; all others are unset."""

    def check(**changed):
        redis_url = changed.pop("REDIS_URL", "")
        for name, value in changed.items():
            monkeypatch.setattr(shops, name, value)
        shops.check_shops(queue_url=redis_url)

    return check


WOOCOMMERCE = {"WOOCOMMERCE_KEY": "ck_1", "WOOCOMMERCE_SECRET": "cs_1"}
HOOK = "a-secret-of-the-shop"


def test_no_shop_is_fine(given):
    given()


@pytest.mark.parametrize(
    "stated",
    [
        {"SHOPIFY_SHOP": "fern.myshopify.com", "SHOPIFY_TOKEN": "shpat_1"},
        {"SHOPIFY_SHOP": "fern-2.myshopify.com", "SHOPIFY_CLIENT_ID": "a", "SHOPIFY_CLIENT_SECRET": "b"},
        {"WOOCOMMERCE_URL": "https://fern.example", **WOOCOMMERCE},
        {"WOOCOMMERCE_URL": "https://fern.example:8443/shop/", **WOOCOMMERCE},
        {"WOOCOMMERCE_URL": "https://10.0.0.8", **WOOCOMMERCE},
        {"WOOCOMMERCE_URL": "http://127.0.0.1:8080", "ALLOW_PRIVATE_FEEDS": True, **WOOCOMMERCE},
        {
            "WOOCOMMERCE_URL": "https://fern.example",
            "WOOCOMMERCE_WEBHOOK_SECRET": HOOK,
            "REDIS_URL": "redis://r",
            **WOOCOMMERCE,
        },
        {"VENDURE_URL": "https://fern.example/shop-api"},
        {"DEFAULT_CURRENCY": ""},
        {"VENDURE_URL": "https://f.example/shop-api", "VENDURE_PRODUCT_URL": "https://f.example/p/{slug}"},
        {"MEDUSA_URL": "http://localhost:9000", "ALLOW_PRIVATE_FEEDS": True},
        {"SALEOR_URL": "https://f.example/graphql/", "SALEOR_PRODUCT_URL": "https://f.example/p/{slug}"},
    ],
)
def test_complete_settings_are_accepted(given, stated):
    given(**stated)


@pytest.mark.parametrize(
    ("stated", "sentence"),
    [
        ({"SHOPIFY_SHOP": "fern.myshopify.com"}, "SHOPIFY_SHOP goes with SHOPIFY_TOKEN"),
        ({"SHOPIFY_TOKEN": "shpat_1"}, "SHOPIFY_SHOP goes with SHOPIFY_TOKEN"),
        ({"SHOPIFY_SHOP": "fern.example", "SHOPIFY_TOKEN": "shpat_1"}, "is the shop's own name"),
        ({"SHOPIFY_SHOP": "evil.example/fern.myshopify.com", "SHOPIFY_TOKEN": "t"}, "is the shop's own name"),
        ({"WOOCOMMERCE_URL": "http://fern.example", **WOOCOMMERCE}, "https:// address"),
        ({"WOOCOMMERCE_URL": "http://127.0.0.1:8080", **WOOCOMMERCE}, "https:// address"),
        (
            {"WOOCOMMERCE_URL": "http://fern.example", "ALLOW_PRIVATE_FEEDS": True, **WOOCOMMERCE},
            "https:// address",
        ),
        ({"WOOCOMMERCE_URL": "https://key:secret@fern.example", **WOOCOMMERCE}, "address alone"),
        ({"WOOCOMMERCE_URL": "https://fern.example/?page=2", **WOOCOMMERCE}, "address alone"),
        ({"WOOCOMMERCE_URL": "fern.example", **WOOCOMMERCE}, "https:// address"),
        (
            {"WOOCOMMERCE_URL": "https://f.example", "WOOCOMMERCE_WEBHOOK_SECRET": HOOK, **WOOCOMMERCE},
            "needs QUEUE_URL or REDIS_URL",
        ),
        ({"SHOPIFY_WEBHOOK_SECRET": HOOK, "REDIS_URL": "redis://r"}, "the shop's keys"),
        (
            {
                "WOOCOMMERCE_URL": "https://f.example",
                "WOOCOMMERCE_WEBHOOK_SECRET": "short",
                "REDIS_URL": "redis://r",
                **WOOCOMMERCE,
            },
            "16 characters",
        ),
        ({"VENDURE_URL": "http://fern.example/shop-api"}, "VENDURE_URL is the shop's https:// address"),
        ({"MEDUSA_URL": "https://key@fern.example"}, "MEDUSA_URL is the shop's https:// address"),
        ({"VENDURE_PRODUCT_URL": "https://f.example/p/{handle}"}, r"such as .*\{slug\}"),
        ({"MEDUSA_PRODUCT_URL": "/products/{handle}"}, "MEDUSA_PRODUCT_URL is a product's address"),
        ({"SALEOR_URL": "http://f.example/graphql/"}, "SALEOR_URL is the shop's https:// address"),
        ({"SALEOR_PRODUCT_URL": "https://f.example/p/{id}"}, r"such as .*\{slug\}"),
        ({"SALEOR_WEBHOOK_SECRET": HOOK, "REDIS_URL": "redis://r"}, "the shop's keys"),
        ({"MEDUSA_WEBHOOK_SECRET": HOOK, "REDIS_URL": "redis://r"}, "the shop's keys"),
        ({"VENDURE_URL": "https://f.example", "CATALOGUE_SOURCES": {"vendure": "a.csv"}}, "names 'vendure'"),
        (
            {
                "SHOPIFY_SHOP": "fern.myshopify.com",
                "SHOPIFY_TOKEN": "t",
                "CATALOGUE_SOURCES": {"shopify": "feed.csv"},
            },
            "CATALOGUE_SOURCES names 'shopify'",
        ),
        ({"DEFAULT_CURRENCY": "EURO"}, "DEFAULT_CURRENCY='EURO' is no currency's ISO code"),
        ({"DEFAULT_CURRENCY": "€"}, "DEFAULT_CURRENCY='€' is no currency's ISO code"),
        ({"CATALOGUE_SOURCES": {"Shop": "feed.csv"}}, "lower-case letters"),
        ({"CATALOGUE_SOURCES": {"https://shop.example/feed?page": "1"}}, "list of name=address"),
    ],
)
def test_settings_that_cannot_be_right_stop_the_start(given, stated, sentence):
    with pytest.raises(ImproperlyConfigured, match=sentence) as caught:
        given(**stated)
    assert not {"ck_1", "cs_1", "shpat_1", HOOK, "key:secret"} & set(str(caught.value).split())


def test_a_part_of_what_belongs_together_names_the_rest(monkeypatch):
    monkeypatch.setenv("WOOCOMMERCE_URL", "https://fern.example")
    monkeypatch.setenv("WOOCOMMERCE_KEY", "ck_1")
    with pytest.raises(
        ImproperlyConfigured, match="WOOCOMMERCE_URL, WOOCOMMERCE_KEY needs WOOCOMMERCE_SECRET"
    ):
        read_together("WOOCOMMERCE_URL", "WOOCOMMERCE_KEY", "WOOCOMMERCE_SECRET")
