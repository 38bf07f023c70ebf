"""Picture files that no row names any more go, and none that a sync is about to name."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from catalog.pictures import pruning
from catalog.pictures.derivatives import FOLDER, Picture, is_kept, keep_picture
from catalog.pictures.pruning import GRACE_S, prune_pictures, sweep_parts
from tests.factories import NOW, ProductImageFactory, picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def pictures(settings, tmp_path) -> Path:
    """A folder of its own for the pictures."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / FOLDER


@pytest.fixture(autouse=True)
def stopped_clock(monkeypatch):
    monkeypatch.setattr(pruning, "time", SimpleNamespace(time=NOW.timestamp))


def kept(colour: str, *, age: float = 2 * GRACE_S) -> Picture:
    """A picture whose derivatives were written so many seconds ago."""
    picture = keep_picture(picture_bytes(colour))
    for file in files(picture):
        written(file, age)
    return picture


def written(file: Path, age: float) -> None:
    os.utime(file, (NOW.timestamp() - age,) * 2)


def files(picture: Picture) -> list[Path]:
    return sorted((settings.MEDIA_ROOT / FOLDER).glob(f"*/{picture.content_hash}*"))


def test_every_file_of_a_picture_that_no_row_names_is_deleted(pictures):
    gone = kept("red")
    count = len(files(gone))
    assert prune_pictures() == count > 1
    assert files(gone) == []
    assert list((pictures / ".parts").iterdir()) == []


def test_a_picture_that_a_row_names_stays():
    named = kept("red")
    ProductImageFactory(content_hash=named.content_hash)
    assert prune_pictures() == 0
    assert is_kept(named.content_hash)


def test_a_picture_of_an_inactive_product_stays():
    named = kept("red")
    ProductImageFactory(content_hash=named.content_hash, product__is_active=False)
    assert prune_pictures() == 0


def test_files_that_a_sync_has_not_named_yet_stay():
    fresh = kept("red", age=GRACE_S - 60)
    assert prune_pictures() == 0
    assert is_kept(fresh.content_hash)


def test_files_written_anew_while_it_looks_stay(pictures, monkeypatch):
    again = kept("red")
    listed = pruning._unnamed

    def listed_then_written(folder, oldest_kept):
        found = listed(folder, oldest_kept)
        kept("red", age=0)
        return found

    monkeypatch.setattr(pruning, "_unnamed", listed_then_written)
    assert prune_pictures() == 0
    assert is_kept(again.content_hash)
    assert list((pictures / ".parts").iterdir()) == []


def test_a_row_made_while_it_lists_the_files_is_seen(monkeypatch):
    late = kept("red")
    measured = pruning._written

    def named_meanwhile(file):
        ProductImageFactory(content_hash=late.content_hash)
        return measured(file)

    with monkeypatch.context() as patch:
        patch.setattr(pruning, "_written", named_meanwhile)
        assert prune_pictures() == 0
    assert is_kept(late.content_hash)


def test_two_that_prune_at_once_do_not_trip_over_each_other(monkeypatch):
    gone = kept("red")
    listed = pruning._unnamed

    def taken_by_another(folder, oldest_kept):
        found = listed(folder, oldest_kept)
        found[0].unlink()
        return found

    count = len(files(gone))
    monkeypatch.setattr(pruning, "_unnamed", taken_by_another)
    assert prune_pictures() == count - 1


def test_a_shop_without_pictures_has_nothing_to_prune(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "none"
    assert prune_pictures() == 0


def test_only_old_leftovers_of_a_killed_sync_are_swept(pictures):
    parts = pictures / ".parts"
    parts.mkdir(parents=True)
    for name, age in (("old", 7200), ("fresh", 10)):
        (parts / name).touch()
        written(parts / name, age)
    sweep_parts()
    assert [path.name for path in parts.iterdir()] == ["fresh"]
