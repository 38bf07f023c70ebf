"""Every page in both themes and three widths: no console errors, nothing cut off, no axe violations."""

from pathlib import Path
from urllib.parse import urlsplit

import axe_core_python
import pytest
from django.utils import timezone

from accounts.models import User
from accounts.sign_in import tokens
from tests.browser.conftest import EXPECTED
from tests.browser.pages import REFUSED, SIGNED_IN, SIGNED_OUT, STATUSES, THEMES, WIDTHS
from tests.browser.steps import go_offline

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = (Path(axe_core_python.__file__).parent / "axe.min.js").read_text()
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def violations(page):
    """The violations that axe finds, one line per rule and element."""
    page.evaluate(AXE)
    found = page.evaluate("(rules) => axe.run(document, rules)", RULES)["violations"]
    return [f"{page.url} {each['id']}: {node['html'][:160]}" for each in found for node in each["nodes"]]


def problems_of(page, address):
    page.goto(address)
    page.wait_for_load_state("networkidle")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*violations(page), *([f"{page.url} is {overflow} px too wide"] if overflow > 0 else [])]


def sign_in(page, user):
    pair = tokens.issue(user, now=timezone.now())
    host = urlsplit(page.url).hostname
    page.context.add_cookies(
        [
            {
                "name": tokens.access_cookie(),
                "value": pair.access,
                "domain": host,
                "path": "/",
                "httpOnly": True,
            }
        ]
    )


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_fits_and_passes_axe(open_page, shop, settings, theme, width):
    settings.ROOT_URLCONF = "tests.browser.refusals"
    user = User.objects.create_user("ada@example.com", "a long walk by the sea 7", name="Ada")
    user.favorites.create(product_id=shop[0].product_id)
    with open_page(width=width, theme=theme, expected=[EXPECTED]) as page:
        addresses = [address.format(product=shop[0].product_id) for address in SIGNED_OUT.values()]
        problems = [problem for address in (*addresses, *REFUSED) for problem in problems_of(page, address)]
        assert [page.request.get(f"/refused/{status}").status for status in STATUSES] == list(STATUSES)
        sign_in(page, user)
        problems += [problem for address in SIGNED_IN.values() for problem in problems_of(page, address)]
        assert page.locator("form[action='/auth/logout']").count() == 1
        assert problems == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_offline_notice_passes_axe(open_page, theme, width):
    with open_page(width=width, theme=theme) as page:
        page.goto("/")
        go_offline(page)
        page.wait_for_selector("#notice .notice")
        assert violations(page) == []
        page.context.set_offline(False)
        page.wait_for_selector("#notice .notice", state="detached")


def test_dialogs_and_popovers_pass_axe(open_page, shop):
    with open_page(width=768) as page:
        page.goto(f"/results?text=red&image_id=product:{shop[0].product_id}")
        page.click("[data-open=crop-dialog]")
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.click(".why-open >> nth=0")
        assert violations(page) == []
        page.keyboard.press("Escape")
        page.click(".open-filters")
        assert violations(page) == []


def test_the_shop_is_shown_in_german(open_page):
    with open_page(locale="de-DE") as page:
        page.goto("/results?text=red")
        assert page.get_attribute("html", "lang") == "de"
        assert page.inner_text("#results-title").endswith("Stücke")
        assert page.locator("#grid .price").first.inner_text().endswith(",00\u00a0€")
        assert page.locator("label:has(#colour-red) .choice-name").inner_text() == "Rot"
