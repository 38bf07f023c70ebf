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


def test_a_filter_narrows_the_results_until_its_chip_is_removed(open_demo):
    with open_demo() as page:
        ask(page, "red")
        before = page.get_by_role("status").inner_text()
        box = page.get_by_role("checkbox", name=re.compile("Dress"))
        box.check()
        chip = page.get_by_role("button", name="Remove Dress")
        expect(chip).to_be_visible()
        expect(box).to_be_focused()
        assert all("dress" in title for title in titles(page))
        chip.click()
        expect(page.get_by_role("status")).to_have_text(before)


def test_a_reading_of_the_words_is_a_chip_that_can_be_removed(open_demo):
    with open_demo() as page:
        ask(page, "dress under 30")
        chip = page.get_by_role("button", name=re.compile("Remove up to"))
        with page.expect_request(re.compile("/api/v1/recommend")) as asked:
            chip.click()
        assert asked.value.post_data_json["ignore"][0].startswith("price_max:")
        expect(chip).to_be_hidden()


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


def test_show_more_waits_for_the_filter_that_is_being_answered(open_demo):
    with open_demo(page_size="4") as page:
        ask(page, "red")
        held = []
        page.route("**/api/v1/recommend", lambda route: held.append(route))
        with page.expect_request("**/api/v1/recommend"):
            page.get_by_role("checkbox", name=re.compile("Dress")).check()
        page.get_by_role("button", name="Show more").click()
        assert len(held) == 1
        held[0].continue_()
        expect(page.get_by_role("button", name="Remove Dress")).to_be_visible()
        assert all("dress" in title for title in titles(page))


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


def test_another_language_keeps_what_was_given(open_demo):
    with open_demo() as page:
        ask(page, "dress")
        page.get_by_role("checkbox", name=re.compile("Red")).check()
        expect(page.get_by_role("button", name="Remove Red")).to_be_visible()
        page.evaluate("document.querySelector('tandem-search').setAttribute('language', 'de')")
        expect(page.get_by_role("combobox", name="Was suchen Sie?")).to_have_value("dress")
        expect(page.get_by_role("status")).to_contain_text("Treffer")
        expect(page.get_by_role("button", name="Rot entfernen")).to_be_visible()
        expect(page.get_by_role("checkbox", name=re.compile("Blau"))).to_be_visible()


def test_without_filters_the_results_are_the_same(open_demo):
    with open_demo() as page:
        ask(page, "red")
        shown = titles(page)
        page.evaluate("document.querySelector('tandem-search').setAttribute('filters', 'off')")
        expect(page.get_by_role("checkbox").first).to_be_hidden()
        assert titles(page) == shown


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


def test_a_price_that_is_being_typed_is_asked_once_it_is_complete(open_demo):
    with open_demo() as page:
        ask(page, "red")
        held, asked = [], []
        page.route("**/api/v1/recommend", lambda route: held.append(route), times=1)
        with page.expect_request("**/api/v1/recommend"):
            page.get_by_role("checkbox", name=re.compile("Dress")).check()
        page.on("request", lambda request: asked.append(request.post_data_json))
        page.get_by_role("spinbutton", name="Price to").focus()
        page.keyboard.type("4")
        held[0].continue_()
        expect(page.get_by_role("button", name="Remove Dress")).to_be_visible()
        page.keyboard.type("5")
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name=re.compile("Remove up to"))).to_be_visible()
        assert [body["price_max"] for body in asked if body and "price_max" in body] == ["45"]


def test_after_enter_a_price_is_typed_on_at_its_end(open_demo):
    with open_demo() as page:
        ask(page, "red")
        field = page.get_by_role("spinbutton", name="Price to")
        field.focus()
        page.keyboard.type("4")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name=re.compile("Remove up to"))).to_be_visible()
        page.keyboard.type("5")
        expect(field).to_have_value("45")


def test_a_filter_that_was_not_answered_is_not_ticked(open_demo):
    with open_demo(expected=[EXPECTED], page_size="4") as page:
        ask(page, "dress")
        page.route("**/api/v1/recommend", lambda route: route.abort(), times=1)
        page.get_by_role("checkbox", name=re.compile("Red")).click()
        expect(page.get_by_role("status")).to_contain_text("cannot be reached")
        expect(page.get_by_role("checkbox", name=re.compile("Red"))).not_to_be_checked()


def test_an_element_that_is_moved_asks_again(open_demo):
    with open_demo() as page:
        held = []
        page.route("**/api/v1/recommend", lambda route: held.append(route), times=1)
        with page.expect_request("**/api/v1/recommend"):
            page.get_by_role("combobox").fill("dress")
            page.get_by_role("combobox").press("Enter")
        page.evaluate("document.body.append(document.querySelector('tandem-search'))")
        expect(page.get_by_role("status")).to_contain_text("results")


@pytest.mark.parametrize("language", ["en_US", "no language"])
def test_a_language_that_browsers_do_not_take_is_english(open_demo, language):
    with open_demo(language=language) as page:
        ask(page, "red dress")
        assert titles(page)[0].startswith("Red dress")


def test_a_refused_filter_says_what_is_wrong_with_it(open_demo):
    with open_demo(expected=[EXPECTED]) as page:
        ask(page, "red")
        page.get_by_role("spinbutton", name="Price to").fill("12.345")
        page.get_by_role("spinbutton", name="Price to").press("Enter")
        expect(page.get_by_role("status")).to_contain_text("decimal")


def test_an_element_searches_before_it_is_on_the_page(open_demo):
    with open_demo() as page:
        found = page.evaluate(
            """async () => {
                const there = document.querySelector("tandem-search");
                const made = document.createElement("tandem-search");
                made.setAttribute("endpoint", there.getAttribute("endpoint"));
                const answered = new Promise((resolve) => made.addEventListener("tandem-results", resolve));
                made.search({ text: "red dress" });
                return (await answered).detail.answer.total;
            }"""
        )
        assert found > 0


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


def test_it_speaks_german(open_demo):
    with open_demo(language="de") as page:
        page.get_by_role("combobox", name="Was suchen Sie?").fill("red dress")
        page.get_by_role("button", name="Suchen").click()
        expect(page.get_by_role("status")).to_contain_text("Treffer")


def test_a_refusal_is_shown_in_the_words_of_the_shop_unless_the_page_shows_it(open_demo, settings):
    with open_demo(expected=[EXPECTED], language="en") as page:
        settings.RATE_LIMIT = "1/h"
        for _ in range(2):
            page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_contain_text("Too many requests")
        page.evaluate("document.addEventListener('tandem-error', (event) => event.preventDefault())")
        page.evaluate("document.querySelector('tandem-search').search({ text: 'red' })")
        expect(page.get_by_role("status")).to_be_empty()


def test_the_weight_may_be_set_before_it_is_on_the_page(open_demo):
    with open_demo() as page:
        weight = page.evaluate(
            """() => {
                const made = document.createElement("tandem-search");
                made.weight = 0.25;
                document.body.append(made);
                return made.weight;
            }"""
        )
        assert weight == 0.25
