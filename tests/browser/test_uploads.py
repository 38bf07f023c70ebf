"""Pictures that are refused on their way, and text that is no picture."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
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
