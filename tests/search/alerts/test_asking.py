"""Asking for alerts on pages and over the API: at once for people, after a mail for guests."""

from datetime import timedelta

import pytest
from django.core import mail as mailbox
from django.test import Client
from django.utils import timezone

from search.alerts import subscribing, tokens
from search.api.alerts import AlertSerializer
from search.models import Alert, AlertMail
from tests.accounts.helpers import bearer
from tests.factories import ProductFactory
from tests.search.alerts.changes import GUEST, alert_of, api, ask, link, sold_out

pytestmark = pytest.mark.django_db


@pytest.fixture
def product(db):
    return sold_out(title="Linen dress")


# --- People ------------------------------------------------------------------------------------
def test_a_person_asks_with_one_tap(client, ada, product):
    client.force_login(ada)
    page = client.post("/alerts", {"kind": "back_in_stock", "product_id": product.product_id}, follow=True)
    assert "Linen dress is back in stock" in page.content.decode()
    alert = Alert.objects.get()
    assert (alert.user, alert.email, alert.confirmed_at is not None, mailbox.outbox) == (ada, "", True, [])


def test_asking_again_changes_the_price_and_makes_no_second_alert(client, ada):
    client.force_login(ada)
    product = ProductFactory(price="39.00")
    for price in ("30", "25,50"):
        client.post("/alerts", {"kind": "price_below", "product_id": product.product_id, "price": price})
    assert str(Alert.objects.get().price) == "25.50"


def test_a_person_deletes_only_their_own_alerts(client, ada, product):
    alert = alert_of(email=GUEST, product=product)
    own = alert_of(ada, product=product)
    client.force_login(ada)
    for each in (alert, own):
        assert client.post(f"/alerts/{each.pk}/delete").status_code == 303
    assert list(Alert.objects.all()) == [alert]


def test_a_guest_is_sent_to_sign_in_for_the_list(client, db):
    assert client.get("/alerts")["Location"].startswith("/auth/login")


def test_there_are_as_many_alerts_as_there_may_be(client, ada, product, monkeypatch):
    monkeypatch.setattr(subscribing, "MAX_ALERTS", 1)
    alert_of(ada, product=ProductFactory(in_stock=False))
    form = {"kind": "back_in_stock", "product_id": product.product_id}
    refused = api(client, "alerts", form, **bearer(ada))
    assert (refused.status_code, refused.json()["code"]) == (400, "alerts_full")


# --- Guests ------------------------------------------------------------------------------------
def test_a_guest_confirms_by_the_button_behind_the_link_of_the_mail(client, product):
    ask(client, product)
    [message] = mailbox.outbox
    assert message.to == [GUEST]
    confirm = link(message, "/alerts/confirm/")
    assert "Linen dress is back in stock" in client.get(confirm).content.decode()
    assert Alert.objects.get().confirmed_at is None
    assert client.post(confirm).status_code == 200
    assert Alert.objects.active(timezone.now()).get().email == GUEST


def test_what_has_come_true_before_it_was_confirmed_makes_its_mail_due(client, product):
    ask(client, product)
    type(product).objects.update(in_stock=True)
    client.post(link(mailbox.outbox[0], "/alerts/confirm/"))
    assert AlertMail.objects.count() == 1


def test_every_address_gets_the_same_answer(client, ada, product):
    alert_of(email="known@example.com", product=product)
    answers = [ask(client, product, email=email) for email in (GUEST, "known@example.com", ada.email)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, "/alerts/asked")}


def test_a_confirmed_alert_is_not_asked_about_again(client, product):
    alert_of(email=GUEST, product=product)
    ask(client, product)
    assert mailbox.outbox == []


def test_an_address_gets_few_mails_to_confirm(client):
    for number in range(subscribing.CONFIRMATIONS + 3):
        ask(client, ProductFactory(in_stock=False, title=f"Dress {number}"))
    assert len(mailbox.outbox) == subscribing.CONFIRMATIONS


def test_asking_has_a_budget(client, product, settings):
    settings.RATE_LIMIT_ALERTS = "2/h"
    assert [ask(client, product).status_code for _ in range(3)] == [303, 303, 429]


def test_the_mail_to_confirm_is_in_the_language_of_the_page(client, product):
    client.post(
        "/alerts",
        {"kind": "back_in_stock", "product_id": product.product_id, "email": GUEST},
        headers={"Accept-Language": "de"},
    )
    assert 'lang="de"' in mailbox.outbox[0].alternatives[0].content
    assert Alert.objects.get().language == "de"


@pytest.mark.parametrize("token", ["x", "W10:1abc:def", "a" * 400])
@pytest.mark.parametrize("page", ["confirm", "stop"])
def test_a_forged_link_is_refused(client, db, page, token):
    assert client.get(f"/alerts/{page}/{token}").status_code == 404
    assert client.post(f"/alerts/{page}/{token}").status_code == 404


def test_a_link_to_confirm_works_for_a_day(client, product):
    ask(client, product)
    confirm = link(mailbox.outbox[0], "/alerts/confirm/")
    Alert.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert client.post(confirm).status_code == 404


def test_an_alert_that_is_stopped_while_it_is_confirmed_is_gone(client, product, monkeypatch):
    ask(client, product)

    def stopped_meanwhile(now):
        Alert.objects.all().delete()
        return now + timedelta(days=1)

    monkeypatch.setattr(subscribing, "_expiry", stopped_meanwhile)
    assert client.post(link(mailbox.outbox[0], "/alerts/confirm/")).status_code == 404


def test_a_link_to_stop_confirms_nothing(client, product):
    alert = alert_of(email=GUEST, product=product, confirmed_at=None)
    token = tokens.stop_token(alert)
    assert client.post(f"/alerts/confirm/{token}").status_code == 404


def test_ending_twice_is_no_failure_and_tells_nothing(client, product):
    alert = alert_of(email=GUEST, product=product)
    stop = f"/alerts/stop/{tokens.stop_token(alert)}"
    pages = [client.post(stop).content.decode() for _ in range(2)]
    assert all("You get no more mails about this" in page for page in pages)


def test_a_mailbox_ends_an_alert_without_a_csrf_token(product):
    alert = alert_of(email=GUEST, product=product)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/alerts/stop/{tokens.stop_token(alert)}", {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, Alert.objects.count()) == (200, 0)


# --- API ---------------------------------------------------------------------------------------
def test_a_client_lists_and_deletes_alerts(client, ada, product):
    me = bearer(ada)
    made = api(client, "alerts", {"kind": "back_in_stock", "product_id": product.product_id}, **me)
    assert (made.status_code, made.json()["product_id"]) == (201, product.product_id)
    assert [each["id"] for each in client.get("/api/v1/alerts", **me).json()] == [made.json()["id"]]
    assert client.delete(f"/api/v1/alerts/{made.json()['id']}", **me).status_code == 204
    assert client.get("/api/v1/alerts", **me).json() == []


def test_a_client_confirms_and_ends_a_guests_alert_with_the_tokens_of_its_mail(client, product):
    asked = api(client, "alerts", {"kind": "back_in_stock", "product_id": product.product_id, "email": GUEST})
    assert (asked.status_code, asked.content) == (202, b"")
    message = mailbox.outbox[0]
    for action, left in (("confirm", 1), ("stop", 0)):
        source = message.extra_headers["List-Unsubscribe"] if action == "stop" else message.body
        token = source.split(f"/alerts/{action}/")[1].split()[0].rstrip(">")
        assert api(client, f"alerts/{action}", {"token": token}).status_code == 204
        assert Alert.objects.active(timezone.now()).count() == left
    assert api(client, "alerts/confirm", {"token": "x"}).json()["code"] == "alert_unknown"


def test_a_saved_search_is_kept_as_a_search_takes_it(client, ada):
    body = {"kind": "new_finds", "text": "red dress", "price_max": "50.00", "gender": ["Women"]}
    made = api(client, "alerts", body, **bearer(ada)).json()
    assert made["query"] == {"text": "red dress", "price_max": "50.00", "gender": ["Women"]}
    assert made["description"] == "New finds for: red dress · Women · up to 50.00"


def test_an_unknown_field_is_refused(client, db):
    refused = api(client, "alerts", {"kind": "new_finds", "text": "x", "email": GUEST, "phone": "1"})
    assert refused.json()["errors"]["phone"][0]["code"] == "unknown_field"


# --- Forms -------------------------------------------------------------------------------------
def test_a_sold_out_product_offers_to_tell_when_it_is_back(client, product):
    page = client.get(product.get_absolute_url()).content.decode()
    assert 'value="back_in_stock"' in page
    assert 'name="email"' in page


def test_a_product_offers_to_tell_when_it_costs_less(client, ada):
    client.force_login(ada)
    page = client.get(ProductFactory().get_absolute_url()).content.decode()
    assert 'value="price_below"' in page
    assert 'name="email"' not in page


def test_a_price_below_one_with_thousandths_keeps_them(client, ada):
    client.force_login(ada)
    product = ProductFactory(price="12.345", currency="KWD")
    page = client.get(product.get_absolute_url(), headers={"Accept-Language": "en"}).content.decode()
    assert 'value="12.345"' in page
    client.post("/alerts", {"kind": "price_below", "product_id": product.product_id, "price": "12.344"})
    assert str(Alert.objects.get().price) == "12.344"
    assert AlertSerializer(Alert.objects.get()).data["price"] == "12.344"
