"""Pictures as files: a product's for everybody and for good, a shopper's for its day and no shared cache."""

from datetime import timedelta

import pytest

from search import images
from search.models import QueryImage
from search.operations.deletion import delete_pictures
from search.query import Upload
from tests.search.shop import NOW, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def clock(monkeypatch):
    """The time of a request, as hours after NOW."""

    def turn(hours):
        monkeypatch.setattr("config.http.media.timezone.now", lambda: NOW + timedelta(hours=hours))

    turn(0)
    return turn


@pytest.fixture
def kept(media, clock):
    return images.keep_query_image(Upload(picture("red")), user=None, now=NOW)


def address(kept):
    return f"/media/{images.file_name(kept.pk)}"


def get(client, path, **options):
    response = client.get(path, **options)
    if response.streaming:
        b"".join(response.streaming_content)  # to the end, which closes the file
    return response


def cached(response):
    return {part.strip() for part in response["Cache-Control"].split(",")}


@pytest.mark.parametrize(("hours", "seconds"), [(0, 3600), (22.9, 3600), (23.5, 1800), (23.999, 3)])
def test_a_shoppers_picture_is_private_and_fresh_for_the_rest_of_its_day(client, kept, clock, hours, seconds):
    clock(hours)
    response = get(client, address(kept))
    assert response.status_code == 200
    assert response["Content-Type"] == "image/jpeg"
    assert cached(response) == {"private", f"max-age={seconds}"}
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_shoppers_picture_that_has_not_changed_stays_private(client, kept):
    first = get(client, address(kept))
    again = get(client, address(kept), headers={"If-Modified-Since": first["Last-Modified"]})
    assert again.status_code == 304
    assert cached(again) == {"private", "max-age=3600"}


@pytest.mark.parametrize("hours", [24, 25 * 24])
def test_once_its_day_is_over_it_is_gone_though_the_file_exists(client, kept, clock, media, hours):
    clock(hours)
    response = get(client, address(kept))
    assert response.status_code == 404
    assert "immutable" not in response.get("Cache-Control", "")
    assert (media / images.file_name(kept.pk)).is_file()


def test_a_file_without_a_row_is_not_served(client, kept):
    QueryImage.objects.all().delete()
    assert get(client, address(kept)).status_code == 404


def test_a_deleted_picture_is_not_served(client, kept):
    delete_pictures([kept.pk])
    assert get(client, address(kept)).status_code == 404


@pytest.mark.parametrize(
    "spelling",
    ["/media//{}", "/media/./{}", "/media/pictures/../{}", "/media/%2e/{}", "/media/Queries/../{}"],
)
def test_no_spelling_of_its_address_makes_it_public(client, kept, clock, spelling):
    path = spelling.format(images.file_name(kept.pk))
    assert "public" not in get(client, path).get("Cache-Control", "")
    clock(24)
    assert get(client, path).status_code == 404


@pytest.mark.parametrize("path", ["/media/", "/media/queries", "/media/queries/", "/media/queries/00/"])
def test_shoppers_pictures_are_not_listed(client, kept, path):
    assert get(client, path).status_code == 404


def test_a_products_picture_is_kept_for_good(client, media):
    file = media / "pictures/00/none-160.webp"
    file.parent.mkdir(parents=True)
    file.write_bytes(b"RIFF")
    response = get(client, "/media/pictures/00/none-160.webp")
    assert response.status_code == 200
    assert cached(response) == {"public", "max-age=31536000", "immutable"}
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
