"""Pictures of products that were sent are fetched afterwards."""

from datetime import timedelta
from functools import partial

import pytest
import responses
from django.core.management import call_command
from django.utils import timezone

from catalog import queue, tasks
from catalog.models import ProductImage
from tests.catalog.bulk.calls import HAT, PRODUCTS, statuses, stored
from tests.factories import picture_bytes

pytestmark = pytest.mark.django_db


@responses.activate
def test_pictures_are_fetched_afterwards(send, django_capture_on_commit_callbacks, settings):
    settings.ALLOW_PRIVATE_FEEDS = True
    responses.get("https://cdn.example/1.png", picture_bytes())
    with django_capture_on_commit_callbacks(execute=True):
        send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    assert (stored().cover.width, stored().cover.problem) == (60, "")


def test_a_picture_at_a_private_address_is_not_fetched(send, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = send(PRODUCTS, [{**HAT, "images": ["http://127.0.0.1:1/x.png"]}])
    assert statuses(answer) == ["created"]
    assert "not a public one" in ProductImage.objects.get().problem


@pytest.mark.parametrize("again", [tasks.sync, partial(call_command, "sync")])
@responses.activate
def test_a_picture_that_failed_is_tried_again_by_the_hourly_sync(send, settings, again):
    settings.ALLOW_PRIVATE_FEEDS = True
    send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    responses.get("https://cdn.example/1.png", status=503)
    tasks.fetch_new_pictures("api")
    assert ProductImage.objects.get().problem
    responses.replace("GET", "https://cdn.example/1.png", picture_bytes())
    ProductImage.objects.update(retry_at=timezone.now() - timedelta(minutes=1))
    again()
    assert stored().cover is not None


@responses.activate
def test_pictures_that_arrived_are_published(send, settings, announced):
    settings.ALLOW_PRIVATE_FEEDS = True
    responses.get("https://cdn.example/1.png", picture_bytes())
    send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    queue.change_is_followed()
    announced.clear()
    tasks.fetch_new_pictures("api")
    assert len(announced) == 1


@responses.activate
def test_a_picture_that_failed_changes_nothing_to_publish(send, settings, announced):
    settings.ALLOW_PRIVATE_FEEDS = True
    responses.get("https://cdn.example/1.png", status=503)
    send(PRODUCTS, [{**HAT, "images": ["https://cdn.example/1.png"]}])
    queue.change_is_followed()
    announced.clear()
    tasks.fetch_new_pictures("api")
    assert announced == []
