from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.locking import AlreadyRunning
from catalog.models import Product, RunState, SyncRun
from catalog.sources.base import SourceProduct
from catalog.syncing.sync import sync
from catalog.syncing.upsert import public_id
from tests.catalog.fakes.memory_shop import MemoryShop, counted, hats
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def test_a_first_sync_creates_every_product():
    shop = MemoryShop(
        *hats(3, price=Decimal("9.90"), currency="EUR", colour="Red", attributes={"sizes": ["S"]})
    )
    report = sync(shop, now=NOW)
    assert counted(report) == (3, 0, 0, 0, 0)
    product = Product.objects.get(product_id="demo-2")
    assert (product.title, product.price, product.colour) == ("Hat 2", Decimal("9.90"), "Red")
    assert product.attributes == {"sizes": ["S"]}
    assert product.is_active
    assert NOW <= product.created_at == product.updated_at == product.seen_at < NOW + timedelta(minutes=1)


def test_a_second_sync_changes_nothing_but_when_products_were_seen():
    shop = MemoryShop(*hats(3))
    sync(shop, now=NOW)
    generation = Product.objects.generation()
    report = sync(shop, now=LATER)
    assert counted(report) == (0, 0, 3, 0, 0)
    assert Product.objects.generation() == generation
    assert Product.objects.filter(seen_at__gte=LATER).count() == 3


def test_only_what_changed_is_written():
    rows = hats(3)
    sync(MemoryShop(*rows), now=NOW)
    keys = dict(Product.objects.values_list("external_id", "pk"))
    rows[1] = replace(rows[1], price=Decimal(5))
    assert counted(sync(MemoryShop(*rows), now=LATER)) == (0, 1, 2, 0, 0)
    assert set(Product.objects.filter(updated_at__gte=LATER).values_list("external_id", "price")) == {
        ("2", 5)
    }
    product = Product.objects.get(external_id="2")
    assert product.pk == keys["2"]
    assert product.created_at < LATER


def test_a_product_that_only_moved_in_the_feed_is_unchanged():
    rows = hats(2)
    sync(MemoryShop(*rows), now=NOW)
    moved = [replace(row, line=row.line + 7) for row in reversed(rows)]
    assert counted(sync(MemoryShop(*moved), now=LATER)) == (0, 0, 2, 0, 0)


def test_a_vanished_product_is_deactivated_and_comes_back():
    rows = hats(10)
    sync(MemoryShop(*rows), now=NOW)
    key = Product.objects.get(external_id="10").pk
    assert counted(sync(MemoryShop(*rows[:9]), now=LATER)) == (0, 0, 9, 1, 0)
    gone = Product.objects.get(pk=key)
    assert not gone.is_active
    assert gone.deactivated_at >= LATER
    assert Product.objects.generation() == gone.updated_at
    assert counted(sync(MemoryShop(*rows), now=LATER + timedelta(hours=1))) == (0, 1, 9, 0, 0)
    back = Product.objects.get(pk=key)
    assert back.is_active
    assert back.deactivated_at is None


def test_it_refuses_to_deactivate_more_than_a_fifth_but_keeps_the_rest_of_the_work():
    sync(MemoryShop(*hats(10)), now=NOW)
    shop = MemoryShop(*hats(7), SourceProduct("new", "Cap", line=99))
    report = sync(shop, now=LATER)
    assert "3 of 11 active products are missing" in report.problem
    assert "--force" in report.problem
    assert counted(report) == (1, 0, 7, 0, 0)
    assert Product.objects.active().count() == 11
    forced = sync(shop, now=LATER, force=True)
    assert (forced.problem, forced.deactivated) == ("", 3)
    assert Product.objects.active().count() == 8


def test_exactly_a_fifth_may_go():
    sync(MemoryShop(*hats(10)), now=NOW)
    assert sync(MemoryShop(*hats(8)), now=LATER).deactivated == 2


@pytest.mark.parametrize("part", [{"limit": 1}, {"since": NOW}, {"full": False}])
def test_an_incomplete_crawl_deactivates_nothing(part):
    sync(MemoryShop(*hats(10)), now=NOW)
    report = sync(MemoryShop(*hats(9)), now=LATER, **part)
    assert (report.deactivated, report.problem) == (0, "")
    assert Product.objects.active().count() == 10


def test_other_sources_are_left_alone():
    other = MemoryShop(*hats(2))
    other.name = "other"
    sync(other, now=NOW)
    sync(MemoryShop(*hats(2)), now=LATER)
    assert set(Product.objects.active().values_list("product_id", flat=True)) == {
        *("other-1", "other-2", "demo-1", "demo-2")
    }


def test_a_dry_run_counts_and_writes_nothing():
    rows = hats(10)
    sync(MemoryShop(*rows), now=NOW)
    before = list(Product.objects.order_by("pk").values())
    runs = SyncRun.objects.count()
    changed = replace(rows[0], title="Top Hat", images=("a.png",))
    shop = MemoryShop(
        changed, *rows[1:9], SourceProduct("new", "Cap", line=99), pictures={"a.png": picture_bytes()}
    )
    report = sync(shop, now=LATER, dry_run=True)
    assert counted(report) == (1, 1, 8, 1, 0)
    assert "would be changed" in str(report)
    assert list(Product.objects.order_by("pk").values()) == before
    assert SyncRun.objects.count() == runs
    assert shop.fetched == []


def test_a_source_that_breaks_keeps_what_came_before_and_deactivates_nothing():
    sync(MemoryShop(*hats(2)), now=NOW)
    shop = MemoryShop(*[replace(row, title="New " + row.title) for row in hats(2)])
    shop.fails_after = 1
    report = sync(shop, now=LATER, force=True)
    assert (report.problem, report.permanent) == ("The shop hung up.", False)
    assert set(Product.objects.active().values_list("title", flat=True)) == {"New Hat 1", "Hat 2"}
    run = SyncRun.objects.first()
    assert (run.state, run.message) == (RunState.FAILED, "The shop hung up.")


def test_ctrl_c_keeps_the_work_so_far(monkeypatch):
    monkeypatch.setattr("catalog.syncing.sync.BATCH", 2)

    def stop(rows):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sync(MemoryShop(*hats(6)), now=NOW, progress=stop)
    assert Product.objects.count() == 2
    assert SyncRun.objects.get().state == RunState.STOPPED
    assert counted(sync(MemoryShop(*hats(6)), now=LATER)) == (4, 0, 2, 0, 0)


def test_a_run_that_was_killed_is_closed_by_the_next():
    killed = SyncRun.objects.create(source="demo", started_at=NOW)
    sync(MemoryShop(*hats(1)), now=LATER)
    killed.refresh_from_db()
    assert (killed.state, killed.message) == (RunState.STOPPED, "It was killed.")
    assert SyncRun.objects.first().state == RunState.DONE


def test_two_syncs_of_one_source_do_not_overlap():
    with (
        held_elsewhere("sync of demo"),
        pytest.raises(
            AlreadyRunning, match=r"A sync of demo is already running: process \d+ on .+ since 12:00:00"
        ),
    ):
        sync(MemoryShop(*hats(1)), now=NOW)
    assert Product.objects.count() == 0
    assert sync(MemoryShop(*hats(1)), now=NOW).created == 1


def test_batches_move_the_generation_on(monkeypatch):
    monkeypatch.setattr("catalog.syncing.sync.BATCH", 2)
    generations = []
    sync(
        MemoryShop(*hats(6)), now=NOW, progress=lambda rows: generations.append(Product.objects.generation())
    )
    assert len(set(generations)) == 3
    assert generations == sorted(generations)


def test_a_source_with_a_name_unfit_for_public_ids_is_refused():
    shop = MemoryShop()
    shop.name = "My-Shop"
    with pytest.raises(ValueError, match="lower-case"):
        sync(shop, now=NOW)


def test_queries_grow_with_batches_not_with_rows(django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr("catalog.syncing.sync.BATCH", 50)
    shop = MemoryShop(*hats(100))
    with django_assert_max_num_queries(40):
        sync(shop, now=NOW)
    with django_assert_max_num_queries(36):
        sync(shop, now=LATER)


@pytest.mark.parametrize(
    ("external_id", "expected"),
    [
        ("1042", "demo-1042"),
        ("SKU_9.b-~", "demo-SKU_9.b-~"),
        ("a/b", "demo-a_b-c14cddc0"),
        ("a b", "demo-a_b-c8687a08"),
        ("Größe", "demo-Gr__e-"),
    ],
)
def test_public_ids_are_safe_in_addresses_and_do_not_collide(external_id, expected):
    assert public_id("demo", external_id).startswith(expected)


def test_public_ids_fit_their_column():
    first, second = (public_id("s" * 40, "9" * 79 + end) for end in "12")
    assert len(first) <= 100
    assert first != second
