"""Alerts are exported, deleted with the account, and expire; unconfirmed addresses go after a day."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.utils import timezone

from accounts.export import export
from search.alerts import running
from search.models import Alert, AlertMail
from search.operations import expiry
from tests.factories import NOW, ProductFactory
from tests.search.alerts.changes import SOON, alert_of, sold_out, synced

pytestmark = pytest.mark.django_db


def test_an_account_exports_its_alerts_and_no_others(ada):
    product = sold_out()
    alert_of(ada, product=product)
    alert_of(email=ada.email, product=product)
    [exported] = export(ada, now=NOW)["alerts"]
    assert (exported["kind"], exported["product__product_id"]) == ("back_in_stock", product.product_id)


def test_alerts_and_mails_that_are_due_go_with_the_account(ada):
    product = sold_out()
    alert_of(ada, product=product)
    synced(product, in_stock=True)
    ada.delete()
    assert (Alert.objects.count(), AlertMail.objects.count()) == (0, 0)


def test_an_address_that_nobody_confirms_is_deleted_after_a_day(client):
    product = sold_out()
    form = {"kind": "back_in_stock", "product_id": product.product_id, "email": "guest@example.com"}
    client.post("/alerts", form)
    now = timezone.now()
    assert running.prune(now + timedelta(hours=23)) == 0
    assert running.prune(now + timedelta(hours=25)) == 1


@pytest.mark.parametrize("field", ["text", "brand", "category", "exclude"])
def test_a_mail_that_nobody_confirmed_repeats_no_words_of_whoever_asked(client, field):
    words = "You won: https://evil.example"
    client.post("/alerts", {"kind": "new_finds", field: words, "text": words, "email": "victim@example.com"})
    [message] = mailbox.outbox
    bodies = [message.subject, message.body, *(content for content, _type in message.alternatives)]
    assert not [body for body in bodies if "evil" in body or "won" in body]


def test_an_alert_expires(client, ada, settings):
    settings.ALERT_DAYS = 30
    client.force_login(ada)
    client.post("/alerts", {"kind": "back_in_stock", "product_id": sold_out().product_id})
    now = timezone.now()
    assert running.prune(now + timedelta(days=29)) == 0
    assert running.prune(now + timedelta(days=31)) == 1


def test_without_a_task_queue_the_thread_that_prunes_sends_alerts(ada, monkeypatch, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    product = sold_out()
    alert_of(ada, product=product, expires_at=timezone.now() + timedelta(days=1))
    synced(product, in_stock=True)
    monkeypatch.setattr(expiry.connections, "close_all", lambda: None)
    expiry.prune_hourly(stopped_after=lambda _seconds: True)
    assert [message.to for message in mailbox.outbox] == [[ada.email]]


def test_the_admin_shows_no_address(client, admin_client):
    alert = alert_of(email="guest@example.com", product=ProductFactory())
    AlertMail.objects.create(alert=alert, created_at=SOON, due_at=SOON)
    for page in ("alert/", f"alert/{alert.pk}/change/", "alertmail/"):
        shown = admin_client.get(f"/admin/search/{page}", follow=True)
        assert shown.status_code == 200
        assert "guest@example.com" not in shown.content.decode()
