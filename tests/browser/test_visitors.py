"""What pages report of their visitors, in a real browser."""

import pytest
from playwright.sync_api import expect

from analytics import recording
from analytics.models import Event, ProductClick
from analytics.sessions import keys

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS, EVENTS = "**/api/v1/events/click", "**/api/v1/events"


def test_a_middle_click_on_a_result_counts(open_page):
    with open_page() as page:
        page.goto("/results?text=red+dress")
        with page.expect_response(CLICKS), page.context.expect_page():
            page.locator("#grid .card-link").first.click(button="middle")
        recording.flush()
        assert ProductClick.objects.get().position == 1


def test_a_right_click_on_a_result_counts_nothing(open_page):
    with open_page() as page:
        sent = []
        page.on("request", lambda request: sent.append(request.url))
        page.goto("/results?text=red+dress")
        page.locator("#grid .card-link").first.click(button="right")
        page.wait_for_timeout(200)
        assert not [url for url in sent if url.endswith("/events/click")]


def test_a_click_on_a_similar_product_counts(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        second = page.locator("#similar .card").nth(1)
        opened = second.get_attribute("data-product-id")
        # In another tab: of a page that is left, no answer is heard.
        with page.expect_response(CLICKS), page.context.expect_page():
            second.locator(".card-link").click(modifiers=["ControlOrMeta"])
        recording.flush()
        click = ProductClick.objects.get()
        assert (click.product_id, click.position) == (opened, 2)


def test_a_product_that_stands_in_two_rows_has_no_id_twice(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        similar = page.locator("#similar .card").first.get_attribute("data-product-id")
        page.goto(f"/products/{similar}")
        page.goto(shop[0].get_absolute_url())
        twice = page.locator(f".card[data-product-id='{similar}']")
        expect(twice).to_have_count(2)
        ids = page.eval_on_selector_all("[id]", "found => found.map((each) => each.id)")
        assert len(ids) == len(set(ids))


def test_a_products_page_reports_its_view_and_home_picks_from_it(open_page, shop):
    with open_page() as page:
        with page.expect_response(EVENTS):
            page.goto(f"/products/{shop[0].product_id}")
        recording.flush()
        assert Event.objects.get().product_id == shop[0].product_id
        page.goto("/")
        page.locator("[data-session-off]").wait_for()


def test_one_tap_forgets_the_visit_and_keeps_it_off(open_page, shop):
    with open_page() as page:
        with page.expect_response(EVENTS):
            page.goto(f"/products/{shop[0].product_id}")
        recording.flush()
        page.goto("/")
        # The threads of the live server share one connection: nothing else may be in a transaction meanwhile.
        page.locator("[data-viewed] .card").first.wait_for()
        with page.expect_response("**/session") as answered:
            page.locator("[data-session-off]").click()
        assert answered.value.status == 302
        assert not Event.objects.exists()
        cookies = {each["name"]: each["value"] for each in page.context.cookies()}
        assert cookies[keys.cookie_name()] == keys.OFF
        with page.expect_response(EVENTS):
            page.goto(f"/products/{shop[1].product_id}")
        recording.flush()
        assert not Event.objects.exists()


def test_the_tap_that_forgets_the_visit_forgets_what_the_browser_kept_too(open_page, shop):
    with open_page() as page:
        with page.expect_response(EVENTS):
            page.goto(f"/products/{shop[0].product_id}")
        recording.flush()
        page.goto("/")
        page.locator("[data-viewed] .card").first.wait_for()
        page.locator("[data-session-off]").click()
        expect(page.locator("[data-session-off]")).to_have_count(0)
        expect(page.locator("[data-viewed] .card")).to_have_count(0)
        assert page.evaluate("localStorage.getItem('viewed')") == "off"
