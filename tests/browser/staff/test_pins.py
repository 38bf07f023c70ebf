"""Pins in a real browser: staff drag them to a place, and the slider moves the other cards around them."""

import re

import pytest
from django.conf import settings

from accounts.models import User
from catalog.models import Product
from search.models import CuratedPlacement
from tests.browser.steps import search_with_photo, titles

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("weight", [0, 0.3, 0.9])
def test_what_staff_pinned_stays_at_its_place_while_the_slider_moves(open_page, photo, weight):
    for title, place in (("Green bag no. 2", 3), ("Green boots no. 3", 1)):
        product = Product.objects.get(title=title)
        CuratedPlacement.objects.create(query="red dress", product=product, position=place)
    with open_page() as page:
        search_with_photo(page, photo, "red dress")
        # Green is no reading of these words, which a pin has to pass.
        page.goto(f"{page.url}&ignore=colour")
        before = titles(page)
        moved = """(value) => new Promise((done) => {
            const slider = document.querySelector(".slider");
            slider.value = value;
            slider.dispatchEvent(new Event("input", { bubbles: true }));
            requestAnimationFrame(() => requestAnimationFrame(done));
        })"""
        page.evaluate(moved, weight)
        after = titles(page)
        assert (after[0], after[2]) == ("Green boots no. 3", "Green bag no. 2")
        assert len(after) == len(before)
        assert after[1].startswith("Blue" if weight == 0.9 else "Red")


def test_a_card_that_staff_drag_to_a_place_stands_there(open_page, client):
    staff = User.objects.create_superuser("staff@shop.example", "a long enough one")
    client.force_login(staff)
    with open_page() as page:
        session = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
        }
        page.goto("/")
        page.context.add_cookies([{**session, "url": page.url}])
        page.goto("/results?text=dress")
        before = titles(page)
        cards = page.locator("#grid > .card")
        cards.first.evaluate("(card) => card.scrollIntoView({ behavior: 'instant', block: 'center' })")
        cards.nth(0).drag_to(cards.nth(2))
        page.wait_for_url(re.compile("#arrange"))
        assert titles(page)[:4] == [*before[1:3], before[0], before[3]]
