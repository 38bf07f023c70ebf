"""The search pages: addresses, the answer they show, and what they say when there is none."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from search.models import QueryImage, QueryImageOwner
from search.pages.addresses import read_query, results_url, write_query
from search.query import Crop, Filters, InvalidQuery, SearchQuery, Sort
from tests.search.shop import picture

HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "results"}


def ids(response):
    grid = response.content.decode().split('id="grid"')[1].split("</ol>")[0]
    return re.findall(r'data-product-id="([^"]+)"', grid)


FULL = SearchQuery(
    text="red & blue",
    image_id="product:demo-1",
    crop=Crop(0.1, 0.2, 0.3, 0.4),
    weight=0.25,
    offset=24,
    filters=Filters(
        category=("Dress", "Apparel > Bags"),
        size=("M", "42"),
        material=("Wool",),
        pattern=("Striped",),
        attribute=("season:Summer", "fit:Slim & long"),
        price_min=Decimal(5),
        price_max=Decimal("9.50"),
        in_stock=True,
        on_sale=True,
    ),
    sort=Sort.NEWEST,
    exclude="polka dots",
    ignore=("colour:Red",),
    like=("demo-2", "-demo-3"),
    diversity=0.5,
)


@pytest.mark.parametrize(
    "query", [FULL, SearchQuery(text="shirt"), SearchQuery(image_id="a" * 64, weight=0.0)]
)
def test_an_address_says_the_whole_query_and_is_read_back(query):
    address = results_url(query)
    assert read_query(QueryDict(address.partition("?")[2])) == query


def test_an_address_leaves_out_what_says_nothing():
    assert write_query(SearchQuery(text="shirt")) == [("text", "shirt")]


def test_a_change_starts_at_the_first_page():
    assert "offset" not in results_url(FULL, sort=Sort.PRICE)


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("text=a&weight=nan", "weight"),
        ("text=a&weight=much", "weight"),
        ("text=a&offset=inf", "offset"),
        ("text=a&top_k=0", "top_k"),
        ("text=a&sort=random", "sort"),
        ("text=a&price_min=NaN", "price_min"),
        ("text=a&price_max=cheap", "price_max"),
        ("image_id=a&crop=0,0,2,2", "crop"),
    ],
)
def test_what_cannot_be_read_names_its_field(address, field):
    with pytest.raises(InvalidQuery) as refusal:
        read_query(QueryDict(address))
    assert refusal.value.field == field


def test_the_page_and_the_api_give_the_same_products(client, shop):
    page = client.get("/results", {"text": "red", "category": "Dress"})
    answer = client.post(
        "/api/v1/text-search", {"text": "red", "category": ["Dress"]}, content_type="application/json"
    )
    assert ids(page) == [hit["product"]["id"] for hit in answer.json()["results"]]
    assert ids(page)


def test_htmx_gets_the_same_answer_as_a_fragment_and_its_address(client, shop):
    page, fragment = client.get("/results?text=red&weight="), client.get("/results?text=red&weight=", **HTMX)
    assert ids(fragment) == ids(page)
    assert "<html" not in fragment.content.decode()
    assert fragment["HX-Push-Url"] == "/results?text=red"
    assert "HX-Request" in fragment["Vary"]


def test_a_page_restored_by_htmx_is_whole(client, shop):
    response = client.get("/results?text=red", HTTP_HX_HISTORY_RESTORE_REQUEST="true", **HTMX)
    assert "<html" in response.content.decode()


def test_a_posted_picture_becomes_an_address_that_keeps_the_filters(client, shop):
    upload = SimpleUploadedFile("photo.jpg", picture("blue"), "image/jpeg")
    response = client.post(
        "/results", {"image": upload, "text": "dress", "category": "Dress", "crop": "0,0,1,1"}
    )
    assert response.status_code == 303
    assert re.fullmatch(r"/results\?text=dress&image_id=[0-9a-f]{64}&category=Dress", response["Location"])
    assert client.get(response["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("name", "data", "kind", "status"),
    [
        ("cut.jpg", picture("red", (400, 400))[:600], "image/jpeg", 400),
        ("note.txt", b"hello", "text/plain", 415),
    ],
)
def test_a_file_that_is_no_picture_is_refused_with_advice(client, shop, name, data, kind, status):
    response = client.post("/results", {"image": SimpleUploadedFile(name, data, kind)})
    assert response.status_code == status
    assert "data-search-form" in response.content.decode()


def test_a_picture_whose_name_says_another_type_is_searched(client, shop):
    upload = SimpleUploadedFile("saved.png", picture("red"), "image/png")
    assert client.post("/results", {"image": upload}).status_code == 303


def test_a_picture_nobody_knows_is_a_404_that_keeps_the_words(client, shop):
    response = client.get("/results", {"text": "dress", "image_id": "0" * 64})
    assert response.status_code == 404
    assert 'value="dress"' in response.content.decode()


def test_what_cannot_be_read_is_a_400_for_people_and_a_notice_for_htmx(client, shop):
    assert client.get("/results?sort=loveliest").status_code == 400
    notice = client.get("/results?sort=loveliest", **HTMX)
    assert notice.status_code == 400
    assert "<html" not in notice.content.decode()


def test_without_an_index_the_page_says_which_command_to_run(client, db, colour_encoder):
    response = client.get("/results?text=red")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "manage.py reindex" in response.content.decode()


def test_the_home_page_stands_without_an_index(client, db, colour_encoder):
    assert client.get("/").status_code == 200


def test_words_are_escaped_wherever_they_stand(client, shop):
    response = client.get("/results", {"text": '<script>alert("x")</script>'})
    assert b"<script>alert" not in response.content


def test_a_page_of_results_takes_a_fixed_number_of_queries(client, shop, django_assert_max_num_queries):
    client.get("/results?text=red&top_k=2")
    with django_assert_max_num_queries(8):
        client.get("/results?text=red&top_k=24")


def test_similar_products_are_a_row_for_htmx_and_a_page_without(client, shop):
    address = f"{shop[0].get_absolute_url()}/similar"
    assert "<html" in client.get(address).content.decode()
    row = client.get(address, HTTP_HX_REQUEST="true").content.decode()
    assert "<html" not in row
    assert f'data-product-id="{shop[0].product_id}"' not in row


# Deleting the picture


@pytest.fixture
def sent(client, shop, settings, tmp_path):
    """The address of the results for a picture and words, in one category."""
    settings.MEDIA_ROOT = tmp_path / "media"
    upload = SimpleUploadedFile("photo.jpg", picture("blue"), "image/jpeg")
    return client.post("/results", {"image": upload, "text": "dress", "category": "Dress"})["Location"]


def test_the_page_deletes_its_picture_and_leads_to_the_words_alone(client, sent):
    page = client.get(sent).content.decode()
    form = re.search(r'<form class="delete-picture.*?</form>', page, re.DOTALL).group()
    fields = dict(re.findall(r'name="(image_id|text|category)" value="([^"]*)"', form))
    answer = client.post("/results/delete-picture", fields)
    assert (answer.status_code, answer["Location"]) == (303, "/results?text=dress&category=Dress")
    assert not QueryImage.objects.exists()
    assert client.get(sent).status_code == 404


def test_without_words_deleting_leads_to_the_front_page(client, sent):
    answer = client.post("/results/delete-picture", {"image_id": QueryImage.objects.get().pk})
    assert (answer.status_code, answer["Location"]) == (303, "/")


def test_deleting_is_a_post_with_the_forms_token(client, sent):
    assert client.get("/results/delete-picture").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    fields = {"image_id": QueryImage.objects.get().pk}
    assert strict.post("/results/delete-picture", fields).status_code == 403
    assert QueryImage.objects.exists()


def test_a_products_own_picture_has_no_such_button(client, shop):
    page = client.get("/results", {"image_id": f"product:{shop[0].product_id}"})
    assert "delete-picture" not in page.content.decode()


@pytest.mark.parametrize("headers", [{}, {"DNT": "1", "Sec-GPC": "1"}])
@pytest.mark.parametrize("path", ["/results", "/api/v1/image-search"])
def test_a_signed_in_persons_picture_is_theirs_whatever_they_object_to(client, sent, headers, path):
    user = User.objects.create_user("ada@example.com", "seven green umbrellas")
    client.post("/auth/login", {"email": user.email, "password": "seven green umbrellas"})
    upload = SimpleUploadedFile("photo.jpg", picture("red"), "image/jpeg")
    client.post(path, {"image": upload}, headers=headers)
    assert QueryImageOwner.objects.filter(user=user).count() == 1
    user.delete()
    assert QueryImage.objects.count() == 1  # the one of ``sent``
