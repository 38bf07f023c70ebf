"""The dashboard in a real Chromium: charts in both themes, accessibility, and tables without scripts."""

from datetime import timedelta

import pytest
from axe_core_python.sync_playwright import Axe
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from search.models import CuratedPlacement
from tests.analytics.conftest import clicked, searched  # noqa: F401 - fixtures
from tests.browser.steps import wait_until

pytestmark = pytest.mark.browser

ARE_DRAWN = """() => [...document.querySelectorAll("canvas[data-chart]")].map((canvas) => {
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return pixels.some((value, at) => at % 4 === 3 && value > 0);
})"""


@pytest.fixture
def staff_page(open_page, searched, clicked):  # noqa: F811 - the fixtures
    """``with staff_page(...) as page``: signed in as staff, after a few days of searches and clicks."""
    now = timezone.now()
    for days_ago in range(5):
        moment = now - timedelta(days=days_ago)
        clicked(searched("red dress", timestamp=moment), now=moment)
        searched("flux capacitor", results=0, timestamp=moment)
        searched("in red", query_type="hybrid", weight=0.7, timestamp=moment)
    pair = tokens.issue(User.objects.create_user("staff@example.org", is_staff=True), now=now)
    cookie = {"name": tokens.access_cookie(), "value": pair.access, "domain": "localhost", "path": "/"}
    cookie |= {"expires": -1, "httpOnly": True, "secure": False, "sameSite": "Lax"}
    return lambda **options: open_page(storage_state={"cookies": [cookie], "origins": []}, **options)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_the_charts_are_drawn_and_axe_finds_nothing(staff_page, theme, width):
    with staff_page(theme=theme, width=width) as page:
        page.goto("/admin/dashboard?days=7")
        page.wait_for_load_state("networkidle")
        assert page.evaluate(ARE_DRAWN) == [True] * 4
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert [found["id"] for found in Axe().run(page)["violations"]] == []


def test_switching_the_theme_redraws_the_charts(staff_page):
    with staff_page() as page:
        page.goto("/admin/dashboard?days=7")
        before = page.locator("canvas").first.evaluate("canvas => canvas.toDataURL()")
        page.locator("[data-theme-toggle]").click()
        wait_until(page, "before => document.querySelector('canvas').toDataURL() !== before", before)


def test_a_query_links_to_its_searches_and_to_the_results(staff_page):
    with staff_page() as page:
        page.goto("/admin/dashboard?days=7")
        page.get_by_role("link", name="flux capacitor").first.click()
        page.wait_for_url("**/admin/dashboard/searches?q=flux%20capacitor")
        assert page.locator("tbody tr").count() == 5
        page.get_by_role("link", name="Results of the search").first.click()
        page.wait_for_url("**/results?text=flux+capacitor")


def test_without_scripts_the_tables_show_the_figures(staff_page):
    with staff_page(java_script_enabled=False) as page:
        page.goto("/admin/dashboard?days=7")
        assert page.locator("#table-top").inner_text().count("red dress") == 1
        assert not page.locator("canvas").first.is_visible()


def test_searches_without_words_have_a_heading(staff_page):
    with staff_page() as page:
        page.goto("/admin/dashboard/searches")
        assert page.inner_text("h1") == "Without words"


def test_a_card_is_pinned_where_it_is_dropped_and_buried_on_the_strip(staff_page):
    User.objects.filter(email="staff@example.org").update(is_superuser=True)
    first = "#grid > .card:nth-child(1)"
    with staff_page() as page:
        page.goto("/results?text=dress")
        product = page.locator("#grid > .card").nth(2).get_attribute("data-product-id")
        assert page.locator("[data-bury]").is_hidden()
        with page.expect_navigation():
            page.drag_and_drop("#grid > .card:nth-child(3) .card-link", f"{first} .card-link")
        assert page.locator(first).get_attribute("data-product-id") == product
        page.hover(f"{first} .card-link")
        page.mouse.down()
        page.mouse.move(400, 500, steps=3)
        page.hover("[data-bury]")
        with page.expect_navigation():
            page.mouse.up()
        placement = CuratedPlacement.objects.get()
        assert (placement.product.product_id, placement.kind) == (product, "bury")
