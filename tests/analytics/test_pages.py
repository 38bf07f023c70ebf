"""The dashboard's pages: access, content, and CSV that no spreadsheet evaluates."""

import codecs
import csv
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from analytics.dashboard.tables import Column, Table, escape_formula
from analytics.models import DailyCount
from catalog.models import SyncRun
from search.models import IndexRun
from tests.factories import ProductFactory


@pytest.fixture(autouse=True)
def stopped_at_noon(noon, monkeypatch):
    """The clock of the pages and of the API; tokens are issued and checked by the real one."""
    for module in ("analytics.dashboard.views", "analytics.api.views"):
        monkeypatch.setattr(f"{module}.timezone", SimpleNamespace(now=lambda: noon))


@pytest.fixture
def staff(db):
    return User.objects.create_user("staff@example.org", is_staff=True)


@pytest.fixture
def browser():
    """``browser(user)`` is a client signed in as the product signs people in."""

    def sign_in(user):
        client = Client()
        pair = tokens.issue(user, now=timezone.now())
        client.cookies[tokens.access_cookie()] = pair.access
        return client

    return sign_in


@pytest.fixture
def today(searched, clicked):
    """Searches and a click of the day that the clock stopped on."""
    query_id = searched("red dress")
    searched("flux capacitor", results=0)
    clicked(query_id, "demo-1", 2)


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


def test_a_table_is_exported(browser, staff, today):
    answer = browser(staff).get("/admin/dashboard/top.csv?days=7")
    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    assert answer.content.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["Query", "Searches", "Found nothing", "Barely found", "Click-through"]
    assert ["red dress", "1", "0", "0", "1.0"] in rows


def test_a_source_is_called_the_same_in_the_table_and_in_its_export(browser, staff, noon):
    DailyCount.objects.create(day=noon.date(), measure="viewed-source", key="together", count=1)
    client = browser(staff)
    for language, name in (("en", "Bought together"), ("de", "Zusammen gekauft")):
        client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        assert name in client.get("/admin/dashboard").content.decode()
        exported = client.get("/admin/dashboard/sales-by-source.csv").content.decode("utf-8-sig")
        assert list(csv.reader(StringIO(exported)))[1][0] == name


def test_every_number_of_the_headline_has_its_thousands(browser, staff, noon):
    counted = (("type", "text"), ("stage", "total:9"), ("confidence", "none"), ("bought-source", "search"))
    for measure, key in counted:
        DailyCount.objects.create(day=noon.date(), measure=measure, key=key, count=12034)
    page = " ".join(browser(staff).get("/admin/dashboard").content.decode().split())
    assert "12,034 searches" in page
    assert "12,034 purchases" in page
    assert "12034 " not in page


def test_an_unknown_table_is_not_found(browser, staff):
    assert browser(staff).get("/admin/dashboard/secrets.csv").status_code == 404


def test_every_table_can_be_exported(browser, staff, today):
    client = browser(staff)
    names = [one.name for one in client.get("/admin/dashboard").context["tables"].values()]
    assert len(names) == 14
    assert {client.get(f"/admin/dashboard/{name}.csv").status_code for name in names} == {200}


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", " =1", "=cmd|'/c calc'!A0", "\tx", "\nx"),
        # Full-width and small forms, the minus sign; after spaces and marks that are not shown.
        *(
            "\uff1d1",
            "\uff0b1",
            "\uff0d1",
            "\uff20sum",
            "\ufe661",
            "\ufe621",
            "\ufe631",
            "\ufe6bsum",
            "\u22121",
        ),
        *("\u00a0=1", "\u3000\uff1d1", "\ufeff=1", "\u200b=1", "\u00ad=1", "\x0b=1", "\x00=1", "\u2028=1"),
    ],
)
def test_text_that_begins_like_a_formula_is_made_text(text):
    assert escape_formula(text) == f"'{text}"


@pytest.mark.parametrize("value", ["red dress", "t-shirt", " red", "ﬁne", "", " ", 3, -0.5, 0])
def test_other_cells_are_as_they_are(value):
    assert escape_formula(value) == value


def test_a_formula_that_was_searched_for_comes_out_as_text(browser, staff, searched):
    searched('=HYPERLINK("http://evil.example")')
    content = browser(staff).get("/admin/dashboard/top.csv").content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(content)))[1][0].startswith("'=hyperlink")


def test_an_unknown_cell_is_an_empty_one():
    empty = Table("t", "T", (Column("a", "A"),), [{"a": None}])
    assert list(csv.reader(StringIO(empty.as_csv()))) == [["A"], [""]]


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
