"""Mails with a link for a new password: who gets one, what it says, and how it is sent."""

import threading
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.cache import caches

from accounts import mail_worker
from accounts.models import User
from accounts.sign_in import recovery
from tests.accounts.helpers import ask_for_link

pytestmark = pytest.mark.django_db


def test_deactivated_people_and_those_without_a_password_get_no_mail(shopper, staff):
    User.objects.filter(pk=shopper.pk).update(is_active=False)
    staff.set_unusable_password()
    staff.save()
    ask_for_link(shopper.email)
    ask_for_link(staff.email)
    assert mail.outbox == []


def test_nobody_fills_anothers_mailbox(shopper):
    for _turn in range(3):
        ask_for_link(shopper.email)
    assert len(mail.outbox) == 1
    caches["ratelimit"].clear()
    ask_for_link(shopper.email)
    assert len(mail.outbox) == 2


def test_the_mail_says_nothing_that_a_stranger_chose(shopper):
    User.objects.update(name="You won! Go to evil.example")
    ask_for_link(shopper.email)
    message = mail.outbox[0]
    assert "evil" not in message.body + message.subject


def test_the_mail_is_in_the_language_of_the_page(client, shopper, settings, monkeypatch):
    languages = []
    monkeypatch.setattr(recovery, "send_link", lambda email, *, site, language: languages.append(language))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    ask_for_link(shopper.email, client)
    assert languages == ["de"]


def test_a_foreign_host_never_gets_into_the_link(client, shopper):
    answer = client.post("/auth/forgot", {"email": shopper.email}, HTTP_HOST="evil.example")
    assert answer.status_code == 400
    forwarded = client.post("/auth/forgot", {"email": shopper.email}, HTTP_X_FORWARDED_HOST="evil.example")
    assert forwarded.status_code == 302
    assert "evil" not in mail.outbox[0].body


def test_the_link_begins_as_the_operator_says(client, shopper, settings):
    settings.SITE_URL = "https://shop.example"
    client.post("/auth/forgot", {"email": shopper.email}, HTTP_HOST="localhost:1337")
    assert "https://shop.example/auth/reset/" in mail.outbox[0].body
    assert ":1337" not in mail.outbox[0].body


def test_without_an_address_of_the_site_the_link_leads_to_this_machine(client, shopper, settings):
    settings.ALLOWED_HOSTS = ["localhost", "shop.example"]
    for host in ("localhost:1337", "shop.example:1337"):
        client.post("/auth/forgot", {"email": shopper.email}, HTTP_HOST=host)
    assert f"{settings.LOCAL_SITE_URL}/auth/reset/" in mail.outbox[0].body
    assert "1337" not in mail.outbox[0].body


# The mail worker


def test_a_mail_server_that_is_away_fails_no_request(shopper, monkeypatch, caplog):
    def away(*_args, **_options):
        raise SMTPServerDisconnected

    monkeypatch.setattr(recovery, "send_mail", away)
    assert ask_for_link(shopper.email).status_code == 302
    assert "mail_failed" in caplog.text


class Clock:
    """Stands in for the worker's ``time``: sleeping takes no time and is noted."""

    def __init__(self):
        self.slept = []

    def monotonic(self):
        return 100.0

    def sleep(self, seconds):
        self.slept.append(seconds)


def test_mails_are_sent_by_another_thread_after_the_delay(settings, monkeypatch):
    settings.MAIL_IN_BACKGROUND = True
    clock = Clock()
    monkeypatch.setattr(mail_worker, "time", clock)
    done, threads, slept_before = threading.Event(), [], []

    def job():
        threads.append(threading.current_thread().name)
        slept_before.extend(clock.slept)
        done.set()

    mail_worker.enqueue(job)
    assert done.wait(60)
    assert slept_before == [mail_worker.DELAY]
    assert threads[0].startswith("mail")


def test_a_full_queue_drops_mails_and_logs_it(settings, monkeypatch, caplog):
    settings.MAIL_IN_BACKGROUND = True
    monkeypatch.setattr(mail_worker, "_free_slots", threading.BoundedSemaphore(1))
    monkeypatch.setattr(mail_worker._executor, "submit", lambda *_work: None)
    mail_worker.enqueue(lambda: None)
    mail_worker.enqueue(lambda: None)
    assert caplog.text.count("mail_dropped") == 1
