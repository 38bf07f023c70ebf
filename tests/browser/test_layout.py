"""What is in sight and within the page: dialogs, the masthead, the toolbar, titles, pages without results."""

import pytest
from playwright.sync_api import expect

from catalog.models import Product
from tests.browser.steps import search_with_photo
from tests.search.shop import picture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_within(page, selector, outer):
    inside, around = page.locator(selector).bounding_box(), page.locator(outer).bounding_box()
    return inside["x"] >= around["x"] and inside["x"] + inside["width"] <= around["x"] + around["width"]


@pytest.mark.parametrize(("width", "height"), [(812, 375), (667, 375), (720, 450)])
def test_the_crop_dialogs_buttons_are_in_sight_on_a_low_screen(open_page, tmp_path, width, height):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("blue", (600, 400)))
    with open_page() as page:
        search_with_photo(page, photo)
        page.set_viewport_size({"width": width, "height": height})
        page.click(".looked-at [data-open=crop-dialog]")
        for selector in ("[data-use-crop]", "[data-whole]", "[data-another]"):
            expect(page.locator(selector)).to_be_in_viewport(ratio=1)
        shown = page.locator("#crop-dialog img").bounding_box()
        assert shown["width"] / shown["height"] == pytest.approx(1.5, abs=0.02)


@pytest.mark.parametrize(("width", "height"), [(390, 844), (768, 1024), (1280, 800)])
@pytest.mark.parametrize("size", [(600, 800), (800, 600)])
def test_what_resembles_a_photo_is_in_sight_beside_it(open_page, tmp_path, width, height, size):
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture("blue", size))
    with open_page(width=width) as page:
        page.set_viewport_size({"width": width, "height": height})
        search_with_photo(page, photo)
        page.evaluate("scrollTo(0, 0)")
        expect(page.locator(".looked-at-view")).to_be_in_viewport(ratio=1)
        expect(page.locator("#grid > .card").first).to_be_in_viewport(ratio=0.3)


@pytest.mark.parametrize("width", [375, 720, 899, 1440])
@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_the_mastheads_field_shows_its_whole_placeholder(open_page, shop, width, locale):
    with open_page(width=width, locale=locale) as page:
        page.goto(f"/products/{shop[0].product_id}")
        assert page.locator("#masthead-words").bounding_box()["width"] >= 240


@pytest.mark.parametrize("width", [320, 375, 1440])
def test_the_mastheads_search_button_lies_over_its_field(open_page, shop, width):
    with open_page(width=width) as page:
        page.goto(f"/products/{shop[0].product_id}")
        on_top = """(element) => {
            const {x, y, width, height} = element.getBoundingClientRect();
            return element.contains(document.elementFromPoint(x + width / 2, y + height / 2));
        }"""
        assert page.locator(".masthead-search .icon-button").evaluate(on_top)


def test_what_can_be_tapped_is_24_pixels_high(open_page, shop):
    low = """(all) => all
        .filter((each) => getComputedStyle(each).clipPath === "none" && !each.closest(".visually-hidden"))
        .filter((each) => each.offsetHeight > 0 && each.offsetHeight < 24)
        .map((each) => each.outerHTML)"""
    with open_page(width=375) as page:
        for address in ("/", "/results?text=dress", f"/products/{shop[0].product_id}", "/auth/login"):
            page.goto(address)
            page.wait_for_load_state("networkidle")
            # Links within a sentence are as high as its lines.
            tapped = page.locator("button, select, summary, a:not(p:not(.card-brand) > a)")
            assert tapped.evaluate_all(low) == []


@pytest.mark.parametrize("width", [375, 1440])
def test_the_sort_menu_ends_where_the_grid_ends(open_page, width):
    with open_page(width=width) as page:
        page.goto("/results?text=dress")
        assert is_within(page, "#sort", "#grid")


def test_a_phone_shows_a_title_of_three_lines_whole(open_page, shop):
    Product.objects.filter(pk=shop[0].pk).update(title="Murcia Women Rubena Brown Leather Handbag")
    with open_page(width=375) as page:
        page.goto(f"/category/{shop[0].category_path.split(' > ')[0].lower()}")
        title = page.locator(f"#title-{shop[0].product_id}")
        assert title.evaluate("element => element.scrollHeight <= element.clientHeight + 1")


def test_unknown_words_beside_a_filter_are_not_blamed_on_the_filter(open_page):
    with open_page() as page:
        page.goto("/results?text=qxzzv&colour=Purple")
        assert page.locator(".state").inner_text().startswith("Nothing close enough")
        assert page.locator(".state .button").count() == 0
        assert page.locator("#price-min").count() == 0
        below = page.locator(".state ~ section, .state ~ #close-band > section").first
        gap = below.bounding_box()["y"] - page.locator(".state p").last.bounding_box()["y"]
        assert gap >= 48


def test_a_sold_out_product_offers_first_to_tell_when_it_is_back(open_page, shop):
    Product.objects.filter(pk=shop[0].pk).update(in_stock=False, quantity=0)
    with open_page(width=375) as page:
        page.goto(f"/products/{shop[0].product_id}")
        offer = page.locator(".alert-form summary")
        assert page.locator(".facts .button--primary").first.inner_text() == offer.inner_text()
        assert offer.bounding_box()["y"] < page.locator(".facts > .actions").bounding_box()["y"]


def test_without_colours_a_products_stock_is_marked_by_its_form(open_page, shop):
    with open_page(forced_colors="active") as page:
        page.goto(f"/products/{shop[0].product_id}")
        style = "element => getComputedStyle(element, '::before').borderTopWidth"
        assert page.locator(".stock b").evaluate(style) == "4px"


def test_a_long_brand_and_two_long_prices_fit_a_phone(open_page, shop):
    Product.objects.filter(pk=shop[0].pk).update(
        brand="Very Long Brand Name International Clothing Company",
        price="12345678.00",
        list_price="22345678.00",
    )
    with open_page(width=360) as page:
        page.goto(f"/products/{shop[0].product_id}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        page.goto(f"/category/{shop[0].category_path.split(' > ')[0].lower()}")
        card = f"#grid [data-product-id='{shop[0].product_id}']"
        assert is_within(page, f"{card} s", card)


def test_a_title_in_arabic_is_read_from_right_to_left(open_page, shop):
    Product.objects.filter(pk=shop[0].pk).update(title="\u062d\u0630\u0627\u0621 Nike!")
    places = """(title) => [0, title.textContent.trim().length - 1].map((at) => {
        const range = document.createRange();
        const text = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
        let rest = at;
        while (text.nextNode() && rest >= text.currentNode.length) rest -= text.currentNode.length;
        range.setStart(text.currentNode, rest);
        range.setEnd(text.currentNode, rest + 1);
        return range.getBoundingClientRect().x;
    })"""
    with open_page() as page:
        for address in ("/products/{}", "/category/apparel"):
            page.goto(address.format(shop[0].product_id))
            first, exclamation = page.locator(f"#title-{shop[0].product_id}").evaluate(places)
            assert exclamation < first


def test_the_sheet_of_filters_lies_within_a_narrow_window(open_page):
    with open_page(width=320) as page:
        page.goto("/results?text=dress")
        page.click(".open-filters")
        assert page.locator("#filter-sheet").bounding_box()["x"] >= 0


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_long_words_and_buttons_fit_the_narrowest_phone(open_page, shop, locale):
    Product.objects.filter(pk=shop[0].pk).update(in_stock=False, quantity=0)
    with open_page(width=320, locale=locale) as page:
        page.goto(f"/products/{shop[0].product_id}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        # The longest heading of any page, where a page of one's own would need a sign-in.
        page.evaluate("document.querySelector('h1').textContent = 'Benachrichtigungsübersicht'")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_tablet_shows_a_products_price_beside_its_picture(open_page, shop):
    with open_page(width=768) as page:
        page.goto(f"/products/{shop[0].product_id}")
        expect(page.locator(".facts .price")).to_be_in_viewport()


def test_on_a_low_screen_the_search_bar_scrolls_away(open_page):
    with open_page(width=320) as page:
        page.set_viewport_size({"width": 320, "height": 256})
        page.goto("/results?text=dress")
        page.evaluate("scrollTo(0, 600)")
        expect(page.locator(".search-bar")).not_to_be_in_viewport()
