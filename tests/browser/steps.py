"""Actions and readings that several browser tests share."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect


def titles(page):
    return page.locator("#grid .card-title").all_inner_texts()


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def wait_until_settled(page):
    """Until htmx serves the links and boxes of the last answer; a tap before loads a page of its own."""
    expect(page.locator(".htmx-swapping, .htmx-settling, .htmx-added")).to_have_count(0)


def go_offline(page):
    """Once the page has all it asked for: what it still loads would fail too, and the console say so."""
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)


def search_with_photo(page, photo, words=""):
    page.goto("/")
    page.fill("#words", words)
    page.set_input_files("#picture", photo)
    page.wait_for_url(re.compile("image_id="))
    page.wait_for_selector("#grid")
    wait_until_settled(page)
