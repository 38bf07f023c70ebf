"""<tandem-search> on a page of another origin, in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from analytics import recording
from analytics.models import ProductClick
from tests.browser.conftest import EXPECTED
from tests.browser.web_component.steps import ask, titles

ANY_ORIGIN = {"access-control-allow-origin": "*"}
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_words_find_products_from_another_origin_without_cookies(open_demo, live_server):
    with open_demo() as page:
        ask(page, "red dress")
        assert titles(page)[0].startswith("Red dress")
        image = page.locator(".frame img").first
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("each => each.naturalWidth") > 0
        assert page.context.cookies(live_server.url) == []


def test_show_more_pages_the_very_answer_and_moves_the_focus_to_it(open_demo):
    with open_demo(page_size="4") as page:
        ask(page, "dress")
        first = titles(page)
        with page.expect_request(re.compile("/api/v1/recommend")) as asked:
            page.get_by_role("button", name="Show more").click()
        expect(page.locator(".results > .grid .title")).to_have_count(8)
        assert set(asked.value.post_data_json) == {"query_id", "offset"}
        assert titles(page)[:4] == first
        assert (
            page.evaluate("document.activeElement.shadowRoot.activeElement.textContent").find(titles(page)[4])
            >= 0
        )


def test_show_more_asks_the_same_query_again_where_the_answer_is_kept_no_more(open_demo):
    with open_demo(expected=[EXPECTED], page_size="4") as page:
        ask(page, "dress")
        first = titles(page)
        # Typed, and not sent: the page behind the answer is to the words before.
        page.get_by_role("combobox").fill("blue shoes")
        expired = {"status": 410, "json": {"code": "answer_expired", "detail": "gone"}, "headers": ANY_ORIGIN}
        page.route("**/api/v1/recommend", lambda route: route.fulfill(**expired), times=1)
        with page.expect_request(lambda request: "offset" in (request.post_data or "")) as asked:
            page.get_by_role("button", name="Show more").click()
        assert "query_id" in asked.value.post_data_json
        expect(page.locator(".results > .grid .title")).to_have_count(8)
        assert titles(page)[:4] == first
        assert all("dress" in title for title in titles(page))


def test_a_search_that_the_page_does_not_want_leaves_the_answer_and_its_total(open_demo):
    with open_demo() as page:
        ask(page, "red")
        total = page.get_by_role("status").inner_text()
        page.route("**/api/v1/recommend", lambda route: None)
        page.get_by_role("combobox").fill("blue")
        page.get_by_role("combobox").press("Enter")
        expect(page.get_by_role("status")).to_have_text("Searching …")
        page.evaluate("document.addEventListener('tandem-search', (event) => event.preventDefault())")
        page.get_by_role("combobox").fill("green")
        page.get_by_role("combobox").press("Enter")
        expect(page.get_by_role("status")).to_have_text(total)


def test_words_that_nothing_knows_are_named(open_demo):
    with open_demo() as page:
        ask(page, "red dress xqzzv")
        expect(page.get_by_text("We do not know: xqzzv.")).to_be_visible()


def test_completions_are_chosen_with_the_keyboard(open_demo):
    with open_demo() as page:
        box = page.get_by_role("combobox")
        box.press_sequentially("dre")
        expect(page.get_by_role("option").first).to_be_visible()
        box.press("ArrowDown")
        first = page.get_by_role("option").first
        assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
        words = first.inner_text()
        box.press("Enter")
        expect(box).to_have_value(words)
        expect(page.get_by_role("option")).to_have_count(0)
        expect(page.get_by_role("status")).to_contain_text("results")


def test_an_opened_product_is_told_to_the_page_and_to_the_shop(open_demo, live_server):
    with open_demo() as page:
        ask(page, "red dress")
        page.evaluate(
            """document.addEventListener("tandem-select", (event) => {
                event.preventDefault();
                window.selected = event.detail;
            })"""
        )
        with page.expect_response(re.compile("/api/v1/events/click")) as answered:
            page.locator(".link").first.click()
        assert answered.value.status == 204
        selected = page.evaluate("window.selected")
        assert selected["url"] == f"{live_server.url}/products/{selected['product']['id']}"
        assert "?endpoint" in page.url
    recording.flush()
    assert ProductClick.objects.get().position == 1


def test_a_page_names_its_own_product_pages(open_demo, origin):
    with open_demo(product_url="/p/{id}") as page:
        ask(page, "red dress")
        assert re.fullmatch(rf"{origin}/p/[\w-]+", page.locator(".link").first.evaluate("link => link.href"))


def test_a_refusal_is_shown_in_the_words_of_the_shop_unless_the_page_shows_it(open_demo, settings):
    with open_demo(expected=[EXPECTED], language="en") as page:
        settings.RATE_LIMIT = "1/h"
        for _ in range(2):
            page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_contain_text("Too many requests")
        page.evaluate("document.addEventListener('tandem-error', (event) => event.preventDefault())")
        page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_be_empty()
