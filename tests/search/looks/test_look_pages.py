"""Complete the look over the API and on pages: the same pieces in both."""

import re

from tests.problems import fields_of


def api(client, product, **parameters):
    return client.get(f"/api/v1/complete-the-look/{product.product_id}", parameters)


def test_the_api_describes_each_piece(client, wardrobe):
    answer = api(client, wardrobe["Navy Blue Shirts"]).json()
    assert answer["product_id"] == wardrobe["Navy Blue Shirts"].product_id
    first = answer["results"][0]
    assert (first["rank"], first["slot"], first["chosen_by_staff"]) == (1, "bottom", False)
    assert first["product"]["id"] == wardrobe["Grey Trousers"].product_id
    assert set(first["terms"]) == {"harmony", "occasion", "fit", "style", "bought"}
    assert all(0.0 <= value <= 1.0 for value in first["terms"].values())
    assert first["reason"]


def test_the_api_gives_as_many_pieces_as_asked(client, wardrobe):
    assert len(api(client, wardrobe["Navy Blue Shirts"], top_k=2).json()["results"]) == 2
    assert "top_k" in fields_of(api(client, wardrobe["Navy Blue Shirts"], top_k=9))


def test_an_unknown_parameter_is_refused(client, wardrobe):
    refused = api(client, wardrobe["Navy Blue Shirts"], limit=3)
    assert (refused.status_code, refused.json()["errors"]["limit"][0]["code"]) == (400, "unknown_field")


def test_the_product_page_loads_the_section_and_links_to_it(client, wardrobe):
    product = wardrobe["Navy Blue Shirts"]
    page = client.get(product.get_absolute_url()).content.decode()
    assert f'hx-get="{product.get_absolute_url()}/look"' in page
    assert f'<a href="{product.get_absolute_url()}/look">' in page


def test_the_page_and_the_api_show_the_same_pieces(client, wardrobe):
    product = wardrobe["Navy Blue Shirts"]
    page = client.get(f"{product.get_absolute_url()}/look").content.decode()
    shown = re.findall(r'class="card" data-product-id="([^"]+)"', page)
    assert shown == [piece["product"]["id"] for piece in api(client, product).json()["results"]]
    assert "Goes with: neutral with navy blue · for the same occasion" in page


def test_a_reason_writes_colours_as_its_language_does(client, wardrobe):
    address = f"{wardrobe['Navy Blue Shirts'].get_absolute_url()}/look"
    assert "neutral zu Marineblau" in client.get(address, headers={"Accept-Language": "de"}).content.decode()


def test_a_product_without_a_look_says_so_on_its_page_and_nothing_in_the_section(client, wardrobe):
    address = f"{wardrobe['Gold Perfume'].get_absolute_url()}/look"
    assert "We have nothing that goes with this one." in client.get(address).content.decode()
    assert client.get(address, headers={"HX-Request": "true"}).content.decode().strip() == ""


def test_a_product_that_is_gone_is_not_found(client, wardrobe):
    assert client.get("/products/gone-1/look").status_code == 404


def test_without_an_index_the_refusal_says_what_to_do(client, colour_encoder, db):
    from tests.factories import ProductFactory

    assert api(client, ProductFactory(category="Shirts")).status_code == 503
