"""What other media make of the pages: paper, more contrast, forced colours."""

import pytest

from tests.browser.steps import middle_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LUMINANCE = """(selector) => {
    const element = document.querySelector(selector);
    const [red, green, blue] = getComputedStyle(element).color.match(/[\\d.]+/g).map(Number);
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
}"""


@pytest.mark.parametrize("is_chosen", [False, True])
def test_a_dark_page_is_printed_in_dark_ink(open_page, shop, is_chosen):
    with open_page(theme="light" if is_chosen else "dark") as page:
        page.goto("/")
        if is_chosen:
            page.click("[data-theme-toggle]")
        page.goto(f"/products/{shop[0].product_id}")
        page.emulate_media(media="print")
        assert page.evaluate(LUMINANCE, "h1") < 0.2


def test_more_contrast_leaves_no_grey_text(open_page):
    with open_page(contrast="more") as page:
        page.goto("/results?text=dress")
        assert page.evaluate(LUMINANCE, ".card-title") < 0.2


def test_no_card_of_a_row_is_cut_off_on_paper(open_page, shop):
    with open_page(width=800) as page:
        page.goto(f"/products/{shop[0].product_id}")
        page.wait_for_selector("#similar .card")
        page.emulate_media(media="print")
        ends = "(cards) => cards.map((card) => card.getBoundingClientRect().right)"
        assert max(page.eval_on_selector_all("#similar .card", ends)) <= 800


@pytest.mark.parametrize("width", [600, 800])
def test_a_picture_leaves_room_for_the_facts_on_its_page_of_paper(open_page, shop, width):
    with open_page(width=width) as page:
        page.goto(f"/products/{shop[0].product_id}")
        page.emulate_media(media="print")
        picture, facts = (page.locator(part).bounding_box() for part in (".gallery", ".facts"))
        assert picture["width"] < facts["width"]
        assert facts["y"] == picture["y"]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_forced_colours_leave_the_pictures_theirs(open_page, shop, theme):
    with open_page(theme=theme) as page:
        for address, shown in (
            ("/results?text=red", "#grid .card-picture img"),
            (f"/products/{shop[0].product_id}", ".gallery-main img"),
            ("/results?text=red", ".suggestions-picture img"),
        ):
            page.goto(address)
            if "suggestions" in shown:
                page.fill("#words", "red dre")
            picture = page.locator(shown).first
            page.emulate_media(forced_colors="none")
            before = middle_of(picture)
            page.emulate_media(forced_colors="active")
            assert middle_of(picture) == pytest.approx(before, abs=60), shown
