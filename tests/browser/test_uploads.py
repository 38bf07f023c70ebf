"""Pictures that are refused on their way or misnamed, and text that is no picture."""

import pytest
from playwright.sync_api import expect

from tests.browser.steps import search_with_photo, titles
from tests.factories import picture_bytes
from tests.search.shop import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAIT = '<p>Too many. <span data-countdown="2">Again in 2 seconds.</span></p>'
PROXY = "<html><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>"


@pytest.fixture
def refusing(open_page):
    """``refusing(page, status, body)`` answers every form that the page sends."""

    def answer(page, status, body):
        page.route(
            "**/*",
            lambda route: (
                route.fulfill(status=status, content_type="text/html", body=body)
                if route.request.method == "POST"
                else route.continue_()
            ),
        )

    return answer


@pytest.mark.parametrize("body", [PROXY, ""])
def test_the_page_of_a_proxy_is_no_notice(open_page, refusing, photo, body):
    with open_page(expected=["502"]) as page:
        page.goto("/")
        refusing(page, 502, body)
        page.set_input_files("#picture", photo)
        expect(page.locator("#notice")).not_to_be_empty()
        expect(page.locator("#notice")).not_to_contain_text("nginx")


def test_an_address_that_is_refused_stays_to_be_corrected(open_page, refusing):
    with open_page(expected=["400"]) as page:
        page.goto("/")
        refusing(page, 400, "<p>There is no picture.</p>")
        page.fill("#words", "https://shop.example/pic.jpg")
        page.press("#words", "Enter")
        expect(page.locator("#notice")).to_contain_text("There is no picture.")
        expect(page.locator("#words")).to_have_value("https://shop.example/pic.jpg")


def test_text_may_be_dropped_into_the_field(open_page):
    with open_page() as page:
        page.goto("/")
        is_prevented = page.evaluate(
            """() => {
                const dataTransfer = new DataTransfer();
                dataTransfer.setData("text/plain", "red dress");
                const event = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
                document.getElementById("words").dispatchEvent(event);
                return event.defaultPrevented;
            }"""
        )
        assert not is_prevented


def test_a_countdown_runs_after_a_refused_upload(open_page, refusing, photo):
    with open_page(expected=["429"]) as page:
        page.goto("/")
        refusing(page, 429, WAIT)
        page.set_input_files("#picture", photo)
        expect(page.locator("#notice")).to_contain_text("Too many.")
        expect(page.locator("#notice")).not_to_contain_text("2 seconds")


def test_of_two_pictures_in_a_row_the_answer_of_the_later_one_counts(open_page, photo, tmp_path):
    other = tmp_path / "other.jpg"
    other.write_bytes(picture("red", (300, 400)))
    with open_page(expected=["502"]) as page:
        page.goto("/")
        held = []
        page.route(
            "**/*",
            lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
        )
        for count, file in enumerate((photo, other), 1):
            page.set_input_files("#picture", file)
            while len(held) < count:
                page.wait_for_timeout(10)
        first, second = held
        first.fulfill(status=200, headers={"HX-Redirect": "/results?text=late"}, body="")
        second.fulfill(status=502, content_type="text/html", body=PROXY)
        expect(page.locator("#notice")).not_to_be_empty()
        assert page.url.endswith("/")


def test_the_shop_works_where_the_browser_keeps_nothing(open_page):
    with open_page() as page:
        page.add_init_script(
            """Object.defineProperty(window, "localStorage", {
                get() { throw new DOMException("Blocked.", "SecurityError"); },
            });"""
        )
        page.goto("/")
        page.fill("#words", "red")
        expect(page.locator("[role=listbox] [role=option]").first).to_be_visible()
        page.press("#words", "Enter")
        page.wait_for_selector("#grid")
        page.goto("/favorites")


def test_a_heart_follows_the_other_tab(open_page):
    with open_page() as page:
        page.goto("/results?text=red+dress")
        other = page.context.new_page()
        other.goto("/results?text=red+dress")
        other.locator("#grid .heart").first.click()
        expect(page.locator("#grid .heart").first).to_have_attribute("aria-pressed", "true")


def test_a_picture_under_a_wrong_name_is_read_from_its_content(open_page, tmp_path):
    misnamed = tmp_path / "photo.jpg"
    misnamed.write_bytes(picture_bytes("blue", (300, 400), kind="PNG"))
    with open_page() as page:
        search_with_photo(page, misnamed)
        assert all(title.startswith("Blue") for title in titles(page)[:5])
