"""An alert that is stopped, changed or served while news of its product is written."""

import threading
from contextlib import contextmanager

import pytest
from django.core.mail.backends import locmem
from django.db import connection, transaction
from django.db.models.signals import pre_delete

from search.alerts import outbox, subscribing
from search.alerts.tokens import stop_token
from search.models import Alert, AlertMail
from tests.factories import NOW, ProductFactory
from tests.search.alerts.changes import SOON, alert_of, deliver, synced

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(db):
    return ProductFactory(price=60, currency="EUR", external_id="77")


@pytest.fixture
def alert(ada, product):
    return alert_of(ada, kind="price_below", product=product, price=50, currency="EUR")


def test_a_wish_that_is_changed_while_its_mail_is_handed_over_stays(alert, product, monkeypatch):
    send = locmem.EmailBackend.send_messages

    def change_first(backend, messages):
        Alert.objects.update(price=30)
        return send(backend, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", change_first)
    synced(product, price=40)
    assert deliver().sent == 1
    alert.refresh_from_db()
    assert alert.price == 30
    assert alert.last_sent_at is not None
    assert not AlertMail.objects.exists()


@contextmanager
def on_another_connection(work):
    """Begin ``work`` in a thread, wait a second for it to end or to be kept waiting, and go on beside it."""
    failures = []

    def run():
        try:
            work()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    other = threading.Thread(target=run)
    other.start()
    other.join(1)
    yield other
    other.join(60)
    assert failures == []


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("of_account", [False, True])
def test_on_postgresql_one_can_be_stopped_while_a_price_falls(alert, product, ada, of_account):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    beside = []

    def once_rows_are_collected(**_signal):
        beside.append(on_another_connection(lambda: synced(product, price=40)))
        beside[0].__enter__()

    pre_delete.connect(once_rows_are_collected, sender=Alert)
    try:
        if of_account:
            ada.delete()
        else:
            subscribing.stop(stop_token(alert))
    finally:
        pre_delete.disconnect(once_rows_are_collected, sender=Alert)
    beside[0].__exit__(None, None, None)
    assert not Alert.objects.exists()
    assert not AlertMail.objects.exists()


@pytest.mark.services
@pytest.mark.django_db(transaction=True)
def test_on_postgresql_one_is_served_while_the_price_falls_again(alert, product):
    if connection.vendor != "postgresql":
        pytest.skip("needs TEST_DATABASE_URL with PostgreSQL")
    synced(product, price=40)
    with transaction.atomic():
        locked = Alert.objects.select_for_update().get()
        beside = on_another_connection(lambda: deliver(SOON))
        beside.__enter__()
        outbox.queue([locked], now=NOW)
    beside.__exit__(None, None, None)
    assert not Alert.objects.exists()
    assert not AlertMail.objects.exists()
