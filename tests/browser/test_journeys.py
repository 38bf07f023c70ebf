"""Whole journeys through the shop in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import EXPECTED
from tests.browser.steps import go_offline, parameters, search_with_photo, titles, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "a long walk by the sea 7"


def test_going_back_restores_the_whole_page(open_page):
    with open_page() as page:
        page.goto("/results?text=red")
        page.check("input[name=category][value$='Dress']")
        page.wait_for_url(re.compile("category=Apparel"))
        page.go_back()
        # Of the page that is loaded anew; the address is the old one before.
        expect(page.locator("input[name=category][value$='Dress']")).not_to_be_checked()
        expect(page.locator(".masthead")).to_have_count(1)
        assert "category" not in parameters(page)


def test_a_shared_url_shows_the_same_results_to_someone_else(open_page, photo):
    with open_page() as page:
        search_with_photo(page, photo, "dress")
        address, found = page.url, titles(page)
    with open_page() as page:
        page.goto(address)
        assert titles(page) == found
        assert page.locator(".drop-zone.has-picture").count() == 1


def test_registering_keeps_the_favourites_for_the_next_sign_in(open_page):
    with open_page(expected=[EXPECTED]) as page:
        page.goto("/results?text=red+dress")
        page.click("#grid .heart >> nth=0")
        favourite = page.locator("#grid .card").first.get_attribute("data-product-id")
        page.goto("/auth/register")
        page.fill("#id_name", "Ada")
        page.fill("#id_email", "not an address")
        page.fill("#id_password", PASSWORD)
        page.focus("#id_name")
        page.fill("#id_email", "ada@example.com")
        page.click("main form button")
        page.wait_for_selector("a[href='/auth/account']")
        page.goto("/favorites")
        assert page.locator(f"[data-product-id='{favourite}']").count() == 1
        page.goto("/auth/account")
        page.click("form[action='/auth/logout'] button")
        page.wait_for_selector("a[href='/auth/login']")
        page.goto("/favorites")
        page.click(".guest-note a")
        page.fill("#id_email", "ada@example.com")
        page.fill("#id_password", PASSWORD)
        page.click("main form button")
        expect(page.locator(f"[data-product-id='{favourite}']")).to_have_count(1)
        page.click(f"[data-product-id='{favourite}'] .heart")
        page.wait_for_selector(f"[data-product-id='{favourite}'] .heart[aria-pressed=false]")


def test_no_heart_of_another_tab_is_lost_when_somebody_signs_in(open_page):
    with open_page() as page:
        page.goto("/auth/register")
        other = page.context.new_page()
        # The event that tells a tab of another one may come later than the next tap there.
        other.add_init_script("addEventListener('storage', (event) => event.stopImmediatePropagation())")
        other.goto("/results?text=red+dress")
        other.click("#grid .heart >> nth=0")
        favourite = other.locator("#grid .card").first.get_attribute("data-product-id")
        page.fill("#id_name", "Ada")
        page.fill("#id_email", "ada@example.com")
        page.fill("#id_password", PASSWORD)
        page.click("main form button")
        page.wait_for_selector("a[href='/auth/account']")
        wait_until(other, "localStorage.getItem('signed-in') === 'yes'")
        # That tab does not know who signed in: its next heart is refused, not kept as a guest's.
        other.click("#grid .heart >> nth=1")
        other.wait_for_selector("#notice .notice")
        page.goto("/favorites")
        assert page.locator(".grid [data-product-id]").count() == 1
        assert page.locator(f"[data-product-id='{favourite}']").count() == 1


def test_a_weak_password_is_reported_by_the_rules_of_the_server(open_page):
    with open_page() as page:
        page.goto("/auth/register")
        page.fill("#id_password", "12345")
        page.focus("#id_name")
        page.wait_for_selector("#problem-id_password .error")
        assert page.get_attribute("#id_password", "aria-invalid") == "true"
        assert page.input_value("#id_password") == "12345"


def test_a_product_links_to_similar_ones_and_to_a_search_with_its_picture(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        page.wait_for_selector("#similar .card")
        assert page.locator(f"#similar [data-product-id='{shop[0].product_id}']").count() == 0
        page.fill(".refine input[name=text]", "green")
        page.press(".refine input[name=text]", "Enter")
        page.wait_for_selector("#grid")
        assert parameters(page)["image_id"] == [f"product:{shop[0].product_id}"]
        assert page.locator(".drop-zone.has-picture").count() == 1


def test_everything_works_without_javascript(open_page, photo):
    with open_page(java_script_enabled=False) as page:
        page.goto("/")
        page.fill("#words", "red")
        page.click(".search-submit")
        first = page.locator("#grid .card-title").first
        expect(first).to_have_text(re.compile("Red"))
        page.check("input[name=category][value$='Boots']")
        page.click("#filters-form button")
        page.wait_for_url(re.compile("category="))
        assert parameters(page)["category"] == ["Apparel > Boots"]
        page.goto("/results?text=red&top_k=5")
        page.click(".pages a:has-text('2')")
        page.wait_for_url(re.compile("offset=5"))
        page.goto("/")
        page.set_input_files("#picture", photo)
        page.click(".search-submit")
        expect(first).to_have_text(re.compile("Blue"))
        page.click("#grid .heart >> nth=0")
        page.wait_for_url(re.compile("/auth/login"))


def test_searching_and_moving_the_slider_need_only_a_keyboard(open_page, shop):
    with open_page() as page:
        page.goto(shop[0].get_absolute_url())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip-link"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
        while page.evaluate("document.activeElement.name") != "text":
            page.keyboard.press("Tab")
        page.keyboard.type("red")
        page.keyboard.press("Enter")
        page.wait_for_url(re.compile("/results"))
        while not page.evaluate("document.activeElement.matches('.slider')"):
            page.keyboard.press("Tab")
        with page.expect_response(re.compile("weight=1")):
            page.keyboard.press("End")
        page.wait_for_selector("#results[data-weight='1.0']")
        assert page.evaluate("document.activeElement.matches('.slider')")
        while not page.evaluate("document.activeElement.matches('.why-open')"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".why-text:popover-open")
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('.why-open')")


@pytest.mark.parametrize(
    "address",
    [
        "/results?text=" + 10 * "Donaudampfschifffahrtsgesellschaft",
        "/results?text=" + 100 * "word+",
        "/results?text=%F0%9F%91%97%F0%9F%94%B4",
        "/results?text=%3Cscript%3Ealert(1)%3C/script%3E",
        "/results?text=red&brand=" + 60 * "Long",
        "/results?text=red&price_min=1e400",
        "/results?text=red&sort=upwards&weight=nan&crop=1",
        "/results?text=%00%FF",
    ],
)
def test_an_unusual_url_shows_a_page_that_fits_a_phone_and_can_search(open_page, address):
    with open_page(width=375, expected=[EXPECTED]) as page:
        assert page.goto(address).status in (200, 400)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        # A page without a search of its own has the field of the masthead.
        field = page.locator("#words, #masthead-words")
        field.fill("green bag")
        field.press("Enter")
        page.wait_for_url(re.compile(r"text=green\+bag"))


def test_without_results_looser_matches_are_shown(open_page):
    with open_page() as page:
        page.goto("/results?text=red&price_min=99999")
        assert page.locator("#close-band .card").count() > 0
        page.click(".state .button")
        page.wait_for_selector("#grid")


def test_the_theme_is_stored_and_rendered_by_the_server(open_page):
    with open_page() as page:
        page.goto("/")
        page.click("[data-theme-toggle]")
        page.goto("/auth/login")
        assert page.get_attribute("html", "data-theme") == "dark"
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 17, 16)"


def test_going_offline_shows_a_notice_and_keeps_the_results(open_page):
    with open_page(expected=["ERR_INTERNET_DISCONNECTED", EXPECTED, "htmx:"]) as page:
        page.goto("/results?text=red")
        go_offline(page)
        with page.expect_event("requestfailed"):
            page.click("input[name=category][value$='Dress']")
        page.wait_for_selector("#notice .notice")
        assert page.locator("#grid .card").count() > 0
        page.context.set_offline(False)


def test_a_form_is_sent_once_however_often_it_is_tapped(open_page):
    with open_page() as page:
        page.goto("/auth/register")
        page.fill("#id_name", "Ada")
        page.fill("#id_email", "ada@example.com")
        page.fill("#id_password", PASSWORD)
        page.wait_for_load_state("networkidle")
        page.route("**/auth/register", lambda route: None)
        stopped = page.evaluate("""() => {
            const stopped = [], form = document.querySelector("main form");
            addEventListener("submit", (event) => stopped.push(event.defaultPrevented));
            form.requestSubmit();
            form.requestSubmit();
            return stopped;
        }""")
        assert stopped == [False, True]
        page.unroute("**/auth/register")
        page.goto("/auth/login")
