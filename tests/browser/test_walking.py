"""Walking through the shop: a new query, suggestions, going back, the gallery, favourites of guests."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.steps import go_offline, parameters, search_with_photo, titles
from tests.search.shop import picture


def suggestions_answer(page, *texts):
    page.route(
        "**/api/v1/suggest*",
        lambda route: route.fulfill(
            json={"suggestions": [{"text": text, "kind": "title"} for text in texts]}
        ),
    )


pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_new_query_drops_the_filters_and_offers_them_again(open_page):
    with open_page() as page:
        page.goto("/results?text=dress&colour=Red")
        page.fill("#words", "bag")
        page.press("#words", "Enter")
        page.wait_for_url(re.compile("text=bag"))
        assert "colour" not in parameters(page)
        page.click(".chip--offer")
        page.wait_for_url(re.compile("colour=Red"))
        assert parameters(page)["text"] == ["bag"]
        assert page.locator(".chip--offer").count() == 0


def test_a_new_query_drops_the_filters_without_javascript(open_page):
    with open_page(java_script_enabled=False) as page:
        page.goto("/results?text=dress&colour=Red")
        page.fill("#words", "bag")
        page.click(".search-submit")
        assert "colour" not in parameters(page)
        assert "Red" in page.inner_text(".chip--offer")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [375, 768, 1440])
@pytest.mark.parametrize(
    ("address", "field"),
    [("/", "#words"), ("/results?text=red", "#words"), ("/favorites", "#masthead-words")],
)
def test_nothing_lies_over_the_suggestions(open_page, address, field, width, theme):
    with open_page(width=width, theme=theme) as page:
        suggestions_answer(page, *(f"red dress {n}" for n in range(8)))
        page.goto(address)
        page.fill(field, "red")
        page.wait_for_selector(".suggestions li")
        page.evaluate("document.querySelector('.suggestions').scrollIntoView({block: 'nearest'})")
        covered = page.eval_on_selector_all(
            ".suggestions li",
            """(items) => items.filter((item) => {
                const box = item.getBoundingClientRect();
                const x = box.x + box.width / 2, y = box.y + box.height / 2;
                return y < innerHeight && document.elementFromPoint(x, y) !== item;
            }).map((item) => item.textContent)""",
        )
        assert covered == []


def test_going_back_restores_cards_place_and_focus(open_page):
    with open_page(width=375) as page:
        page.goto("/results?text=red&top_k=4")
        for shown in (8, 12):
            page.click("#more a.button")
            expect(page.locator("#grid > li")).to_have_count(shown)
        last = page.locator("#grid .card-link").nth(9)
        before = titles(page)
        last.scroll_into_view_if_needed()
        place = page.evaluate("scrollY")
        last.click()
        page.wait_for_url(re.compile("/products/"))
        page.go_back()
        expect(page.locator("#grid > li")).to_have_count(12)
        assert titles(page) == before
        expect(last).to_be_focused()
        assert page.evaluate("scrollY") == pytest.approx(place, abs=2)


def test_going_back_shows_the_looser_matches_below_the_last_page_again(open_page):
    with open_page() as page:
        page.goto("/results?text=dress&top_k=5")
        while page.locator("#more a.button").count():
            shown = page.locator("#grid > li").count()
            page.click("#more a.button")
            expect(page.locator("#grid > li")).not_to_have_count(shown)
        product = page.locator("#close-band .card").last.get_attribute("data-product-id")
        link = page.locator(f"#close-band [data-product-id='{product}'] .card-link")
        link.click()
        page.wait_for_url(re.compile("/products/"))
        page.go_back()
        expect(link).to_be_focused()


@pytest.mark.parametrize("width", [375, 1440])
def test_the_crop_dialog_keeps_the_pictures_ratio(open_page, tmp_path, width):
    path = tmp_path / "landscape.jpg"
    path.write_bytes(picture("blue", (1200, 600)))
    with open_page(width=width) as page:
        search_with_photo(page, path)
        page.click(".drop-zone-target.needs-script")
        page.wait_for_selector("#crop-dialog img")
        box = page.locator("#crop-dialog img").bounding_box()
        assert box["width"] / box["height"] == pytest.approx(2.0, abs=0.02)


def test_the_slider_appears_with_a_picture(open_page, photo):
    with open_page(width=375) as page:
        page.goto("/results?text=red")
        assert not page.is_visible(".search-form .slider")
        search_with_photo(page, photo, "red")
        assert page.is_visible(".search-form .slider")


def test_a_picture_of_the_gallery_is_enlarged_over_the_page(open_page, shop):
    with open_page() as page:
        page.goto(f"/products/{shop[0].product_id}")
        page.click("a.gallery-main")
        page.wait_for_selector("dialog#zoom[open]")
        page.click("#zoom img")
        expect(page.locator(".zoom-stage.is-enlarged")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator("a.gallery-main").first).to_be_focused()
        assert "/products/" in page.url


def test_every_heart_names_its_product(open_page):
    with open_page() as page:
        page.goto("/results?text=red")
        hearts = page.locator("#grid .heart")
        title = page.locator("#grid .card-title").first.inner_text()
        assert page.get_by_role("button", name=f"Favourite {title}").count() >= 1
        assert hearts.count() > 1


def test_a_guests_favourites_are_shown_with_what_signing_in_adds(open_page, shop):
    with open_page() as page:
        page.goto(f"/products/{shop[0].product_id}")
        page.click(".heart")
        page.goto("/favorites")
        page.wait_for_selector(".grid .card")
        assert page.inner_text(".card-title") == shop[0].title
        assert page.is_visible(".guest-note >> text=Sign in")


def test_a_product_page_searches_from_its_masthead(open_page, shop):
    with open_page() as page:
        page.goto(f"/products/{shop[0].product_id}")
        page.fill("#masthead-words", "red dress")
        page.press("#masthead-words", "Enter")
        page.wait_for_url(re.compile(r"/results\?text=red\+dress"))


def test_a_swatch_that_could_not_be_applied_is_not_chosen(open_page):
    with open_page(expected=("ERR_INTERNET_DISCONNECTED", "htmx:")) as page:
        page.goto("/results?text=dress")
        go_offline(page)
        swatch = page.locator("#filters-form input[name=colour]").first
        # The notice is there from the moment of losing the connection, before its request has failed.
        with page.expect_event("requestfailed"):
            swatch.click()
        expect(swatch).not_to_be_checked()
        expect(page.locator("#notice .notice")).to_be_visible()
        page.context.set_offline(False)


def test_a_whole_error_page_does_not_replace_the_results(open_page):
    with open_page(expected=("Failed to load", "Response Status Error")) as page:
        page.goto("/results?text=dress")
        before = titles(page)
        page.route(
            "**/results?*",
            lambda route: route.fulfill(
                status=400,
                content_type="text/html",
                body="<!doctype html><html><style>*{display:none}</style></html>",
            ),
        )
        page.select_option("#sort", "price")
        page.wait_for_selector("#notice .notice")
        assert titles(page) == before


def test_an_upload_shows_its_progress(open_page, photo):
    with open_page() as page:
        page.goto("/")
        page.route("**/results", lambda route: None)
        page.set_input_files("#picture", photo)
        page.wait_for_selector(".upload-progress:not([hidden])")
        page.unroute("**/results")


def test_words_without_a_connection_raise_no_error(open_page):
    with open_page(expected=("htmx:", "Failed to load")) as page:
        page.goto("/results?text=dress")
        go_offline(page)
        page.fill("#words", "shoes")
        with page.expect_event("requestfailed", lambda request: "shoes" in request.url):
            page.press("#words", "Enter")
        expect(page.locator("#notice .notice")).to_be_visible()
        assert parameters(page)["text"] == ["dress"]
        page.context.set_offline(False)
