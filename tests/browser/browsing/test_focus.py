"""Where the keyboard goes on once what had the focus is gone."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import go_offline, wait_until_settled

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_closed_sheet_returns_the_focus_though_its_button_was_replaced(open_page):
    with open_page(width=360) as page:
        page.goto("/results?text=dress")
        page.focus(".open-filters")
        page.keyboard.press("Enter")
        page.focus("#filter-sheet #colour-red")
        page.keyboard.press("Space")
        expect(page.locator(".open-filters .number")).to_have_text("1")
        wait_until_settled(page)
        page.keyboard.press("Escape")
        expect(page.locator(".open-filters")).to_be_focused()


def test_a_dismissed_notice_returns_the_focus(open_page):
    with open_page() as page:
        page.goto("/")
        page.focus("#words")
        go_offline(page)
        page.click("#notice [data-dismiss]")
        expect(page.locator("#notice .notice")).to_have_count(0)
        expect(page.locator("#words")).to_be_focused()
        page.context.set_offline(False)
