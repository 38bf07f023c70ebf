"""<tandem-search> as an element: its attributes, languages, and moving it about the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import middle_of
from tests.browser.web_component.steps import ask, titles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


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


def test_it_speaks_german(open_demo):
    with open_demo(language="de") as page:
        page.get_by_role("combobox", name="Was suchen Sie?").fill("red dress")
        page.get_by_role("button", name="Suchen").click()
        expect(page.get_by_role("status")).to_contain_text("Treffer")


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


def test_forced_colours_leave_the_pictures_theirs(open_demo):
    with open_demo(theme="dark") as page:
        ask(page, "red dress")
        picture = page.locator(".frame img").first
        page.emulate_media(forced_colors="none")
        before = middle_of(picture)
        page.emulate_media(forced_colors="active")
        assert middle_of(picture) == pytest.approx(before, abs=60)
