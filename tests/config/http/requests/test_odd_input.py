"""What a client can send that is no text, no name and no address: refused, never failed."""

import pytest
from django.test import Client

API = "/api/v1"
HALF = "\\ud800"
JSON = "application/json"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("text-search", "text"),
        ("text-search", "sort"),
        ("recommend", "category"),
        ("auth/login", "email"),
        ("auth/login", "tokens"),
        ("auth/refresh", "refresh"),
        ("auth/register", "name"),
        ("events/click", "query_id"),
    ],
)
@pytest.mark.parametrize("value", [f'"{HALF}"', f'["{HALF}"]', f'{{"a": "{HALF}"}}', f'{{"{HALF}": 1}}'])
def test_half_a_surrogate_pair_in_a_field_is_refused_by_its_name(visitor, path, field, value):
    body = f'{{"{field}": {value}}}'
    answer = visitor.post(f"{API}/{path}", body, content_type=JSON)
    assert answer.status_code == 400
    assert field in answer.json()


@pytest.mark.django_db
@pytest.mark.parametrize("body", [f'{{"{HALF}": 1}}', f'"{HALF}"', f'["{HALF}"]'])
def test_half_a_surrogate_pair_elsewhere_is_refused(visitor, body):
    answer = visitor.post(f"{API}/text-search", body, content_type=JSON)
    assert answer.status_code == 400
    assert "surrogate" in answer.json()["detail"]


def test_a_whole_pair_is_text(visitor, shop):
    answer = visitor.post(f"{API}/text-search", '{"text": "red \\ud83d\\udc57"}', content_type=JSON)
    assert answer.status_code == 200


@pytest.mark.parametrize("name", ["like", "ignore", "brand", "colour", "text", "image_id", "sort", "unknown"])
def test_a_null_byte_in_a_parameter_of_a_page_is_400(visitor, shop, name):
    assert visitor.get(f"/results?text=red&{name}=a%00b").status_code == 400


@pytest.mark.parametrize("name", ["like", "ignore", "brand", "image_id"])
def test_a_null_byte_in_a_field_of_a_form_is_400(visitor, shop, name):
    assert visitor.post("/results", {"text": "red", name: "a\0b"}).status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/products/a%00b", "/media/%00.webp", "/media/queries/%00", f"{API}/product/a%00b"]
)
def test_a_null_byte_in_a_path_is_404(visitor, path):
    assert visitor.get(path).status_code == 404


@pytest.mark.django_db
def test_a_null_byte_in_a_parameter_of_the_admin_is_400(visitor, admin_user):
    visitor.force_login(admin_user)
    assert visitor.get("/admin/accounts/user/?q=%00").status_code == 400


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["", "pictures/", "queries/", "queries/ab/"])
@pytest.mark.parametrize("name", ["x" * 256, "ä" * 128, "x" * 5000, "/".join(["x"] * 3000)])
def test_a_name_that_no_file_can_have_is_404(visitor, folder, name):
    assert visitor.get(f"/media/{folder}{name}").status_code == 404


@pytest.mark.django_db
def test_a_long_name_below_static_is_404():
    assert Client(raise_request_exception=False).get(f"/static/{'x' * 300}.css").status_code == 404
