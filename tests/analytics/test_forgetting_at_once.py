"""An account is deleted while an order of its owner is written."""

import threading

import pytest
from django.db import IntegrityError, connection

from accounts.models import User
from analytics import recording
from analytics.events import writing
from analytics.events.incoming import Reported, keep
from analytics.events.models import Event
from analytics.models import DailyCount
from tests.analytics.conftest import NOON
from tests.factories import ProductFactory


@pytest.fixture
def buy(searched, ada):
    """Write a purchase that followed from a search of Ada's."""
    product = ProductFactory()
    search = searched("my own words", user=ada)
    event = Reported(
        type=Event.Type.PURCHASE,
        product_id=product.product_id,
        timestamp=NOON,
        user_id=ada.pk,
        query_id=search,
    )
    return lambda: keep([event], sender="shop")


def own_words():
    return DailyCount.objects.filter(key="my own words", count__gt=0)


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_an_order_that_is_being_written_leaves_none_of_their_words(buy, ada, monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    began, go_on = threading.Event(), threading.Event()
    unconverted = writing._unconverted

    def pause(events):
        found = unconverted(events)
        began.set()
        go_on.wait(60)
        return found

    monkeypatch.setattr(writing, "_unconverted", pause)

    def with_connection(work):
        def run():
            try:
                work()
            finally:
                connection.close()

        return threading.Thread(target=run)

    order, deletion = with_connection(buy), with_connection(ada.delete)
    order.start()
    assert began.wait(60)
    deletion.start()
    deletion.join(1)
    go_on.set()
    order.join(60)
    deletion.join(60)
    assert not User.objects.filter(email=ada.email).exists()
    assert not own_words().exists()


@pytest.mark.django_db(transaction=True)
def test_an_order_of_somebody_who_is_gone_by_then_is_kept_without_a_name(buy, ada, monkeypatch):
    write = recording.write

    def delete_first(rows):
        monkeypatch.setattr(recording, "write", write)
        User.objects.get(pk=ada.pk).delete()
        raise IntegrityError

    monkeypatch.setattr(recording, "write", delete_first)
    assert buy().new == 1
    event = Event.objects.get()
    assert (event.user_id, event.query_key) == (None, "")
    assert not own_words().exists()
