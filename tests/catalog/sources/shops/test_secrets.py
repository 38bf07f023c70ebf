"""No key appears in what an adapter says or logs, whatever the shop answers."""

import logging

import pytest

from catalog.sources.base import SourceError
from catalog.sources.registry import SHOPS, shop_named
from tests.catalog.fakes.shops import FakeShop, serving
from tests.factories import NOW

KEYS = {
    "SHOPIFY_TOKEN": "shpat_secret_0123456789",
    "WOOCOMMERCE_KEY": "ck_secret_0123456789",
    "WOOCOMMERCE_SECRET": "cs_secret_0123456789",
    "VENDURE_CHANNEL": "channel_secret_0123456789",
    "MEDUSA_KEY": "pk_secret_0123456789",
    "MAGENTO_TOKEN": "token_secret_0123456789",
    "SALEOR_TOKEN": "app_secret_0123456789",
}
ADDRESSES = ("WOOCOMMERCE_URL", "VENDURE_URL", "MEDUSA_URL", "MAGENTO_URL", "SALEOR_URL")


class Repeating(FakeShop):
    """Answers with everything it was sent, in each place where a reason may stand."""

    status = 400

    def noted(self, request, body):
        return str(dict(request.headers))

    def is_allowed(self, request):
        return True

    def usual(self, noted):
        said = f"You sent {noted} with {' '.join(KEYS.values())}"
        return self.status, {}, {"message": said, "errors": [{"message": said}], "code": said}


@pytest.fixture
def shop(settings):
    with serving(Repeating()) as shop:
        for name, value in KEYS.items():
            setattr(settings, name, value)
        for name in ADDRESSES:
            setattr(settings, name, shop.address)
        settings.MEDUSA_REGION = "reg_1"
        yield shop


@pytest.mark.parametrize("status", [200, 400, 401, 404])
@pytest.mark.parametrize("name", [each.name for each in SHOPS if each.name != "shopify"])
def test_a_shops_own_keys_are_left_out(shop, caplog, name, status):
    shop.status = status
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceError) as caught:
        shop_named(name).check(now=NOW)
    own = [value for key, value in KEYS.items() if key.startswith(name.upper())]
    assert own
    for key in own:
        assert key not in f"{caught.value} {caught.value!r} {caplog.text}"
