import os
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import DataError

from catalog.locking import AlreadyRunning
from catalog.models import Product, ProductImage, RunState, SyncRun
from catalog.pictures import pruning
from catalog.pictures.derivatives import embedding_name
from catalog.sources.base import Rejected, SourceProduct
from catalog.syncing import batch_pictures
from catalog.syncing import upsert as upserting
from catalog.syncing.sync import sync
from catalog.syncing.upsert import public_id
from tests.catalog.locks import held_elsewhere
from tests.catalog.memory_shop import MemoryShop, hats
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.fixture(autouse=True)
def own_folders(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "media"


def counted(report):
    return (report.created, report.updated, report.unchanged, report.deactivated, report.rejected)


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


def test_the_later_of_two_rows_with_one_id_is_rejected_naming_the_first():
    shop = MemoryShop(SourceProduct("1", "Hat", line=2), SourceProduct("1", "Cap", line=9))
    report = sync(shop, now=NOW)
    assert counted(report) == (1, 0, 0, 0, 1)
    assert str(report.rejections[0]) == "line 9 (1): the id was already used on line 2"
    assert Product.objects.get().title == "Hat"


def test_a_source_that_breaks_keeps_what_came_before_and_deactivates_nothing():
    sync(MemoryShop(*hats(2)), now=NOW)
    shop = MemoryShop(*[replace(row, title="New " + row.title) for row in hats(2)])
    shop.fails_after = 1
    report = sync(shop, now=LATER, force=True)
    assert (report.problem, report.permanent) == ("The shop hung up.", False)
    assert set(Product.objects.active().values_list("title", flat=True)) == {"New Hat 1", "Hat 2"}
    run = SyncRun.objects.first()
    assert (run.state, run.message) == (RunState.FAILED, "The shop hung up.")


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
    with django_assert_max_num_queries(25):
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


class TestPictures:
    def shop(self, *addresses, **pictures):
        return MemoryShop(SourceProduct("1", "Hat", images=addresses, line=2), pictures=pictures)

    def test_they_are_fetched_once_and_kept_by_content(self, settings):
        shop = self.shop("a", "b", a=picture_bytes("red", (60, 80)), b=picture_bytes("blue"))
        report = sync(shop, now=NOW)
        assert (report.pictures, report.picture_problems) == (2, 0)
        first, second = ProductImage.objects.all()
        assert (first.source_url, first.position, first.width, first.height) == ("a", 0, 60, 80)
        assert (settings.MEDIA_ROOT / embedding_name(second.content_hash)).is_file()
        shop.fetched.clear()
        assert counted(sync(shop, now=LATER)) == (0, 0, 1, 0, 0)
        assert shop.fetched == []

    def test_a_changed_text_does_not_fetch_them_again(self):
        shop = self.shop("a", a=picture_bytes())
        sync(shop, now=NOW)
        shop.rows[0] = replace(shop.rows[0], title="Top Hat")
        shop.fetched.clear()
        assert sync(shop, now=LATER).updated == 1
        assert shop.fetched == []
        assert ProductImage.objects.get().content_hash

    def test_one_that_cannot_be_read_is_recorded_and_never_fails_its_product(self):
        shop = self.shop("bad", "gone", "good", bad=b"no picture", good=picture_bytes())
        report = sync(shop, now=NOW)
        assert counted(report) == (1, 0, 0, 0, 0)
        assert (report.pictures, report.picture_problems) == (1, 2)
        bad, gone, good = ProductImage.objects.all()
        assert bad.problem.startswith("This is not a picture we read")
        assert gone.problem == "The server answered 404."
        assert good.problem == ""
        assert Product.objects.get().cover == good

    def test_a_failed_one_is_tried_again_and_an_unchanged_failure_changes_nothing(self):
        shop = self.shop("a")
        sync(shop, now=NOW)
        generation = Product.objects.generation()
        assert counted(sync(shop, now=LATER)) == (0, 0, 1, 0, 0)
        assert Product.objects.generation() == generation
        shop.pictures["a"] = picture_bytes()
        assert counted(sync(shop, now=LATER)) == (0, 1, 0, 0, 0)
        assert ProductImage.objects.get().problem == ""
        assert Product.objects.generation() > generation

    def test_a_newer_one_replaces_the_old_and_a_broken_newer_one_does_not(self):
        shop = self.shop("a", a=picture_bytes("red"))
        sync(shop, now=NOW)
        shop.newer.add("a")
        shop.pictures["a"] = picture_bytes("blue")
        assert sync(shop, now=LATER).updated == 1
        blue = ProductImage.objects.get()
        shop.pictures["a"] = b"broken"
        sync(shop, now=LATER)
        after = ProductImage.objects.get()
        assert after.content_hash == blue.content_hash
        assert after.problem

    def test_derivatives_that_were_lost_are_made_again(self, settings):
        shop = self.shop("a", a=picture_bytes())
        sync(shop, now=NOW)
        lost = settings.MEDIA_ROOT / embedding_name(ProductImage.objects.get().content_hash)
        lost.unlink()
        assert counted(sync(shop, now=LATER)) == (0, 0, 1, 0, 0)
        assert lost.is_file()

    def test_they_follow_the_order_and_number_the_shop_states(self):
        pictures = {
            name: picture_bytes(colour) for name, colour in zip("abc", ("red", "green", "blue"), strict=True)
        }
        shop = self.shop("a", "b", "c", **pictures)
        sync(shop, now=NOW)
        shop.rows[0] = replace(shop.rows[0], images=("c", "a"))
        shop.fetched.clear()
        assert sync(shop, now=LATER).updated == 1
        assert list(ProductImage.objects.values_list("position", "source_url")) == [(0, "c"), (1, "a")]
        assert shop.fetched == []

    def test_one_picture_of_many_products_is_fetched_once_a_batch(self):
        rows = [replace(row, images=("same",)) for row in hats(5)]
        shop = MemoryShop(*rows, pictures={"same": picture_bytes()})
        sync(shop, now=NOW)
        assert shop.fetched == ["same"]
        assert ProductImage.objects.exclude(content_hash="").count() == 5

    def test_a_full_disk_fails_the_run_instead_of_blaming_the_picture(self, monkeypatch):
        def full(data):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(batch_pictures, "keep_picture", full)
        with pytest.raises(OSError, match="No space left"):
            sync(self.shop("a", a=picture_bytes()), now=NOW)
        assert SyncRun.objects.get().state == RunState.FAILED
        assert ProductImage.objects.count() == 0


@pytest.fixture
def replaced_long_ago(settings, monkeypatch):
    """A shop with one hat whose picture is no longer the old one, and the old one's file."""
    monkeypatch.setattr(pruning, "time", SimpleNamespace(time=LATER.timestamp))
    shop = MemoryShop(*hats(1, images=("a.png",)), pictures={"a.png": picture_bytes("red")})
    sync(shop, now=NOW)
    old = settings.MEDIA_ROOT / embedding_name(ProductImage.objects.get().content_hash)
    os.utime(old, (LATER.timestamp() - pruning.GRACE_S - 60,) * 2)
    shop.rows = hats(1, images=("b.png",))
    shop.pictures["b.png"] = picture_bytes("blue")
    return shop, old


def test_a_complete_crawl_deletes_the_files_of_a_picture_that_was_replaced(settings, replaced_long_ago):
    shop, old = replaced_long_ago
    sync(shop, now=LATER)
    assert not old.exists()
    assert (settings.MEDIA_ROOT / embedding_name(ProductImage.objects.get().content_hash)).exists()


@pytest.mark.parametrize("options", [{"since": NOW}, {"limit": 1}])
def test_an_incomplete_crawl_deletes_no_files(replaced_long_ago, options):
    shop, old = replaced_long_ago
    sync(shop, now=LATER, **options)
    assert old.exists()


def test_a_crawl_that_broke_deletes_no_files(replaced_long_ago):
    shop, old = replaced_long_ago
    shop.rows, shop.fails_after = hats(2, images=("b.png",)), 1
    assert sync(shop, now=LATER).problem
    assert old.exists()


def test_a_folder_that_cannot_be_pruned_does_not_fail_the_sync(monkeypatch, caplog):
    def refused():
        raise PermissionError("not allowed")

    monkeypatch.setattr("catalog.syncing.sync.prune_pictures", refused)
    assert sync(MemoryShop(*hats(1)), now=NOW).problem == ""
    assert "could not be deleted: not allowed" in caplog.text
