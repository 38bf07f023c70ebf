"""Actions and readings that several browser tests share."""

import re
from urllib.parse import parse_qs, urlsplit


def titles(page):
    return page.locator("#grid .card-title").all_inner_texts()


def parameters(page):
    return parse_qs(urlsplit(page.url).query)


def search_with_photo(page, photo, words=""):
    page.goto("/")
    page.fill("#words", words)
    page.set_input_files("#picture", photo)
    page.wait_for_url(re.compile("image_id="))
    page.wait_for_selector("#grid")
