"""What looks wrong after a crawl: too much of it gone, other ids, another currency, another source's ids."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from catalog.display.currency import shop_currency
from catalog.models import Product, SyncRun
from catalog.sources.base import Rejected, Skipped
from catalog.syncing.following import PictureOutcome
from catalog.syncing.sync import sync
from catalog.syncing.upsert import upsert
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("before", "after", "held"), [(4, 2, 0), (2, 1, 0), (4, 1, 3), (3, 1, 2), (30, 24, 0)]
)
def test_a_small_shop_may_take_out_two_products_while_half_of_it_stays(before, after, held):
    sync(MemoryShop(*hats(before)), now=NOW)
    report = sync(MemoryShop(*hats(after)), now=LATER)
    assert (report.held_back, report.deactivated) == (held, 0 if held else before - after)


def test_what_was_held_back_is_marked_until_the_source_has_it_again():
    sync(MemoryShop(*hats(10)), now=NOW)
    sync(MemoryShop(*hats(5)), now=LATER)
    assert Product.objects.held_back("demo").count() == 5
    assert SyncRun.objects.first().held_back == 5
    sync(MemoryShop(*hats(10)), now=LATER)
    assert not Product.objects.held_back("demo").exists()


def test_one_button_lets_it_pass(admin_client):
    sync(MemoryShop(*hats(10)), now=NOW)
    sync(MemoryShop(*hats(5)), now=LATER)
    run = SyncRun.objects.first()
    page = admin_client.get(reverse("admin:catalog_syncrun_change", args=[run.pk]))
    assert "Deactivate the 5 products that were held back" in page.content.decode()
    assert "demo-10 · Hat 10" in page.content.decode()
    admin_client.post(reverse("admin:catalog_syncrun_let_pass", args=[run.pk]), {"held_back": "5"})
    assert Product.objects.active().count() == 5
    run.refresh_from_db()
    assert run.held_back == 0
    assert LogEntry.objects.get().get_change_message() == "5 products deactivated."


def test_what_is_let_pass_while_the_pictures_of_the_run_follow_stays_let_pass(admin_client, monkeypatch):
    def press(*_arguments, progress, **_options):
        address = reverse("admin:catalog_syncrun_let_pass", args=[SyncRun.objects.first().pk])
        admin_client.post(address, {"held_back": "5"})
        progress(PictureOutcome(), 0)
        assert SyncRun.objects.first().held_back == 0
        return PictureOutcome()

    sync(MemoryShop(*hats(10)), now=NOW)
    monkeypatch.setattr("catalog.syncing.record.RECORD_SECONDS", -1.0)
    monkeypatch.setattr("catalog.syncing.sync.follow", press)
    sync(MemoryShop(*hats(5)), now=LATER)
    assert Product.objects.active().count() == 5
    assert SyncRun.objects.first().held_back == 0


def test_the_button_of_an_older_run_lets_nothing_go(admin_client):
    sync(MemoryShop(*hats(10)), now=NOW)
    sync(MemoryShop(*hats(5)), now=LATER)
    older = SyncRun.objects.get(counts__held_back=5)
    sync(MemoryShop(*hats(2)), now=LATER + timedelta(hours=1))
    newer = SyncRun.objects.get(counts__held_back=8)
    press = "admin:catalog_syncrun_let_pass"
    page = admin_client.get(reverse("admin:catalog_syncrun_change", args=[older.pk]))
    assert "were held back" not in page.content.decode()
    for run in (older, newer):
        admin_client.post(reverse(press, args=[run.pk]), {"held_back": "5"})
    assert Product.objects.active().count() == 10
    admin_client.post(reverse(press, args=[newer.pk]), {"held_back": "8"})
    assert Product.objects.active().count() == 2


def test_only_staff_who_may_change_products_press_it(admin_client, client):
    run = SyncRun.objects.create(source="demo", started_at=NOW, counts={"held_back": 1})
    address = reverse("admin:catalog_syncrun_let_pass", args=[run.pk])
    assert admin_client.get(address).status_code == 405
    assert client.post(address).status_code == 302


def test_a_currency_that_changes_is_noted():
    sync(MemoryShop(*hats(3, price=Decimal(5), currency="EUR")), now=NOW)
    report = sync(MemoryShop(*hats(3, price=Decimal(5), currency="USD")), now=LATER)
    assert "The currency of 3 products changed from EUR to USD." in report.notes
    assert SyncRun.objects.first().notes == report.notes


def test_a_price_in_another_currency_than_the_others_is_noted_and_is_not_the_shops():
    dollars, *others = hats(4, price=Decimal(5), currency="EUR")
    report = sync(MemoryShop(replace(dollars, currency="USD"), *others), now=NOW)
    assert any("in several currencies: 3 EUR, 1 USD." in note for note in report.notes)
    assert shop_currency() == "EUR"
    report = sync(MemoryShop(dollars, *others), now=LATER)
    assert not any("several currencies" in note for note in report.notes)


def test_a_source_with_the_ids_of_another_is_noted():
    sync(MemoryShop(*hats(5)), now=NOW)
    other = MemoryShop(*hats(4))
    other.name = "other"
    report = sync(other, now=LATER)
    assert "4 of 4 ids are also those of demo: is it the same shop under two names?" in report.notes


def test_a_source_that_changes_its_ids_is_noted():
    sync(MemoryShop(*hats(4)), now=NOW)
    renamed = [replace(row, external_id=f"new-{row.external_id}") for row in hats(4)]
    report = sync(MemoryShop(*renamed), now=LATER)
    assert any("4 products that are gone have the titles of new ones" in note for note in report.notes)


def test_a_crawl_without_a_single_product_fails_and_says_why():
    sync(MemoryShop(*hats(1)), now=NOW)
    shop = MemoryShop(Rejected(2, "1", "the price 'x' is not one amount"), Skipped(3, "2", "draft"))
    report = sync(shop, now=LATER, force=True)
    assert report.problem == (
        "None of the 2 rows became a product: 1 were rejected. The first: line 2 (1): the price 'x' is not "
        "one amount. The shop does not show 1: 1 draft."
    )
    assert Product.objects.active().count() == 1


def test_skipped_products_are_counted_with_their_reasons():
    report = sync(MemoryShop(*hats(2), Skipped(8, "a", "draft"), Skipped(9, "b", "draft")), now=NOW)
    assert (report.seen, report.skipped, report.counts()["skipped"]) == (4, 2, 2)
    assert "2 skipped, since the shop does not show them: 2 draft." in report.notes


def test_a_product_that_is_hidden_now_is_deactivated():
    sync(MemoryShop(*hats(10)), now=NOW)
    report = sync(MemoryShop(*hats(9), Skipped(11, "10", "hidden")), now=LATER)
    assert report.deactivated == 1


def test_staff_find_a_product_by_a_part_of_its_article_numbers(admin_client):
    sync(MemoryShop(*hats(2, article_numbers={"sku": ["LS-77-M"], "gtin": ["4006381333931"]})), now=NOW)
    sync(MemoryShop(*hats(2)[:1]), now=LATER, limit=1)
    for query in ("LS-77", "638133"):
        page = admin_client.get(reverse("admin:catalog_product_changelist"), {"q": query}).content.decode()
        assert ("Hat 2" in page, "Hat 1<" in page) == (True, False)


def test_what_a_webhook_brings_during_a_crawl_stays():
    sync(MemoryShop(*hats(10)), now=NOW)

    class Shop(MemoryShop):
        def products(self, *, since=None):
            yield from super().products()
            upsert("demo", [hats(11)[-1]], now=LATER + timedelta(seconds=5))

    assert sync(Shop(*hats(10)), now=LATER).deactivated == 0
    assert Product.objects.active().count() == 11


def test_a_row_whose_columns_are_not_known_keeps_the_product_that_it_may_be():
    sync(MemoryShop(*hats(10)), now=NOW)
    broken = Rejected(4, "", "4 cells under 3 columns", possible_ids=("Hat", "long 5", "10", "12.50"))
    assert sync(MemoryShop(*hats(9), broken), now=LATER).deactivated == 0
