"""Tokens and their exchange; a netrc and messages."""

import logging

import pytest

from catalog.sources.base import SourceError
from catalog.sources.shops.shopify import ShopifySource
from catalog.sources.shops.shopify_api import ShopifyKeys
from tests.catalog.fakes.fake_shopify import (
    CLIENT_ID,
    CLIENT_SECRET,
    TOKEN,
    failed,
    product,
)
from tests.catalog.fakes.shops import ids


@pytest.fixture
def app_source(shop, pauses):
    keys = ShopifyKeys(client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
    return ShopifySource("fern.myshopify.com", keys, address=shop.address, pause=pauses.append)


def test_an_apps_id_and_secret_are_exchanged_for_a_token_once(shop, app_source):
    shop.products = [product(7)]
    assert ids(app_source.products()) == ids(app_source.products()) == ["7"]
    assert shop.exchanges == 1


def test_a_token_near_its_end_is_renewed(shop, app_source):
    shop.products, shop.lifetime = [product(7)], 3600
    assert ids(app_source.products()) == ids(app_source.products()) == ["7"]
    assert shop.exchanges == 2


def test_a_token_that_was_withdrawn_is_replaced(shop, app_source):
    shop.products = [product(7)]
    list(app_source.products())
    shop.withdrawn.add(f"{TOKEN}-1")
    assert ids(app_source.products()) == ["7"]
    assert shop.exchanges == 2


def test_a_fresh_token_that_is_refused_is_not_exchanged_again(shop, app_source):
    shop.withdrawn.update(f"{TOKEN}-{number}" for number in range(1, 9))
    for exchanges in (1, 2):
        with pytest.raises(SourceError, match="Shopify refused the key"):
            list(app_source.products())
        assert shop.exchanges == exchanges


def test_a_wrong_secret_is_one_sentence(shop):
    keys = ShopifyKeys(client_id=CLIENT_ID, client_secret="wrong-secret")
    source = ShopifySource("fern.myshopify.com", keys, address=shop.address)
    with pytest.raises(SourceError, match="Shopify gave no token for SHOPIFY_CLIENT_ID") as caught:
        list(source.products())
    assert caught.value.permanent


def test_keys_stand_in_no_message_log_or_description(shop, caplog):
    caplog.set_level(logging.DEBUG)
    shop.instead = [failed("ODD", f"The token {TOKEN} is odd."), (503, {}, ""), (401, {}, {"errors": TOKEN})]
    source = ShopifySource(
        "fern.myshopify.com", ShopifyKeys(TOKEN), address=shop.address, pause=lambda _s: None
    )
    output = []
    for _time in range(2):
        with pytest.raises(SourceError) as caught:
            list(source.products())
        output.append(f"{caught.value!r} {caught.value.__cause__!r}")
    assert "The token … is odd." in output[0]
    assert TOKEN not in "".join(output) + caplog.text + repr(vars(source)) + repr(
        ShopifyKeys(TOKEN, "a", TOKEN)
    )


def test_a_netrc_does_not_replace_the_key(shop, source, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login nobody password nothing\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    shop.products = [product(7)]
    assert ids(source.products()) == ["7"]
    assert "Authorization" not in shop.headers[-1]
