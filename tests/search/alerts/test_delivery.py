"""Mails that are due are sent once, whatever the mail server or a worker does."""

import smtplib
import uuid
from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.core.mail.backends import locmem

from search.alerts import delivery, mails
from search.models import Alert, AlertMail
from tests.factories import ProductFactory, ProductImageFactory
from tests.search.alerts.changes import SOON, TOMORROW, alert_of, deliver, link, sold_out, synced

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(ada):
    """A mail that is due: its product is back."""
    product = sold_out(title="Linen dress")
    alert_of(ada, product=product)
    synced(product, in_stock=True)
    return AlertMail.objects.get()


def failing(monkeypatch, where, error):
    def raising(*_args):
        raise error

    monkeypatch.setattr(locmem.EmailBackend, where, raising)


def test_the_news_is_sent_once_and_the_alert_has_served(due):
    assert deliver().sent == 1
    assert deliver(TOMORROW).sent == 0
    [message] = mailbox.outbox
    assert (message.to, message.subject) == (["ada@example.com"], "Linen dress is back in stock")
    assert not Alert.objects.exists()


def test_a_mail_has_text_html_and_links_that_begin_with_the_site(due, settings):
    settings.SITE_URL = "https://shop.example"
    ProductImageFactory(product=due.alert.product, content_hash="a" * 64)
    deliver()
    [message] = mailbox.outbox
    [(html, kind)] = [(part.content, part.mimetype) for part in message.alternatives]
    assert kind == "text/html"
    for text in (message.body, html):
        assert "https://shop.example/products/demo-77" in text
        assert "https://shop.example/alerts/stop/" in text
    assert 'src="https://shop.example/media/' in html


def test_a_mailbox_can_unsubscribe_with_one_click(due, client):
    deliver()
    headers = mailbox.outbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<http")
    assert headers["Message-ID"].startswith(f"<{due.message_id}@")


def test_a_mail_is_in_the_language_that_was_asked_in(due):
    Alert.objects.update(language="de")
    deliver()
    assert mailbox.outbox[0].alternatives[0].content.count('lang="de"') == 1


def test_what_is_sold_out_again_is_no_news(due):
    synced(due.alert.product, in_stock=False)
    assert (deliver().outdated, mailbox.outbox) == (1, [])
    assert Alert.objects.exists()


def test_a_server_that_is_away_is_tried_again_later(due, monkeypatch):
    failing(monkeypatch, "open", ConnectionRefusedError())
    assert deliver().postponed == 1
    monkeypatch.undo()
    assert deliver().sent == 0
    assert deliver(SOON + timedelta(minutes=6)).sent == 1


def test_a_server_that_is_away_is_asked_once_in_a_run(due, ada, monkeypatch):
    # Each connection to one that hangs takes a time-out.
    alert_of(ada, kind="price_below", product=due.alert.product, price="50")
    synced(due.alert.product, price="20")
    assert AlertMail.objects.count() == 2
    failing(monkeypatch, "open", TimeoutError())
    assert deliver().postponed == 1
    monkeypatch.undo()
    assert deliver().sent == 1
    assert deliver(SOON + timedelta(minutes=6)).sent == 1


def test_a_mail_that_fails_for_days_is_given_up_and_the_alert_stays(due, monkeypatch):
    failing(monkeypatch, "open", ConnectionRefusedError())
    now = SOON
    for _attempt in delivery.PAUSES:
        assert deliver(now).postponed == 1
        now += timedelta(days=1)
    assert deliver(now).given_up == 1
    assert (AlertMail.objects.count(), Alert.objects.count()) == (0, 1)


@pytest.mark.parametrize(("code", "outcome"), [(451, "postponed"), (550, "given_up")])
@pytest.mark.parametrize("stage", ["recipient", "data"])
def test_a_mail_that_the_server_refuses_is_tried_again_or_given_up(due, monkeypatch, code, outcome, stage):
    refused = {"ada@example.com": (code, b"no")}
    error = (
        smtplib.SMTPRecipientsRefused(refused) if stage == "recipient" else smtplib.SMTPDataError(code, b"no")
    )
    failing(monkeypatch, "send_messages", error)
    assert getattr(deliver(), outcome) == 1
    monkeypatch.undo()
    assert deliver(SOON + timedelta(minutes=6)).sent == (outcome == "postponed")


def test_a_connection_that_breaks_while_it_sends_is_not_used_for_a_second_mail(due, monkeypatch):
    failing(monkeypatch, "send_messages", smtplib.SMTPServerDisconnected("gone"))
    assert deliver().unknown == 1
    monkeypatch.undo()
    assert deliver(TOMORROW).sent == 0
    assert mailbox.outbox == []


def test_an_alert_whose_mail_may_be_lost_waits_for_the_next_change(due, monkeypatch):
    failing(monkeypatch, "send_messages", smtplib.SMTPServerDisconnected("gone"))
    deliver()
    monkeypatch.undo()
    deliver(TOMORROW)
    product = synced(due.alert.product, in_stock=False)
    synced(product, in_stock=True, now=TOMORROW)
    assert deliver(TOMORROW + timedelta(days=1)).sent == 1


def test_a_mail_that_another_worker_holds_is_left_to_it(due):
    AlertMail.objects.update(claim=uuid.uuid4(), leased_until=SOON + timedelta(minutes=1))
    assert deliver().sent == 0
    assert deliver(SOON + timedelta(minutes=2)).sent == 1


def test_a_worker_whose_lease_ended_sends_nothing(due, monkeypatch):
    def taken_over(_backend):
        AlertMail.objects.update(claim=uuid.uuid4())

    monkeypatch.setattr(locmem.EmailBackend, "open", taken_over)
    deliver()
    assert mailbox.outbox == []


def test_logs_hold_no_address(due, monkeypatch, caplog):
    refused = smtplib.SMTPRecipientsRefused({"ada@example.com": (550, b"ada@example.com unknown")})
    failing(monkeypatch, "send_messages", refused)
    deliver()
    assert "alert_mail_given_up" in caplog.text
    assert "ada@example.com" not in caplog.text


def test_a_guest_ends_an_alert_from_its_mail_without_signing_in(client):
    product = sold_out()
    alert_of(email="guest@example.com", product=product)
    synced(product, in_stock=True)
    message = mails.about(AlertMail.objects.get(), now=SOON)
    stop = link(message, "/alerts/stop/")
    assert client.get(stop).status_code == 200
    assert Alert.objects.exists()
    assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not Alert.objects.exists()
    assert not AlertMail.objects.exists()


def test_a_title_cannot_forge_a_header(ada):
    product = sold_out(title="Dress\nBcc: all@example.com")
    alert_of(ada, product=product)
    product = ProductFactory._meta.model.objects.get(pk=product.pk)
    AlertMail.objects.create(alert=Alert.objects.get(), products=[product.pk], created_at=SOON, due_at=SOON)
    type(product).objects.update(in_stock=True)
    assert deliver().sent == 1
    assert "\n" not in mailbox.outbox[0].subject
