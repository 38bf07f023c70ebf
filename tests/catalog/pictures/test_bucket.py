"""Pictures in a real S3 server: kept, searched with, served, pruned and deleted as files are."""

import io
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.test import override_settings
from django.utils import timezone

from catalog.pictures import integrity
from catalog.pictures.derivatives import embedding_name, is_kept, keep_picture, open_kept, picture_name
from catalog.pictures.place import PicturesAway
from catalog.pictures.pruning import prune_pictures, sweep_parts
from search import images
from search.models import QueryImage
from search.operations.deletion import delete_pictures
from search.operations.expiry import prune_expired
from search.query import Crop, Upload
from tests.factories import ProductImageFactory, picture_bytes
from tests.search.shop import picture

boto3 = pytest.importorskip("boto3")
moto_server = pytest.importorskip("moto.server", reason="pip install -r requirements-services.txt")

pytestmark = [pytest.mark.services, pytest.mark.django_db]
BUCKET = "pictures"


@pytest.fixture(scope="module")
def server():
    server = moto_server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def client_of_bucket(server, monkeypatch, settings, tmp_path):
    """A client beside the product's; pictures go to the bucket, and MEDIA_ROOT cannot be used."""
    from botocore.config import Config

    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.client("s3")
    client.create_bucket(Bucket=BUCKET)
    blocked = tmp_path / "file"
    blocked.touch()
    settings.MEDIA_ROOT = blocked / "media"
    settings.MEDIA_STORAGE = (BUCKET, "shop/media")
    config = Config(**{**settings.S3_CLIENT, "s3": {"addressing_style": "path"}, "read_timeout": 2})
    options = {"bucket_name": BUCKET, "location": "shop/media", "client_config": config}
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "catalog.pictures.bucket.PictureBucket", "OPTIONS": options},
    }
    yield client
    for key in keys_of(client):
        client.delete_object(Bucket=BUCKET, Key=key)
    client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def bucket(client_of_bucket):
    return client_of_bucket


def keys_of(client, part=""):
    found = client.list_objects_v2(Bucket=BUCKET).get("Contents", ())
    return [each["Key"] for each in found if part in each["Key"]]


def kept(colour="red"):
    return keep_picture(picture_bytes(colour))


def uploaded(now=None):
    return images.keep_query_image(Upload(picture("red")), user=None, now=now or timezone.now())


@pytest.fixture
def no_grace(monkeypatch):
    """What was written a moment ago is old."""
    monkeypatch.setattr("catalog.pictures.pruning.GRACE_S", -60)


def test_the_derivatives_of_a_picture_and_their_record_are_objects(bucket):
    content_hash = kept().content_hash
    assert is_kept(content_hash)
    keys = keys_of(bucket, content_hash)
    assert f"shop/media/{embedding_name(content_hash)}" in keys
    assert f"shop/media/pictures/{content_hash[:2]}/{content_hash}.json" in keys
    assert open_kept(content_hash).size[0] > 0


def test_a_derivative_that_is_gone_or_another_one_is_made_again(bucket):
    content_hash = kept().content_hash
    key = f"shop/media/{embedding_name(content_hash)}"
    bucket.put_object(Bucket=BUCKET, Key=key, Body=b"half")
    assert not is_kept(content_hash)
    kept()
    assert is_kept(content_hash)
    bucket.delete_object(Bucket=BUCKET, Key=key)
    assert not is_kept(content_hash)
    with pytest.raises(FileNotFoundError):
        open_kept(content_hash)


def test_a_derivative_that_is_pruned_before_it_is_recorded_is_missing_as_a_file_is(bucket):
    stored = kept()
    names = [embedding_name(stored.content_hash), picture_name(stored.content_hash, stored.width)]
    bucket.delete_object(Bucket=BUCKET, Key=f"shop/media/{names[1]}")
    with pytest.raises(FileNotFoundError, match=r"webp is not in the bucket"):
        integrity.record(stored.content_hash, names)


def test_pictures_copied_from_a_folder_with_their_records_are_known(bucket):
    content_hash = kept().content_hash
    record = f"shop/media/pictures/{content_hash[:2]}/{content_hash}.json"
    size = bucket.head_object(Bucket=BUCKET, Key=f"shop/media/{embedding_name(content_hash)}")[
        "ContentLength"
    ]
    copied = f'{{"{content_hash}.jpg": [{size}, 1, "{"0" * 64}"]}}'
    bucket.put_object(Bucket=BUCKET, Key=record, Body=copied.encode())
    assert is_kept(content_hash)


def test_a_products_picture_is_served_to_everybody_and_for_good(client, bucket):
    stored = kept()
    address = f"/media/{picture_name(stored.content_hash, stored.width)}"
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Length"] == str(len(response.content))
    assert "immutable" in response["Cache-Control"]
    again = client.get(address, headers={"if-modified-since": response["Last-Modified"]})
    assert again.status_code == 304


def test_a_shoppers_picture_is_private_and_gone_after_its_day(client, bucket):
    stored = uploaded()
    response = client.get(f"/media/{images.file_name(stored.pk)}")
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    QueryImage.objects.update(expires_at=timezone.now())
    assert client.get(f"/media/{images.file_name(stored.pk)}").status_code == 404


def test_no_address_of_the_bucket_is_ever_given(bucket):
    assert uploaded().picture.url.startswith("/media/queries/")


def test_other_objects_of_the_bucket_are_not_served(client, bucket):
    bucket.put_object(Bucket=BUCKET, Key="shop/media/CURRENT", Body=b"{}")
    for path in ("CURRENT", "files/../CURRENT", "pictures/../CURRENT", "pictures"):
        assert client.get(f"/media/{path}").status_code == 404


def test_a_stored_picture_is_found_cropped_and_loaded(bucket):
    now = timezone.now()
    stored = images.find_query_image(uploaded(now).pk, now=now)
    assert images.load(stored).size == (stored.width, stored.height)
    part = images.cropped(stored, Crop(0, 0, 0.5, 0.5), user=None, now=now)
    assert len(keys_of(bucket, part.pk)) == 1


def test_a_damaged_picture_is_unknown_and_deleted(bucket):
    stored = uploaded()
    bucket.put_object(Bucket=BUCKET, Key=f"shop/media/{images.file_name(stored.pk)}", Body=b"half")
    with pytest.raises(images.UnknownImage):
        images.load(stored)
    assert keys_of(bucket, stored.pk) == []


def test_deleting_a_picture_deletes_its_object(bucket, django_capture_on_commit_callbacks):
    stored = uploaded()
    with django_capture_on_commit_callbacks(execute=False):
        assert delete_pictures([stored.pk]) == 1
    assert keys_of(bucket, stored.pk) == []


def test_expired_pictures_and_strays_go_and_rows_without_an_object(
    bucket, django_capture_on_commit_callbacks
):
    now = timezone.now()
    expired = uploaded(now - timedelta(days=2))
    stray = "shop/media/queries/ab/" + "ab" * 32 + ".jpg"
    bucket.put_object(Bucket=BUCKET, Key=stray, Body=b"x")
    with django_capture_on_commit_callbacks(execute=False):
        report = prune_expired(now)
    assert (report.pictures, report.files) == (1, 0)
    assert keys_of(bucket, expired.pk) == []
    with django_capture_on_commit_callbacks(execute=False):
        assert prune_expired(now + timedelta(days=2)).files == 1
    assert keys_of(bucket) == []


def test_pictures_that_no_row_names_are_pruned_and_others_stay(bucket, no_grace):
    named, unnamed = kept("red"), kept("blue")
    ProductImageFactory(content_hash=named.content_hash)
    count = len(keys_of(bucket, unnamed.content_hash))
    assert prune_pictures() == count > 1
    assert is_kept(named.content_hash)
    assert keys_of(bucket, unnamed.content_hash) == []
    sweep_parts()


def test_pictures_that_a_sync_has_just_written_stay(bucket):
    fresh = kept()
    assert prune_pictures() == 0
    assert is_kept(fresh.content_hash)
    assert not default_storage.discard(embedding_name(fresh.content_hash), 0.0)


@pytest.fixture
def away(settings, closed_port, monkeypatch, client_of_bucket):
    """The bucket is away from here on."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{closed_port}")
    with override_settings(STORAGES=dict(settings.STORAGES)):
        yield


def test_while_the_bucket_is_away_pictures_are_503_with_a_time_to_try_again(client, away):
    client.raise_request_exception = False
    response = client.get("/media/pictures/ab/abc.jpg")
    assert response.status_code == 503
    assert response["Retry-After"]


def test_while_the_bucket_is_away_an_upload_is_503_and_keeping_a_picture_says_why(client, away):
    response = client.post("/api/v1/image-search", {"image": io.BytesIO(picture("red"))})
    assert response.status_code == 503
    with pytest.raises(PicturesAway, match=r"does not answer \(EndpointConnectionError\)"):
        kept()
