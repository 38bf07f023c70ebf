"""An order that the words ask for, on the page: it is said, kept by filters, replaced and taken back."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_order_of_the_words_is_kept_by_filters_replaced_and_taken_back(open_page):
    with open_page() as page:
        page.goto("/results?text=cheapest+dress")
        selected, chip = page.locator("#sort option:checked"), page.locator(".chip--parsed:has-text('Price')")
        expect(selected).to_have_text("Price, low to high")
        expect(chip).to_contain_text("Price, low to high")
        page.check("#colour-red")
        page.wait_for_url("**/results?text=cheapest+dress&colour=Red")
        expect(selected).to_have_text("Price, low to high")
        page.select_option("#sort", label="Best match")
        page.wait_for_url("**/results?text=cheapest+dress&colour=Red&sort=relevance")
        expect(chip).to_have_count(0)
        page.select_option("#sort", label="Price, low to high")
        page.wait_for_url("**/results?text=cheapest+dress&colour=Red")
        chip.click()
        page.wait_for_url("**/results?text=cheapest+dress&colour=Red&ignore=sort%3Aprice")
        expect(selected).to_have_text("Best match")


def test_an_order_chosen_the_moment_an_answer_is_there_is_not_lost(open_page):
    with open_page() as page:
        page.goto("/results?text=dress")
        page.evaluate(
            """() => document.body.addEventListener("htmx:afterSwap", () => setTimeout(() => {
                const order = document.getElementById("sort");
                order.value = "price";
                order.dispatchEvent(new Event("change", { bubbles: true }));
            }), { once: true })"""
        )
        page.check("#colour-red")
        page.wait_for_url("**/results?text=dress&colour=Red&sort=price")
        expect(page.locator("#sort option:checked")).to_have_text("Price, low to high")
