"""The search form: what its file input accepts and where its slider stands."""

import re

import pytest


def attribute(page, element_id, name):
    tag = re.search(rf'<input[^>]*id="{element_id}"[^>]*>', page)[0]
    return re.search(rf'{name}="([^"]*)"', tag)[1]


@pytest.mark.parametrize("with_picture", [False, True])
def test_the_file_input_lists_the_picture_types_that_are_read(client, shop, with_picture):
    page = client.get(f"/results?image_id=product:{shop[0].product_id}" if with_picture else "/")
    types = "image/jpeg,image/png,image/webp,image/avif,image/gif"
    assert attribute(page.content.decode(), "picture", "accept") == types


@pytest.mark.parametrize("weight", ["0.0", "0.25", "1.0"])
def test_the_slider_stands_at_the_weight_of_the_query(client, shop, weight):
    address = f"/results?text=red&image_id=product:{shop[0].product_id}&weight={weight}"
    assert (
        f'value="{weight}"'
        in re.search(r'<input class="slider"[^>]*>', client.get(address).content.decode())[0]
    )
