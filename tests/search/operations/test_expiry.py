"""Shoppers' pictures are deleted once their day is over, by a command, a queue or a serving process."""

import os

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from search import images
from search.models import QueryImage
from search.operations import expiry
from tests.search.operations.query_images import HOUR, crop_of, is_there, upload
from tests.search.shop import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "own_embeddings")]


def test_a_part_expires_with_the_whole():
    whole = upload()
    assert crop_of(whole, now=NOW + 20 * HOUR).expires_at == whole.expires_at


def test_a_part_does_not_shorten_the_day_of_an_equal_upload():
    whole = upload()
    part = crop_of(whole)
    QueryImage.objects.filter(pk=part.pk).update(expires_at=NOW + 30 * HOUR)
    assert crop_of(whole, now=NOW + HOUR).expires_at == NOW + 30 * HOUR


def test_what_expired_is_pruned_with_its_file_and_nothing_else(media):
    old, new = upload("red"), upload("blue", now=NOW + HOUR)
    report = expiry.prune_expired(NOW + 24 * HOUR)
    assert str(report) == "0 query vectors and 1 picture forgotten."
    assert (is_there(old), is_there(new)) == (False, True)


def written(media, name, at):
    file = media / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"")
    os.utime(file, (at.timestamp(), at.timestamp()))
    return file


def test_files_without_a_row_are_deleted_after_a_day(media):
    kept = upload()
    aged = media / images.file_name(kept.pk)
    os.utime(aged, (NOW.timestamp(), NOW.timestamp()))
    stray = written(media, images.file_name("0" * 64), NOW)
    renamed = written(media, f"queries/00/{'0' * 64}_aBc.jpg", NOW)
    fresh = written(media, images.file_name("1" * 64), NOW + 2 * HOUR)
    product = written(media, f"pictures/00/{'0' * 64}.jpg", NOW - 100 * HOUR)
    QueryImage.objects.update(expires_at=NOW + 48 * HOUR)
    assert expiry.prune_expired(NOW + 25 * HOUR).files == 2
    assert [each.exists() for each in (aged, stray, renamed, fresh, product)] == [
        True, False, False, True, True
    ]  # fmt: skip


def test_rows_without_a_file_are_deleted_once_their_upload_must_be_over(media):
    kept = upload()
    (media / images.file_name(kept.pk)).unlink()
    expiry.prune_expired(NOW + HOUR / 2)
    assert QueryImage.objects.exists()
    expiry.prune_expired(NOW + HOUR)
    assert not QueryImage.objects.exists()


def test_a_picture_whose_file_has_just_gone_is_unknown_and_no_failure(media):
    kept = upload()
    (media / images.file_name(kept.pk)).unlink()
    with pytest.raises(images.UnknownImage):
        images.load(kept)


def test_the_command_does_it_now(capsys, monkeypatch):
    upload()
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW + 25 * HOUR)
    call_command("prune_expired")
    assert capsys.readouterr().out == "0 query vectors and 1 picture forgotten.\n"


@pytest.fixture
def prunes(monkeypatch):
    """What the thread does, without closing the connection of this test."""
    done = []
    monkeypatch.setattr(expiry, "prune_expired", lambda now: done.append(now))
    monkeypatch.setattr(expiry, "connections", type("Nothing", (), {"close_all": lambda: None}))
    return done


def test_without_a_queue_a_serving_process_prunes_at_once_and_every_hour(prunes, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = True
    waits = []
    expiry.prune_hourly(stopped_after=lambda seconds: waits.append(seconds) or len(waits) == 3)
    assert (len(prunes), waits) == (3, [3600.0] * 3)


def test_with_a_queue_a_serving_process_prunes_once_and_leaves_the_rest_to_it(prunes, settings):
    settings.CELERY_TASK_ALWAYS_EAGER = False
    expiry.prune_hourly(stopped_after=lambda seconds: pytest.fail("waits"))
    assert len(prunes) == 1


def test_a_database_that_is_away_is_logged_and_tried_again(prunes, settings, monkeypatch, caplog):
    def fail(now):
        prunes.append(now)
        raise DatabaseError("locked")

    monkeypatch.setattr(expiry, "prune_expired", fail)
    waits = iter([False, True])
    expiry.prune_hourly(stopped_after=lambda seconds: next(waits))
    assert len(prunes) == 2
    assert "prune_failed" in caplog.text
