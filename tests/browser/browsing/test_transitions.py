"""An animation between two pages that Chromium leaves out says nothing on the console."""

from contextlib import contextmanager

import pytest
from django.conf import settings

from accounts.models import User
from tests.browser.steps import Gate, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Chromium waits four seconds for a page to show before it gives its animation up.
_GIVEN_UP_MS = 5_000
# Keeps of each page that is shown whether it came with an animation.
_NOTED = """addEventListener("pagereveal", (event) => {
  sessionStorage.setItem("animated", String(Boolean(event.viewTransition)));
});"""


@contextmanager
def on_the_way(page):
    """From one page to another that is not shown before the end; notes whether it came with an animation."""
    page.add_init_script(_NOTED)
    page.goto("/favorites")
    gate = Gate(page, r"/shop[^/]*\.css$")
    page.click(".brand-mark", no_wait_after=True)
    gate.wait_for(1)
    yield
    gate.open()
    page.wait_for_selector("#words")


def wait_until_noted(page, animated):
    wait_until(page, "animated => sessionStorage.getItem('animated') === animated", animated)


def test_of_a_page_that_takes_seconds_to_show(open_page):
    with open_page() as page:
        with on_the_way(page):
            page.wait_for_timeout(_GIVEN_UP_MS)
        wait_until_noted(page, "false")


def test_of_a_window_that_is_resized_on_the_way(open_page):
    with open_page() as page:
        with on_the_way(page):
            page.set_viewport_size({"width": 700, "height": 500})
        wait_until_noted(page, "true")


@pytest.mark.parametrize("address", ["/admin/", "/api/v1/docs"])
def test_to_a_page_that_has_none(open_page, client, address):
    client.force_login(User.objects.create_superuser("staff@shop.example", "a long enough one"))
    with open_page() as page:
        page.add_init_script(_NOTED)
        page.goto("/favorites")
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": page.url}])
        page.evaluate("address => { location.href = address; }", address)
        page.wait_for_url(f"**{address}")
        wait_until_noted(page, "false")


def test_other_errors_are_still_said(open_page):
    with open_page(expected=("of another kind",)) as page:
        page.goto("/favorites")
        with page.expect_event("pageerror", lambda error: "of another kind" in str(error)):
            page.evaluate("void Promise.reject(new Error('a transition of another kind'))")
