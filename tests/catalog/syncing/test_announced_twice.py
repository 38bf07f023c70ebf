"""A style that two webhooks announce at once, or one while it is crawled."""

from datetime import timedelta

import pytest

from catalog.sources.base import SourceError, SourceProduct
from catalog.syncing import refreshing
from catalog.syncing.refreshing import refresh
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import LookupShop
from tests.catalog.locks import held_elsewhere
from tests.catalog.syncing.test_at_once import LATER, states, write
from tests.factories import NOW

pytestmark = pytest.mark.django_db
RED, BLUE = (SourceProduct(f"7-{name}", "Dress", item_group_id="7") for name in ("red", "blue"))


def test_a_colour_that_came_while_pictures_were_fetched_stays(monkeypatch):
    shop = LookupShop(RED)

    def fetch(*_arguments, **_options):
        monkeypatch.setattr(refreshing, "follow", lambda *_arguments, **_options: None)
        shop.rows = [RED, BLUE]
        refresh(shop, "7", clock=lambda: LATER)

    monkeypatch.setattr(refreshing, "follow", fetch)
    refresh(shop, "7", clock=lambda: NOW)
    assert states() == {"7-red": True, "7-blue": True}


def test_a_colour_that_another_look_found_while_the_shop_was_asked_stays(monkeypatch):
    shop = LookupShop(RED)
    answer = shop.one

    def ask(style_id):
        write(BLUE, now=LATER)
        return answer(style_id)

    monkeypatch.setattr(shop, "one", ask)
    refresh(shop, "7", clock=lambda: NOW)
    assert states() == {"7-red": True, "7-blue": True}


def test_the_shop_is_not_asked_before_another_refresh_of_the_style_has_written(monkeypatch):
    monkeypatch.setattr(refreshing, "WAIT_SECONDS", 0)
    monkeypatch.setattr(refreshing, "_LOCKS", 1)
    with held_elsewhere("refresh of demo 0"), pytest.raises(SourceError) as refused:
        refresh(LookupShop(RED), "7", clock=lambda: NOW)
    assert not refused.value.permanent
    assert states() == {}
    refresh(LookupShop(RED), "7", clock=lambda: NOW)
    assert states() == {"7-red": True}


def test_nor_does_a_sync_of_what_changed_take_it_out(monkeypatch):
    shop = LookupShop(RED)
    products = shop.products

    def read(*, since):
        yield from products(since=since)
        write(BLUE, now=LATER + timedelta(minutes=1))

    monkeypatch.setattr(shop, "products", read)
    write(RED)
    sync(shop, now=LATER, since=NOW)
    assert states() == {"7-red": True, "7-blue": True}
