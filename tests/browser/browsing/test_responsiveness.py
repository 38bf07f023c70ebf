"""What the shopper touched is on the screen first, and of several choices in a row none is lost."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import Gate, parameters, search_with_photo, wait_until_settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SLIDE = """(value) => {
    const slider = document.querySelector(".slider");
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
}"""
# In one go: a slow machine would let the slider rest in between.
SLIDE_AND_TAP = f"(tapped, value) => {{ ({SLIDE})(value); tapped.click(); }}"
RESULTS = r"/results\?"
# An aborted request is an error to htmx, which logs it.
ABORTED = ("htmx:",)
LONGER_THAN_SETTLING_MS = 400


def test_a_filter_chosen_right_after_the_slider_takes_its_weight_along(open_page, photo):
    with open_page(expected=ABORTED) as page:
        search_with_photo(page, photo, "dress")
        gate = Gate(page, RESULTS)
        page.locator("#colour-blue").evaluate(SLIDE_AND_TAP, 0.9)
        gate.wait_for(1)
        page.wait_for_timeout(LONGER_THAN_SETTLING_MS)
        assert len(gate.held) == 1
        gate.open()
        page.wait_for_url(re.compile("colour=Blue"))
        expect(page.locator("#results")).to_have_attribute("data-weight", "0.9")
        assert parameters(page)["weight"] == ["0.9"]
        assert page.is_checked("#colour-blue")


def test_a_chip_removed_right_after_the_slider_takes_its_weight_along(open_page, photo):
    with open_page(expected=ABORTED) as page:
        search_with_photo(page, photo, "dress")
        page.check("#colour-blue")
        page.wait_for_url(re.compile("colour=Blue"))
        wait_until_settled(page)
        page.locator("#results .chip", has_text="Blue").evaluate(SLIDE_AND_TAP, 0.9)
        expect(page).not_to_have_url(re.compile("colour="))
        expect(page.locator("#results")).to_have_attribute("data-weight", "0.9")
        assert parameters(page)["weight"] == ["0.9"]


def test_the_slider_waits_for_a_filter_that_is_on_its_way(open_page, photo):
    with open_page(expected=ABORTED) as page:
        search_with_photo(page, photo, "dress")
        gate = Gate(page, RESULTS)
        page.check("#colour-blue")
        gate.wait_for(1)
        page.evaluate(SLIDE, 0.9)
        page.wait_for_timeout(LONGER_THAN_SETTLING_MS)
        assert len(gate.held) == 1
        gate.open()
        page.wait_for_url(re.compile("weight=0.9"))
        assert parameters(page)["colour"] == ["Blue"]
        assert page.is_checked("#colour-blue")


def test_of_two_filters_in_a_row_both_are_applied(open_page):
    with open_page(expected=ABORTED) as page:
        page.goto("/results?text=dress")
        gate = Gate(page, RESULTS)
        page.check("#colour-blue")
        gate.wait_for(1)
        page.check("#colour-red")
        gate.wait_for(2)
        gate.open(leaving_out=1)
        page.wait_for_url(re.compile("colour=Red"))
        assert sorted(parameters(page)["colour"]) == ["Blue", "Red"]


def test_a_ticked_box_is_painted_before_its_request_starts(open_page):
    with open_page() as page:
        page.goto("/results?text=dress")
        order = page.evaluate(
            """() => new Promise((done) => {
                const order = [];
                document.body.addEventListener("htmx:beforeRequest", () => {
                    order.push("request");
                    done(order);
                });
                requestAnimationFrame(() => order.push("frame"));
                document.getElementById("colour-blue").click();
            })"""
        )
        assert order == ["frame", "request"]
        page.wait_for_url(re.compile("colour=Blue"))


def test_the_sheet_opens_before_its_choices_are_laid_out(open_page):
    with open_page(width=375) as page:
        page.goto("/results?text=dress")
        placed = page.evaluate(
            """() => new Promise((done) => {
                document.querySelector(".open-filters").click();
                const placed = () => document.querySelector("#filter-sheet[open] #filters-panel") !== null;
                queueMicrotask(() => requestAnimationFrame(() => done(placed())));
            })"""
        )
        assert placed is False
        expect(page.locator("#filter-sheet #colour-blue")).to_be_visible()


@pytest.mark.parametrize(("width", "transitions"), [(375, 0), (1440, 1)])
def test_cards_move_to_their_places_only_where_they_are_seen(open_page, width, transitions):
    with open_page(width=width) as page:
        page.goto("/results?text=dress")
        page.evaluate(
            """() => {
                window.transitions = 0;
                const start = document.startViewTransition.bind(document);
                document.startViewTransition = (change) => {
                    window.transitions += 1;
                    return start(change);
                };
            }"""
        )
        if width < 1024:
            page.click(".open-filters")
        page.check("#colour-blue")
        page.wait_for_url(re.compile("colour=Blue"))
        expect(page.locator("#results .chip:has-text('Blue')")).to_have_count(1)
        assert page.evaluate("window.transitions") == transitions
