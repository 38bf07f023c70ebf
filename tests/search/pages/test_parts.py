"""Parts of pages are rendered once, and no page shows a part of another reader or of another answer."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.template import Context, Template
from django.test import Client
from django.utils import translation
from django.utils.safestring import mark_safe

from accounts.models import User
from catalog.display.cards import Card
from catalog.models import Product
from search import engine
from search.pages import fragments
from search.query import SearchQuery
from search.result import Hit
from search.templatetags import filters, search_pages
from search.templatetags.parts import part
from tests.search.shop import NOW


@pytest.fixture(autouse=True)
def nothing_rendered():
    """Each test says which page comes first."""
    fragments.rendered.cache.clear()
    filters.choices.cache.clear()


def page_of(client, address, language="en"):
    page = client.get(address, headers={"accept-language": language})
    return " ".join(page.content.decode().split())


def rail_of(client, address, language="en"):
    return re.search(r'<form id="filters-form".*?</form>', page_of(client, address, language))[0]


def test_a_part_reads_what_it_is_given_and_nothing_else(rf):
    request = rf.get("/")
    request.COOKIES["theme"] = "dark"
    tag = Template(
        '{% load parts %}{% part "partials/nav.html" is_signed_in=False sees_dashboard=False view="" %}'
    )
    shown = tag.render(Context({"request": request, "user": User(name="Ada"), "is_signed_in": True}))
    assert "Sign in" in shown


def toolbar(total, *, has_hits=True):
    values = {"meaning": "", "orders": (), "chosen": "price", "action": "/results", "active": 0}
    return part("search/_toolbar.html", total=total, has_hits=has_hits, is_place=False, **values)


HAT = Card(1, "demo-1", "Hat", "", "Hats", "", "", None, None, "EUR", True, None, "", NOW, None)


def card_of(freshness, *, taste=0.0):
    """A rendered card, of a hit whose product is so fresh."""
    terms = {"image": 0.0, "words": 0.5, "freshness": freshness, "rest": 0.1 + freshness}
    hit = Hit(1, HAT, 0.6, 0.5, None, 0.5, None, terms, taste=taste)
    return search_pages.hit_card(Context({"favorite_ids": ()}), hit, SearchQuery(text="hat"), plain=True)


def test_a_card_is_rendered_anew_only_where_it_says_something_else():
    card = card_of(freshness=0.00943087)
    assert card_of(freshness=0.00943086) is card
    assert card_of(freshness=0.0095) != card
    assert "Close to what you have liked." in card_of(freshness=0.00943087, taste=0.9)


@pytest.mark.parametrize("order", [1, -1])
def test_text_that_is_safe_as_it_stands_and_the_same_text_of_a_shopper_are_two_parts(order):
    shown = {kind: toolbar(kind("<b>9</b>")) for kind in (mark_safe, str)[::order]}
    assert "<b>9</b>" in shown[mark_safe]
    assert "&lt;b&gt;9&lt;/b&gt;" in shown[str]


def test_equal_values_of_two_types_are_two_parts():
    assert "True" in toolbar(True)
    assert "True" not in toolbar(1)


def test_a_part_follows_the_language():
    with translation.override("de"):
        german = part("partials/brand.html")
    assert german != part("partials/brand.html")


@pytest.mark.django_db
class TestWhoReads:
    def test_the_navigation_is_that_of_the_person(self, client, shop):
        analyst = User.objects.create_user(email="a@shop.example", password="a long one", is_staff=True)
        person = User.objects.create_user(email="p@shop.example", password="a long one")
        clients = {"staff": Client(), "person": Client(), "guest": client}
        clients["staff"].force_login(analyst)
        clients["person"].force_login(person)
        shown = {who: page_of(each, "/results?text=dress") for who, each in clients.items()}
        assert {who: "/admin/dashboard" in page for who, page in shown.items()} == {
            "staff": True,
            "person": False,
            "guest": False,
        }
        assert {who: ">Account<" in page for who, page in shown.items()} == {
            "staff": True,
            "person": True,
            "guest": False,
        }

    def test_an_analysts_link_is_read_once_a_minute_and_the_dashboard_asks_anew(
        self, client, django_assert_num_queries
    ):
        analyst = User.objects.create_user(email="a@shop.example", password="a long one")
        analyst.user_permissions.add(Permission.objects.get(codename="view_dashboard"))
        tag = Template("{% load parts %}{% navigation %}")
        links = []
        for queries in (2, 0):
            # Anew each time: an instance keeps the permissions that it has read.
            user = User.objects.get(pk=analyst.pk)
            with django_assert_num_queries(queries):
                links.append("/admin/dashboard" in tag.render(Context({"user": user})))
        assert links == [True, True]
        analyst.user_permissions.clear()
        client.force_login(analyst)
        assert client.get("/admin/dashboard").status_code in (302, 403)

    def test_the_navigation_marks_the_page_it_is_on(self, client):
        pages = [page_of(client, address) for address in ("/favorites", "/auth/login", "/favorites")]
        marked = [re.search(r'href="([^"]+)"[^>]*aria-current="page"', page)[1] for page in pages]
        assert marked == ["/favorites", "/auth/login", "/favorites"]

    def test_a_theme_is_that_of_the_browser(self, client, shop):
        client.cookies["theme"] = "dark"
        assert 'data-theme="dark"' in page_of(client, "/results?text=dress")
        assert 'data-theme="' not in page_of(Client(), "/results?text=dress")

    def test_every_token_of_a_page_is_that_of_its_browser(self, shop):
        browsers = [Client(enforce_csrf_checks=True) for _each in range(2)]
        pages = [page_of(each, "/results?text=dress") for each in browsers]
        tokens = [set(re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', page)) for page in pages]
        assert [len(found) for found in tokens] == [1, 1]
        for at, browser in enumerate(browsers):
            statuses = [
                browser.post("/i18n/setlang/", {"language": "de", "csrfmiddlewaretoken": token}).status_code
                for (token,) in tokens
            ]
            assert statuses == ([302, 403] if at == 0 else [403, 302])

    def test_a_page_returns_to_its_own_address_after_another_language(self, client, shop):
        page_of(client, "/results?text=dress")
        assert 'name="next" value="/results?text=boots"' in page_of(client, "/results?text=boots")


@pytest.mark.django_db
class TestRail:
    def test_it_is_rendered_once_for_equal_choices(self, client, shop):
        first = rail_of(client, "/results?text=dress")
        (kept,) = filters.choices.cache.values()
        assert " ".join(kept.split()) in first
        rail_of(client, "/results?text=dress&weight=0.7")
        assert len(filters.choices.cache) == 1

    def test_it_sends_the_words_of_its_own_page(self, client, shop):
        addresses = ["/results?text=dress", "/results?text=dress&diversity=0.1"]
        shown = [rail_of(client, address) for address in addresses]
        assert [len(filters.choices.cache), 'name="diversity" value="0.1"' in shown[0]] == [1, False]
        assert 'name="diversity" value="0.1"' in shown[1]

    def test_what_is_chosen_is_ticked_and_nothing_else(self, client, shop):
        addresses = ["/results", "/results?colour=Red", "/results?colour=Blue", "/results"]
        ticked = [re.findall(r'value="(\w+)" checked', rail_of(client, each)) for each in addresses]
        assert ticked == [[], ["Red"], ["Blue"], []]

    def test_a_price_stands_as_it_was_typed(self, client, shop):
        prices = ("10", "10.00", "10")
        shown = [rail_of(client, f"/results?price_min={price}&price_max=500") for price in prices]
        typed = [re.search(r'name="price_min"[^>]*? value="([^"]*)"', rail)[1] for rail in shown]
        assert typed == list(prices)

    def test_a_place_leaves_out_what_it_fixes(self, client, shop):
        everywhere = rail_of(client, "/results?on_sale=true")
        assert 'name="on_sale"' in everywhere
        assert 'name="on_sale"' not in rail_of(client, "/sale")
        assert rail_of(client, "/results?on_sale=true") == everywhere

    def test_it_speaks_the_language_of_its_reader(self, client, shop):
        english = rail_of(client, "/results?text=dress")
        german = rail_of(client, "/results?text=dress", "de")
        assert ">Price<" in english
        assert ">Price<" not in german

    def test_it_counts_the_catalogue_as_it_stands(self, client, shop):
        before = rail_of(client, "/results?text=dress")
        dresses = [each.pk for each in shop if "dress" in each.title]
        Product.objects.filter(pk__in=dresses[:5]).deactivate(NOW + timedelta(days=1))
        engine.column_store().expire()
        after = rail_of(client, "/results?text=dress")
        counts = [re.search(r'id="in-stock".*?choice-count">(\d+)<', rail)[1] for rail in (before, after)]
        assert int(counts[1]) < int(counts[0])
