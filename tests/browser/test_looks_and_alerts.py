"""Complete the look and alerts in a real browser: with scripts, without them, on a phone."""

import re

import pytest
from django.core import mail as mailbox
from playwright.sync_api import expect

from accounts.models import User
from catalog.models import Product
from search.alerts.tokens import stop_token
from search.models import Alert
from tests.search.alerts.changes import alert_of
from tests.search.wardrobe import outfits

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "seven green umbrellas"


@pytest.fixture
def wardrobe(shop, colour_encoder):
    return outfits(colour_encoder)


def sold_out(product):
    Product.objects.filter(pk=product.pk).update(in_stock=False)
    return product


def sign_in(page):
    User.objects.create_user("ada@example.com", PASSWORD, name="Ada")
    page.goto("/auth/login")
    page.fill("#id_email", "ada@example.com")
    page.fill("#id_password", PASSWORD)
    page.click("main form button")
    page.wait_for_url(re.compile(r"/$"))


def first_piece(page, address):
    """Of the look as the newest index has it: serving threads look for one once a second."""
    for _second in range(4):
        page.goto(address)
        page.wait_for_selector("#look .card")
        if "neutral with navy blue" in page.locator("#look .card").first.inner_text():
            break
        page.wait_for_timeout(1000)
    return page.locator("#look .card").first


@pytest.mark.parametrize("width", [375, 1440])
def test_a_look_loads_on_the_product_page_and_leads_to_its_pieces(open_page, wardrobe, width):
    with open_page(width=width) as page:
        piece = first_piece(page, wardrobe["Navy Blue Shirts"].get_absolute_url())
        expect(piece).to_contain_text("Goes with: neutral with navy blue")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        piece.locator(".card-link").click()
        page.wait_for_url(f"**{wardrobe['Grey Trousers'].get_absolute_url()}")


def test_a_look_is_a_page_of_its_own_without_javascript(open_page, wardrobe):
    with open_page(java_script_enabled=False) as page:
        page.goto(wardrobe["Navy Blue Shirts"].get_absolute_url())
        page.click("main >> text=Complete the look")
        expect(page.locator("#look .card")).to_have_count(5)


def test_a_product_without_a_look_shows_no_section(open_page, wardrobe):
    with open_page() as page:
        page.goto(wardrobe["Gold Perfume"].get_absolute_url())
        page.wait_for_selector("#similar")
        expect(page.locator("main >> text=Complete the look")).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_guest_asks_and_confirms(open_page, shop, scripts):
    product = sold_out(shop[0])
    with open_page(java_script_enabled=scripts) as page:
        page.goto(product.get_absolute_url())
        page.click("#alert summary")
        page.fill("#alert-email", "guest@example.com")
        page.click("#alert button")
        expect(page.locator("h1")).to_have_text("Check your mail")
        page.goto(re.search(r"https?://[^/]+(/alerts/confirm/\S+)", mailbox.outbox[-1].body).group(1))
        page.click("main form button")
        expect(page.locator("h1")).to_have_text("We will tell you")
    assert Alert.objects.exclude(confirmed_at=None).count() == 1


def test_a_person_asks_with_one_tap_and_deletes_it_in_the_list(open_page, shop):
    with open_page(width=375, theme="dark") as page:
        sign_in(page)
        page.goto(shop[0].get_absolute_url())
        page.click("#alert summary")
        page.fill("#alert-price", "5")
        page.click("#alert button")
        expect(page.locator(".notice")).to_contain_text("We will tell you by mail.")
        expect(page.locator(".alert")).to_contain_text("costs less than €5.00")
        page.click(".alert button")
        expect(page.locator(".alert")).to_have_count(0)


def test_a_search_is_saved_on_its_results_page(open_page, shop):
    with open_page() as page:
        sign_in(page)
        page.goto("/results?text=red+dress")
        page.check("#size-m")
        page.wait_for_url(re.compile("size=M"))
        page.click("#alert summary")
        page.click("#alert button")
        expect(page.locator(".alert")).to_contain_text("New finds for: red dress · M")


def test_mails_end_without_signing_in_and_without_javascript(open_page, shop):
    alert = alert_of(email="guest@example.com", product=shop[0])
    with open_page(java_script_enabled=False) as page:
        page.goto(f"/alerts/stop/{stop_token(alert)}")
        page.click("main form button")
        expect(page.locator("main [role=status]")).to_contain_text("no more mails")
    assert not Alert.objects.exists()
