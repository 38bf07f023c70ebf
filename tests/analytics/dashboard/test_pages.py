"""The dashboard's pages: access and content."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from analytics.models import DailyCount
from catalog.models import SyncRun
from search.models import IndexRun
from tests.factories import ProductFactory


@pytest.mark.parametrize("path", ["", "/searches?q=x", "/top.csv"])
def test_a_stranger_is_sent_to_sign_in(db, path):
    answer = Client().get(f"/admin/dashboard{path}")
    assert answer.status_code == 302
    assert answer.url.startswith("/auth/login?next=/admin/dashboard")


@pytest.mark.parametrize("path", ["", "/searches?q=x", "/top.csv"])
def test_a_shopper_is_refused(browser, ada, path):
    assert browser(ada).get(f"/admin/dashboard{path}").status_code == 403


LINKS = {
    "synonym": "/admin/search/synonym/",
    "curatedplacement": "/admin/search/curatedplacement/",
    "indexrun": "/admin/search/indexrun/",
}


def linked(page):
    return {name for name, address in LINKS.items() if f'href="{address}"' in page}


@pytest.mark.parametrize("name", LINKS)
def test_staff_see_the_links_that_they_may_follow(browser, staff, name):
    staff.user_permissions.add(Permission.objects.get(codename=f"view_{name}"))
    page = browser(staff).get("/admin/dashboard").content.decode()
    assert linked(page) == {name}
    assert browser(staff).get(LINKS[name]).status_code == 200


def test_an_analyst_finds_the_experiments_and_nothing_of_the_admin(browser, ada):
    names = [f"view_{name}" for name in (*LINKS, "dashboard")]
    ada.user_permissions.set(Permission.objects.filter(codename__in=names))
    page = browser(ada).get("/admin/dashboard").content.decode()
    assert 'href="/admin/dashboard/experiments"' in page
    assert linked(page) == set()
    assert browser(ada).get("/admin/dashboard/experiments").status_code == 200


def test_staff_see_what_was_searched_clicked_and_not_found(browser, staff, today):
    answer = browser(staff).get("/admin/dashboard?days=7")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "red dress" in page
    assert "flux capacitor" in page
    summary = answer.context["figures"]["summary"]
    assert (summary["searches"], summary["zero_results"], summary["clicks"]) == (2, 1, 1)
    assert "max-age=0" in answer["Cache-Control"]


def test_page_and_api_show_the_same_numbers(browser, staff, today):
    client = browser(staff)
    page = client.get("/admin/dashboard?days=7").context["figures"]
    api = client.get("/api/v1/admin/stats?days=7").json()
    assert api["summary"] == page["summary"]
    assert api["queries"] == page["queries"]


@pytest.mark.parametrize(
    "query", ["days=0", "days=many", "until=2199-01-01", "until=never", "until=0001-01-01"]
)
def test_an_invalid_period_is_explained(browser, staff, query):
    client = browser(staff)
    assert client.get(f"/admin/dashboard?{query}").status_code == 400
    assert client.get(f"/admin/dashboard/top.csv?{query}").status_code == 400


def test_an_empty_shop_has_a_dashboard(browser, staff):
    assert browser(staff).get("/admin/dashboard?days=730").status_code == 200


def test_a_query_leads_to_its_searches_and_on_to_the_results(browser, staff, today):
    answer = browser(staff).get("/admin/dashboard/searches", {"q": "Red Dress"})
    page = answer.content.decode()
    assert answer.context["page"].paginator.count == 1
    assert "/results?text=red+dress" in page
    assert "demo-1" in page


def test_the_searches_for_a_query_are_counted_as_the_dashboard_counts_them(browser, staff, searched, ada):
    for sort in ("", "price", "newest"):
        searched("linen shirt", user=ada, filters={"sort": sort} if sort else {})
    searched("linen shirt")
    page = browser(staff).get("/admin/dashboard/searches", {"q": "linen shirt"})
    assert (page.context["visits"], page.context["page"].paginator.count) == (2, 4)
    assert "4 answers" in page.content.decode()


def test_every_number_of_the_headline_has_its_thousands(browser, staff, noon):
    counted = (("type", "text"), ("stage", "total:9"), ("confidence", "none"), ("bought-source", "search"))
    for measure, key in counted:
        DailyCount.objects.create(day=noon.date(), measure=measure, key=key, count=12034)
    page = " ".join(browser(staff).get("/admin/dashboard").content.decode().split())
    assert "12,034 searches" in page
    assert "12,034 purchases" in page
    assert "12034 " not in page


def test_the_searches_page_costs_the_same_for_many_rows(
    browser, staff, searched, django_assert_max_num_queries
):
    for _search in range(30):
        searched("red dress")
    client = browser(staff)
    with django_assert_max_num_queries(9):
        client.get("/admin/dashboard/searches?q=red+dress")


def test_a_past_period_says_how_old_the_last_sync_is_today(browser, staff, noon):
    ProductFactory(source="feed")
    SyncRun.objects.create(source="feed", state="done", started_at=noon, finished_at=noon)
    page = browser(staff).get("/admin/dashboard", {"until": (noon - timedelta(days=9)).date()})
    assert page.context["figures"]["catalogue"]["sources"][0]["last_sync"]["age_h"] == 0
    assert page.context["figures"]["to"] == (noon - timedelta(days=9)).date()


def test_staff_see_how_the_last_reindex_ended(browser, staff, noon):
    IndexRun.objects.create(state="failed", asked_at=noon, message="The disk is full.")
    staff.user_permissions.add(Permission.objects.get(codename="view_indexrun"))
    page = browser(staff).get("/admin/dashboard").content.decode()
    assert page.count("The disk is full.") == 2
    assert "/admin/search/indexrun/" in page


@pytest.mark.parametrize(("is_active", "is_linked"), [(True, True), (False, False), (None, False)])
def test_products_that_have_no_page_any_more_are_named_without_a_link(
    browser, staff, today, is_active, is_linked
):
    if is_active is not None:
        ProductFactory(product_id="demo-1", title="Sold here", is_active=is_active)
    for page in ("/admin/dashboard", "/admin/dashboard/searches?q=red+dress"):
        content = browser(staff).get(page).content.decode()
        assert ('href="/products/demo-1"' in content) is is_linked
        assert "demo-1" in content
