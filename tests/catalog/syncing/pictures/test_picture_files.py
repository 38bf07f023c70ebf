"""What a sync does with the files of pictures: damaged ones, those of a full disk, those that are gone."""

import errno
import os
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from catalog.models import ProductImage, RunState, SyncRun
from catalog.pictures import derivatives, pruning
from catalog.pictures.derivatives import embedding_name
from catalog.pictures.place import PicturesAway
from catalog.syncing.sync import sync
from tests.catalog.fakes.memory_shop import MemoryShop, hats
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("file", ["page", "embedding", "record"])
@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "delete"])
def test_a_damaged_derivative_is_made_again(settings, tmp_path, file, damage):
    settings.MEDIA_ROOT = tmp_path
    shop = MemoryShop(*hats(1, images=("a",)), pictures={"a": picture_bytes()})
    sync(shop, now=NOW)
    row = ProductImage.objects.get()
    names = {
        "page": derivatives.picture_name(row.content_hash, row.width),
        "embedding": embedding_name(row.content_hash),
        "record": f"pictures/{row.content_hash[:2]}/{row.content_hash}.json",
    }
    path = tmp_path / names[file]
    good = path.read_bytes()
    if damage == "delete":
        path.unlink()
    else:
        cut = {"flip": good[:-9] + bytes([good[-9] ^ 1]) + good[-8:], "truncate": good[:-3], "empty": b""}
        path.write_bytes(cut[damage])
    sync(shop, now=LATER)
    if file != "record":
        assert path.read_bytes() == good
    assert derivatives.is_kept(row.content_hash)
    shop.fetched.clear()
    sync(shop, now=LATER)
    assert shop.fetched == []


def test_derivatives_of_an_earlier_release_are_taken_over_unless_one_is_cut_short(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    shop = MemoryShop(*hats(1, images=("a",)), pictures={"a": picture_bytes()})
    sync(shop, now=NOW)
    row = ProductImage.objects.get()
    record = tmp_path / f"pictures/{row.content_hash[:2]}/{row.content_hash}.json"
    record.unlink()
    shop.fetched.clear()
    sync(shop, now=LATER)
    assert shop.fetched == []
    record.unlink()
    page = tmp_path / derivatives.picture_name(row.content_hash, row.width)
    page.write_bytes(page.read_bytes()[:-3])
    sync(shop, now=LATER)
    assert shop.fetched == ["a"]


@pytest.fixture
def full_disk(monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("catalog.pictures.integrity.os.fsync", full)


def test_a_full_disk_fails_the_run_instead_of_blaming_the_picture(settings, tmp_path, full_disk):
    settings.MEDIA_ROOT = tmp_path
    report = sync(MemoryShop(*hats(1, images=("a",)), pictures={"a": picture_bytes()}), now=NOW)
    assert "No space left on device" in report.problem
    assert not report.permanent
    run = SyncRun.objects.get()
    assert (run.state, run.message) == (RunState.FAILED, report.problem)
    assert ProductImage.objects.get().content_hash == ""
    assert [path for path in (tmp_path / "pictures").rglob("*") if path.is_file()] == []


def test_a_disk_that_refuses_before_the_crawl_is_the_reason_of_the_run(monkeypatch):
    def refuse():
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("catalog.syncing.sync.sweep_parts", refuse)
    report = sync(MemoryShop(*hats(1)), now=NOW)
    run = SyncRun.objects.get()
    assert (run.state, run.message) == (RunState.FAILED, report.problem)
    assert "Read-only file system" in report.problem


def test_a_bucket_that_is_away_is_not_called_a_disk(settings, tmp_path, monkeypatch):
    def away(name, save):
        raise PicturesAway("The bucket of the pictures does not answer (ConnectTimeoutError).")

    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("catalog.pictures.integrity.write_aside", away)
    report = sync(MemoryShop(*hats(1, images=("a",)), pictures={"a": picture_bytes()}), now=NOW)
    assert report.problem.startswith("The bucket of the pictures does not answer (ConnectTimeoutError). ")
    assert "MEDIA_STORAGE" in report.problem
    assert "disk" not in report.problem


def test_a_disk_that_fails_outside_the_crawl_is_a_sentence_of_the_command(settings, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    feed = tmp_path / "feed.csv"
    feed.write_text("id,title\n1,Hat\n")
    monkeypatch.setattr("catalog.management.commands.sync.sync", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("sync", "--file", str(feed))


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
