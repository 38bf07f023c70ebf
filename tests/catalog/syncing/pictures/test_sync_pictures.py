"""What a sync does with the pictures of its products."""

from dataclasses import replace
from datetime import timedelta

import pytest

from catalog.fetching import FetchedPicture, PictureVersion
from catalog.models import Product, ProductImage
from catalog.pictures import derivatives
from catalog.pictures.derivatives import embedding_name
from catalog.sources.base import SourceError, SourceProduct
from catalog.syncing import following
from catalog.syncing.sync import sync
from catalog.syncing.upsert import upsert
from tests.catalog.fakes.memory_shop import MemoryShop, counted, hats
from tests.catalog.locks import held_elsewhere
from tests.factories import NOW, picture_bytes

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


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

    def test_a_failed_one_is_not_tried_by_every_run_and_an_unchanged_failure_changes_nothing(self):
        shop = self.shop("a")
        sync(shop, now=NOW)
        generation = Product.objects.generation()
        shop.fetched.clear()
        assert counted(sync(shop, now=LATER)) == (0, 0, 1, 0, 0)
        assert shop.fetched == []
        sync(shop, now=NOW + timedelta(days=2))
        assert shop.fetched == ["a"]
        assert Product.objects.generation() == generation

    def test_a_failed_one_is_tried_again_after_a_while(self):
        shop = self.shop("a")
        sync(shop, now=NOW)
        generation = Product.objects.generation()
        shop.pictures["a"] = picture_bytes()
        report = sync(shop, now=NOW + timedelta(days=2))
        assert (counted(report), report.pictures) == ((0, 0, 1, 0, 0), 1)
        assert ProductImage.objects.get().problem == ""
        assert Product.objects.generation() > generation

    def test_staff_may_have_failed_ones_tried_at_once(self):
        shop = self.shop("a")
        sync(shop, now=NOW)
        following.forget_failures("demo")
        shop.fetched.clear()
        sync(shop, now=LATER)
        assert shop.fetched == ["a"]

    def test_the_picture_before_is_shown_until_the_new_one_answers(self):
        shop = self.shop("a", a=picture_bytes("red"))
        sync(shop, now=NOW)
        before = ProductImage.objects.get().content_hash
        shop.rows[0] = replace(shop.rows[0], images=("b",))
        shop.failure = SourceError("The server did not answer.", permanent=False)
        assert counted(sync(shop, now=LATER)) == (0, 1, 0, 0, 0)
        assert ProductImage.objects.get().content_hash == before
        shop.failure = None
        sync(shop, now=NOW + timedelta(days=2))
        assert ProductImage.objects.get().content_hash == ""

    def test_a_newer_one_replaces_the_old_and_a_broken_newer_one_does_not(self):
        shop = self.shop("a", a=picture_bytes("red"))
        sync(shop, now=NOW)
        shop.newer.add("a")
        shop.pictures["a"] = picture_bytes("blue")
        assert sync(shop, now=LATER).pictures == 1
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

    def test_a_touched_one_with_the_same_content_is_read_once_and_not_encoded_again(
        self, settings, monkeypatch
    ):
        shop = self.shop("a", a=picture_bytes())
        sync(shop, now=NOW)
        generation = Product.objects.generation()
        monkeypatch.setattr(derivatives, "open_with_size", None)
        shop.newer.add("a")
        assert counted(sync(shop, now=LATER)) == (0, 0, 1, 0, 0)
        row = ProductImage.objects.get()
        assert (row.problem, row.fetched_at >= LATER) == ("", True)
        assert Product.objects.generation() == generation


class VersionedShop(MemoryShop):
    """Names the version of each picture; ``asked`` lists what it was asked with."""

    def __init__(self, *rows, pictures):
        super().__init__(*rows, pictures=pictures)
        self.asked = []

    def image_unless(self, address, known, *, seconds=0):
        self.asked.append(known.etag)
        etag = str(hash(self.pictures[address]))
        if known.etag == etag:
            return None
        return FetchedPicture(self.pictures[address], PictureVersion(etag))

    def image_host(self, address):
        return ""


def test_a_server_that_names_versions_is_asked_for_changes_after_a_week():
    shop = VersionedShop(*hats(1, images=("a.png",)), pictures={"a.png": picture_bytes("red")})
    sync(shop, now=NOW)
    first = ProductImage.objects.get()
    sync(shop, now=NOW + timedelta(days=2))
    assert shop.asked == [""]
    sync(shop, now=NOW + timedelta(days=8))
    assert shop.asked == ["", first.etag]
    assert ProductImage.objects.get().content_hash == first.content_hash
    shop.pictures["a.png"] = picture_bytes("blue")
    assert sync(shop, now=NOW + timedelta(days=16)).pictures == 1
    assert ProductImage.objects.get().content_hash != first.content_hash


def test_a_new_row_of_a_known_address_gets_its_picture_though_it_is_unchanged():
    pictures = {"a.png": picture_bytes("red")}
    sync(VersionedShop(*hats(1, images=("a.png",)), pictures=pictures), now=NOW)
    shop = VersionedShop(*hats(2, images=("a.png",)), pictures=pictures)
    sync(shop, now=NOW + timedelta(days=8))
    assert len(set(ProductImage.objects.values_list("content_hash", flat=True))) == 1
    assert ProductImage.objects.exclude(content_hash="").count() == 2


def test_a_picture_is_not_written_to_a_row_that_has_another_address_by_then(monkeypatch):
    pictures = {"old.png": picture_bytes("red"), "new.png": picture_bytes("blue")}
    fetch = following._fetch_all

    def fetch_while_another_run_writes(*arguments):
        found = fetch(*arguments)
        monkeypatch.setattr(following, "_fetch_all", fetch)
        upsert("demo", hats(1, images=("new.png",)), now=LATER)
        return found

    monkeypatch.setattr(following, "_fetch_all", fetch_while_another_run_writes)
    sync(MemoryShop(*hats(1, images=("old.png",)), pictures=pictures), now=NOW)
    assert (ProductImage.objects.get().source_url, ProductImage.objects.get().content_hash) == ("new.png", "")
    assert sync(MemoryShop(*hats(1, images=("new.png",)), pictures=pictures), now=LATER).pictures == 1


def test_prices_do_not_wait_for_pictures_that_another_run_still_fetches():
    shop = MemoryShop(*hats(1, images=("a.png",)), pictures={"a.png": picture_bytes("red")})
    with held_elsewhere("pictures of demo"):
        report = sync(shop, now=NOW)
    assert (report.created, report.pictures, report.problem) == (1, 0, "")
    assert "Another run still fetches pictures of this source." in report.notes
    assert sync(shop, now=LATER).pictures == 1
