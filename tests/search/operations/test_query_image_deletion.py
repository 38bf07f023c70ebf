"""Shoppers' pictures are deleted by whoever holds the id, and with the account."""

import numpy as np
import pytest
from django.test import Client

from accounts.export import export
from accounts.models import User
from search.models import EmbeddingCacheEntry, QueryImage, QueryImageOwner
from search.operations.deletion import delete_pictures, forget
from search.query import Crop
from tests.search.operations.query_images import HOUR, LEFT_HALF, crop_of, is_there, upload
from tests.search.shop import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media", "own_embeddings")]
ROW = np.ones(4, np.float32) / 2


@pytest.fixture
def ada(db):
    return User.objects.create_user("ada@example.com", "seven green umbrellas")


@pytest.fixture
def bob(db):
    return User.objects.create_user("bob@example.com", "seven green umbrellas")


# By the holder of the id


def test_deleting_leaves_neither_row_nor_file_nor_owner(ada):
    mine, other = upload("red", user=ada), upload("blue")
    assert delete_pictures([mine.pk]) == 1
    assert (is_there(mine), is_there(other)) == (False, True)
    assert list(QueryImageOwner.objects.values_list("image_id", flat=True)) == [other.pk]


def test_deleting_twice_and_deleting_nothing_are_the_same(media):
    kept = upload()
    assert [delete_pictures([kept.pk]) for _ in range(2)] == [1, 0]
    assert delete_pictures(["product:demo-1", "../../etc/passwd", "a\0b", "0" * 64]) == 0


def test_parts_go_with_the_whole_over_any_number_of_steps(ada):
    whole = upload()
    part = crop_of(whole, user=ada)
    part_of_part = crop_of(part, crop=Crop(0, 0, 1, 0.5))
    assert delete_pictures([whole.pk]) == 3
    assert not any(map(is_there, (whole, part, part_of_part)))


def test_a_part_that_somebody_uploaded_as_such_stays():
    whole = upload()
    part = crop_of(whole)
    QueryImageOwner.objects.create(image=part, uploaded_at=NOW, expires_at=part.expires_at)
    delete_pictures([whole.pk])
    assert (is_there(whole), is_there(part)) == (False, True)


def test_the_vectors_go_whatever_encoder_made_them(own_embeddings, django_capture_on_commit_callbacks):
    kept, encoded = upload(), []

    def encode():
        encoded.append(1)
        return ROW

    for fingerprint in ("a" * 64, "b" * 64):
        own_embeddings.get("image", kept.pk, fingerprint, encode, now=NOW)
    own_embeddings.get("text", kept.pk, "a" * 64, encode, now=NOW)  # words are not the picture's
    with django_capture_on_commit_callbacks(execute=True):
        delete_pictures([kept.pk])
    assert EmbeddingCacheEntry.objects.get().content_type == "text"
    own_embeddings.get("image", kept.pk, "a" * 64, encode, now=NOW)
    assert len(encoded) == 4


def test_an_upload_with_a_crop_keeps_the_part_alone():
    part = upload(crop=LEFT_HALF)
    assert QueryImage.objects.get() == part
    assert (part.width, part.height) == (24, 64)


# With the account


def test_pictures_go_with_the_account(ada):
    mine, other = upload("red", user=ada), upload("blue")
    part = crop_of(mine, user=ada)
    ada.delete()
    assert [is_there(each) for each in (mine, part, other)] == [False, False, True]


def test_a_picture_of_two_stays_as_long_as_the_others_day(ada, bob):
    upload(user=bob, now=NOW)
    kept = upload(user=ada, now=NOW + 5 * HOUR)
    assert kept.expires_at == NOW + 29 * HOUR
    ada.delete()
    kept.refresh_from_db()
    assert (is_there(kept), kept.expires_at) == (True, NOW + 24 * HOUR)
    bob.delete()
    assert not is_there(kept)


def test_a_picture_that_a_stranger_sent_as_well_stays_his(ada):
    kept = upload(user=ada)
    upload(user=None)
    forget(ada)
    assert is_there(kept)
    assert list(QueryImageOwner.objects.values_list("user", flat=True)) == [None]


def test_the_export_lists_them(ada, bob):
    upload("blue", user=bob)
    kept = upload("red", user=ada)
    assert export(ada, now=NOW)["pictures"] == [
        {"image_id": kept.pk, "uploaded_at": NOW, "expires_at": NOW + 24 * HOUR}
    ]


def test_sending_a_picture_again_makes_one_owner(ada):
    for hours in (0, 3):
        kept = upload(user=ada, now=NOW + hours * HOUR)
    assert kept.expires_at == NOW + 27 * HOUR
    assert QueryImageOwner.objects.get().expires_at == NOW + 27 * HOUR


# Over HTTP


def test_the_endpoint_deletes_by_id_and_may_be_repeated(client, django_capture_on_commit_callbacks):
    kept = upload()
    for _ in range(2):
        answer = client.delete(f"/api/v1/query-images/{kept.pk}")
        assert (answer.status_code, answer.content) == (204, b"")
    assert not is_there(kept)
    for image_id in ("x", "a%00b", "product:demo-1", "%F0%9F%A7%A6"):
        assert client.delete(f"/api/v1/query-images/{image_id}").status_code == 204


def test_by_cookie_the_endpoint_needs_the_csrf_token(ada):
    from django.utils import timezone

    from accounts.sign_in import tokens

    kept = upload(user=ada)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[tokens.access_cookie()] = tokens.issue(ada, now=timezone.now()).access
    assert strict.delete(f"/api/v1/query-images/{kept.pk}").status_code == 403
    assert is_there(kept)


def test_staff_delete_a_picture_with_its_file(admin_client):
    first, second = upload("red"), upload("blue")
    admin_client.post(f"/admin/search/queryimage/{first.pk}/delete/", {"post": "yes"})
    assert (is_there(first), is_there(second)) == (False, True)
    chosen = {"action": "delete_selected", "_selected_action": [second.pk], "post": "yes"}
    admin_client.post("/admin/search/queryimage/", chosen)
    assert not is_there(second)


def test_the_endpoint_is_described(client):
    described = client.get("/api/v1/schema?format=json").json()["paths"]["/api/v1/query-images/{image_id}"]
    assert list(described) == ["delete"]
    assert "204" in described["delete"]["responses"]
