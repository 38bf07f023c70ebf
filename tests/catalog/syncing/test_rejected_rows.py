"""Rows that a source or the database refuses cost only themselves."""

from datetime import timedelta

import pytest
from django.db import DataError

from catalog.models import Product, SyncRun
from catalog.sources.base import Rejected, SourceProduct
from catalog.syncing import upsert as upserting
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop, counted, hats
from tests.factories import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_a_row_refused_by_its_source_is_reported_and_its_product_stays():
    sync(MemoryShop(*hats(5)), now=NOW)
    report = sync(MemoryShop(*hats(4), Rejected(6, "5", "the title is missing")), now=LATER)
    assert counted(report) == (0, 0, 4, 0, 1)
    assert Product.objects.active().count() == 5
    run = SyncRun.objects.first()
    assert run.rejected == [{"line": 6, "id": "5", "problem": "the title is missing"}]
    assert run.counts["rejected"] == 1


@pytest.mark.parametrize(("style", "colour"), [("5", "5-navy"), ("prod_01H-ABC", "prod_01H-ABC-navy")])
def test_a_style_refused_as_a_whole_keeps_its_colours(style, colour):
    rows = [*hats(4), SourceProduct(colour, "Cap", item_group_id=style, line=6)]
    sync(MemoryShop(*rows), now=NOW)
    report = sync(MemoryShop(*hats(4), Rejected(6, style, "the title is missing")), now=LATER)
    assert counted(report) == (0, 0, 4, 0, 1)
    assert Product.objects.active().count() == 5


@pytest.mark.parametrize("refused", ["prod_01H", "prod", ""])
def test_a_refused_row_keeps_no_product_whose_id_merely_begins_like_its_own(refused):
    sync(MemoryShop(*hats(4), SourceProduct("prod_01H-ABC", "Cap", line=6)), now=NOW)
    report = sync(MemoryShop(*hats(4), Rejected(6, refused, "the title is missing")), now=LATER)
    assert (report.deactivated, report.rejected) == (1, 1)
    assert not Product.objects.get(external_id="prod_01H-ABC").is_active


@pytest.mark.parametrize("later", [9, 2])
def test_the_later_of_two_rows_with_one_id_is_rejected_naming_the_first(later):
    # Of a feed that stands on one line, both have its number.
    shop = MemoryShop(SourceProduct("1", "Hat", line=2), SourceProduct("1", "Cap", line=later))
    report = sync(shop, now=NOW)
    assert counted(report) == (1, 0, 0, 0, 1)
    assert str(report.rejections[0]) == f"line {later} (1): the id was already used on line 2"
    assert Product.objects.get().title == "Hat"


def test_a_row_that_the_database_refuses_costs_only_itself(monkeypatch):
    write = upserting._write_products

    def refusing(source, due, now):
        if any(change.stated.external_id == "3" for change in due):
            raise DataError("value too\nlong")
        write(source, due, now)

    monkeypatch.setattr(upserting, "_write_products", refusing)
    report = sync(MemoryShop(*hats(9)), now=NOW)
    assert counted(report) == (8, 0, 0, 0, 1)
    assert str(report.rejections[0]) == "line 4 (3): the database refused it: value too long"
    assert Product.objects.count() == 8
