"""The page of one product."""

import json
import re
from decimal import Decimal

import pytest

from catalog.attributes import sizes
from catalog.templatetags.colours import UNKNOWN, hexes
from catalog.templatetags.shop import money
from tests.factories import ProductFactory, ProductImageFactory

pytestmark = pytest.mark.django_db


def page_of(client, product):
    return client.get(product.get_absolute_url()).content.decode()


def test_it_states_the_product_as_json_ld_that_cannot_end_its_element(client):
    product = ProductFactory(description="</script><b>& more")
    page = page_of(client, product)
    block = re.search(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)[1]
    data = json.loads(block)
    assert data["description"] == "</script><b>& more"
    assert data["offers"] == {
        "@type": "Offer",
        "price": "39.00",
        "priceCurrency": "EUR",
        "availability": "https://schema.org/InStock",
        "url": f"http://testserver{product.get_absolute_url()}",
    }


def test_it_shows_every_picture_in_reserved_space(client):
    product = ProductFactory()
    for _ in range(2):
        ProductImageFactory(product=product)
    assert page_of(client, product).count('width="60" height="80"') >= 2


def test_a_product_without_picture_or_price_still_has_a_page(client):
    page = page_of(client, ProductFactory(price=None, description=""))
    assert "Like this, but" not in page


def test_a_product_that_left_the_shop_is_a_404(client):
    assert client.get(ProductFactory(is_active=False).get_absolute_url()).status_code == 404


def test_other_colours_of_the_style_are_linked(client):
    product, other = ProductFactory(item_group_id="g"), ProductFactory(item_group_id="g", colour="Red")
    assert other.get_absolute_url() in page_of(client, product)


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"sizes": {"S": 2, "M": 0}}, [("S", True), ("M", False)]),
        ({"sizes": ["S", "M"]}, [("S", True), ("M", True)]),
        ({"size": "S, M"}, [("S", True), ("M", True)]),
        ({"sizes": ["S", "L"], "sold_out_sizes": ["M", "l"]}, [("S", True), ("L", False), ("M", False)]),
        ({}, []),
    ],
)
def test_sizes_are_read_in_every_form_that_shops_state(attributes, expected):
    assert sizes(attributes, in_stock=True) == expected


def test_sizes_stand_once_and_those_that_are_sold_out_say_so(client):
    product = ProductFactory(
        attributes={"sizes": ["S"], "sold_out_sizes": ["38/40"], "größe": "S", "material": "Linen"}
    )
    page = page_of(client, product)
    assert re.search(r'<li class="is-gone">\s*38/40\s*<span class="visually-hidden">sold out', page)
    assert re.findall(r"<dt>([^<]+)</dt>", page) == ["Colour", "For", "Material"]


@pytest.mark.parametrize(
    ("language", "currency", "expected"),
    [
        ("en", "EUR", "€1,234.50"),
        ("de", "EUR", "1.234,50\u00a0€"),
        ("en", "JPY", "¥1,234"),
        ("en", "CLP", "CLP\u00a01,234"),
        ("en", "CHF", "CHF\u00a01,234.50"),
        ("de", "CHF", "1.234,50\u00a0CHF"),
    ],
)
def test_a_price_is_written_as_its_reader_writes_it(settings, language, currency, expected):
    from django.utils import translation

    with translation.override(language):
        assert money(Decimal("1234.50"), currency) == expected


def test_a_swatch_knows_plain_double_and_unknown_colours():
    assert hexes("red") == hexes("Dusty Red")
    assert hexes("Red/White") == (hexes("Red")[0], "#ffffff")
    assert hexes("Navy & Gold") == (hexes("Navy")[0], hexes("Gold")[0])
    assert hexes("glorp") == (UNKNOWN, UNKNOWN)


def test_a_swatch_of_a_word_without_a_hex_value_is_that_of_its_family():
    assert hexes("Marineblau") == hexes("Blue")
    assert hexes("Red, Green and Blue") == hexes("Multicolour") == hexes("Bunt")
