"""The part of a picture that a search chooses where the whole is unsure."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.cache import caches
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from search import engine, retrieval
from search.models import QueryImage
from search.operations.deletion import delete_pictures
from search.paging import page
from search.query import Crop, SearchQuery, Upload
from search.query_builder import searched_part
from search.query_builder.searched_part import known_part
from search.query_builder.windows import WHOLE
from tests.search.pictures.looking import CutParts
from tests.search.shop import COLOURS, NOW, picture


@pytest.fixture
def looking(shop, colour_encoder, monkeypatch):
    """The shop's encoder reads parts; returns how many pictures each of its passes saw."""
    passes = []
    encode = colour_encoder.encode_images

    def encode_with_parts(image):
        passes.append(1)
        return encode([image])[0], CutParts(encode, image)

    monkeypatch.setattr(colour_encoder, "reads_parts", True)
    monkeypatch.setattr(colour_encoder, "encode_with_parts", encode_with_parts, raising=False)
    monkeypatch.setattr(
        colour_encoder, "encode_images", lambda images: passes.append(len(images)) or encode(images)
    )
    return passes


def cluttered():
    """Red in the corner of a ground that no product resembles."""
    frame = Image.new("RGB", (280, 280), (8, 8, 8))
    frame.paste(COLOURS["red"], (0, 160, 120, 280))
    buffer = BytesIO()
    frame.save(buffer, "PNG")
    return buffer.getvalue()


def ask(data=None, now=NOW, **parts):
    upload = {} if data is None else {"picture": Upload(data)}
    return retrieval.search(SearchQuery(**upload, **parts), user=None, now=now, track=False)


def test_a_product_in_clutter_is_searched_by_the_part_that_shows_it(looking):
    result = ask(cluttered())
    assert result.searched.x < 0.2
    assert result.searched.y > 0.4
    assert {hit.product.colour for hit in result.hits[:10]} == {"Red"}


def test_a_picture_that_resembles_products_is_searched_whole_by_one_pass(looking):
    assert ask(picture("red")).searched is None
    assert looking == [1]


def test_a_part_costs_one_more_pass_and_only_once(looking):
    first = ask(cluttered())
    assert looking == [1, 1]
    again = ask(image_id=first.image_id)
    assert looking == [1, 1]
    assert again.searched == first.searched
    assert [hit.score for hit in again.hits] == [hit.score for hit in first.hits]


def test_the_same_part_is_chosen_when_nothing_of_it_is_kept(looking):
    first = ask(cluttered())
    caches["search"].clear()
    assert ask(image_id=first.image_id).searched == first.searched


def test_a_crop_of_everything_searches_with_the_whole_picture(looking):
    part = ask(cluttered())
    whole = ask(image_id=part.image_id, crop=WHOLE)
    assert whole.searched is None
    assert whole.image_id == part.image_id
    assert whole.hits[0].image_score < part.hits[0].image_score


def test_a_part_that_is_hardly_surer_is_not_taken(looking, monkeypatch):
    monkeypatch.setattr(searched_part, "MARGIN", 10.0)
    assert ask(cluttered()).searched is None


def test_an_encoder_that_reads_no_parts_searches_with_the_whole_picture(shop):
    assert ask(cluttered()).searched is None


def test_a_product_s_own_picture_is_searched_whole(looking, shop):
    assert ask(image_id=f"product:{shop[0].product_id}", crop=WHOLE).searched is None


def test_words_beside_the_picture_are_mixed_with_the_part(looking):
    result = ask(cluttered(), text="boots", weight=0.5)
    assert result.searched is not None
    assert {(hit.product.colour, hit.product.category) for hit in result.hits[:5]} == {("Red", "Boots")}


def test_later_pages_name_the_same_part(looking):
    first = ask(cluttered(), top_k=3)
    later = page(first.query_id, offset=3, top_k=3, user=None, now=NOW + timedelta(minutes=1))
    assert later.searched == first.searched


def test_the_api_names_the_part(client, looking):
    first = ask(cluttered(), now=timezone.now())
    address = "/api/v1/image-search"
    answer = client.post(address, {"image_id": first.image_id}, "application/json").json()
    assert answer["searched_crop"] == str(first.searched)
    answer = client.post(address, {"image_id": first.image_id, "crop": "0,0,1,1"}, "application/json").json()
    assert answer["searched_crop"] is None


def test_a_client_may_repeat_its_picture_and_crop_for_a_later_page(client, looking, shop):
    address, body = "/api/v1/image-search", {"image_id": f"product:{shop[0].product_id}", "top_k": 3}
    body["crop"] = "0.1,0.1,0.5,0.5"
    first = client.post(address, body, "application/json").json()
    later = client.post(address, {**body, "query_id": first["query_id"], "offset": 3}, "application/json")
    assert (later.status_code, later.json()["query_id"]) == (200, first["query_id"])


def test_the_page_marks_the_part_and_leads_to_the_whole(client, looking):
    first = ask(cluttered(), now=timezone.now())
    shown = client.get(reverse("results"), {"image_id": first.image_id}).content.decode()
    assert 'class="looked-at-box"' in shown
    assert "Searched with the marked part" in shown
    assert "crop=0.0000%2C0.0000%2C1.0000%2C1.0000" in shown
    whole = client.get(reverse("results"), {"image_id": first.image_id, "crop": "0,0,1,1"}).content.decode()
    assert 'class="looked-at-box"' not in whole
    assert "Searched with the marked part" not in whole


def test_the_part_of_a_deleted_picture_is_forgotten(looking, django_capture_on_commit_callbacks):
    ask(cluttered())
    image_id = QueryImage.objects.get().image_id
    assert known_part(image_id, engine.snapshot()) is not None
    with django_capture_on_commit_callbacks(execute=True):
        delete_pictures([image_id])
    assert known_part(image_id, engine.snapshot()) is None


@pytest.mark.parametrize(
    ("asked_after", "seconds"),
    [
        # Another process may hold it in its memory when the picture is deleted here.
        (timedelta(), 3600),
        (timedelta(hours=23, minutes=30), 1800),
    ],
)
def test_the_part_is_kept_for_an_hour_and_no_longer_than_the_picture(
    looking, monkeypatch, asked_after, seconds
):
    kept, real = [], caches["search"].set

    def remember(key, value, timeout=None):
        kept.extend([timeout] if key.startswith("searched-part") else [])
        real(key, value, timeout)

    image_id = ask(cluttered()).image_id
    caches["search"].clear()
    monkeypatch.setattr(caches["search"], "set", remember)
    ask(image_id=image_id, now=NOW + asked_after)
    assert kept == [seconds]


def test_a_later_page_of_the_whole_picture_is_still_of_the_whole(looking):
    image_id = ask(cluttered()).image_id
    first = ask(image_id=image_id, crop=WHOLE, top_k=3)
    later = page(first.query_id, offset=3, top_k=3, user=None, now=NOW + timedelta(minutes=1))
    assert later.query.crop == WHOLE
    assert later.query.image_id == image_id


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_part_that_was_chosen_by_hand_is_searched_whole(looking, is_stored):
    """An answer names the part by an id of its own, which a client sends with other words or an offset."""
    picture = {"image_id": ask(cluttered()).image_id} if is_stored else {"data": cluttered()}
    by_hand = ask(**picture, crop=Crop(0.0, 0.3, 0.9, 0.7))
    again = ask(image_id=by_hand.image_id)
    assert again.searched is None
    assert [hit.score for hit in again.hits] == [hit.score for hit in by_hand.hits]
    assert delete_pictures([by_hand.image_id]) == 1


def test_a_picture_that_somebody_sent_whole_is_no_part_chosen_by_hand(looking):
    ask(image_id=ask(cluttered()).image_id, crop=WHOLE)
    assert ask(image_id=QueryImage.objects.get().image_id).searched is not None


@pytest.mark.parametrize("garbage", ["text", 7, ["9,9,9,9", b""], ["", b"123"]])
def test_what_cannot_be_read_counts_as_not_searched(shop, garbage):
    snapshot = engine.snapshot()
    kept = [searched_part._found_with(snapshot), *(garbage if isinstance(garbage, list) else [garbage])]
    caches["search"].set(searched_part._address("id"), kept)
    assert known_part("id", snapshot) is None
