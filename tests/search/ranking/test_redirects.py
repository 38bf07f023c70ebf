"""Searches that merchandisers lead to a page."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from analytics import recording
from analytics.models import SearchLog
from search.models import Redirect
from tests.search.shop import NOW

pytestmark = pytest.mark.django_db


def test_a_search_leads_to_the_page_that_staff_chose(client, shop):
    Redirect.objects.create(query="Size guides", path="/results?category=Dress")
    page = client.get("/results?text=size+guide")
    assert (page.status_code, page["Location"]) == (302, "/results?category=Dress")
    fragment = client.get("/results?text=size+guide", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/results?category=Dress"
    answer = client.post("/api/v1/text-search", {"text": "guide size"}, content_type="application/json")
    assert answer.json()["redirect"] == "/results?category=Dress"
    assert client.get("/results?text=red+dress").status_code == 200


@pytest.mark.parametrize(
    "path", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", ""]
)
def test_no_search_leads_away_from_the_shop(client, shop, path):
    row = Redirect(query="red dress", path=path)
    with pytest.raises(ValidationError):
        row.full_clean()
    row.save()
    assert client.get("/results?text=red+dress").status_code == 200


def test_a_path_may_have_blanks(client, shop):
    row = Redirect(query="red dress", path="/results?text=blue dress")
    row.full_clean()
    row.save()
    assert client.get("/results?text=red+dress")["Location"] == "/results?text=blue%20dress"


@pytest.mark.parametrize(
    "parameters", ["text=dresses+red", "q=dresses+red", "text=&q=red+dress", "text=boots&text=red+dress"]
)
def test_redirects_do_not_go_round_in_circles(client, shop, parameters):
    Redirect.objects.create(query="red dress", path=f"/results?{parameters}")
    assert client.get("/results?text=red+dress").status_code == 200
    Redirect.objects.create(query="frock", path="/results?text=red+dress")
    assert client.get("/results?text=frock").status_code == 200


def test_a_redirect_does_not_lead_to_misspelt_words_that_lead_back(client, shop):
    Redirect.objects.create(query="green boots", path="/results?text=geren+boots")
    assert client.get("/results?text=green+boots")["Location"] == "/results?text=geren+boots"
    assert client.get("/results?text=geren+boots").status_code == 200


def test_a_redirect_ends(client, shop):
    Redirect.objects.create(query="red dress", path="/", ends_at=NOW - timedelta(days=1))
    assert client.get("/results?text=red+dress").status_code == 200


def test_a_search_that_is_led_to_a_page_is_none_without_results(client, shop):
    client.get("/results?text=zzyzx")
    Redirect.objects.create(query="zzyzx", path="/new-in")
    client.get("/results?text=zzyzx", headers={"User-Agent": "another"})
    recording.flush()
    (before, after) = SearchLog.objects.order_by("timestamp")
    assert (before.results_count, after.results_count, after.low_confidence) == (0, 1, False)


def test_the_comparison_says_where_shoppers_are_led(admin_client, shop):
    address = reverse("compare") + "?text=red+dress"
    assert "are led to another page" not in admin_client.get(address).content.decode()
    Redirect.objects.create(query="red dress", path="/new-in")
    page = admin_client.get(address).content.decode()
    assert 'Shoppers are led to another page instead: <a href="/new-in">' in page
