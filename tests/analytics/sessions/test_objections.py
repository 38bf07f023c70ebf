"""Whoever objects, by the browser, a switch or by taking consent back, is forgotten and kept no further."""

from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from analytics import recording
from analytics.models import Event, ProductClick
from analytics.sessions import forgetting, history, keys
from tests.analytics.events.test_orders import SECRET, SHOPIFY, send
from tests.analytics.events.test_pixel import LINE, signed
from tests.analytics.events.test_pixel import SECRET as PIXEL_SECRET
from tests.factories import ProductFactory

OBJECTIONS = [{"DNT": "1"}, {"Sec-GPC": "1"}]


def sign_in(browser, headers=None):
    form = {"email": "ada@example.org", "password": "correct horse battery"}
    return browser.post(reverse("login"), form, headers=headers or {})


def session_of(browser):
    return keys.key_of("cookie", browser.cookies[keys.cookie_name()].value)


def taste_of(session):
    return history.of_session(session, now=timezone.now())


@pytest.mark.parametrize("headers", OBJECTIONS)
@pytest.mark.parametrize("act", ["view", "click"])
def test_a_browser_that_begins_to_object_has_its_session_forgotten(browser, searched, headers, act):
    browser.views()
    session, browser.sends = session_of(browser), headers
    answer = browser.views() if act == "view" else browser.clicks(searched())
    assert taste_of(session) == []
    assert not Event.objects.exists()
    assert answer.cookies[keys.cookie_name()].value == ""


def test_consent_that_is_taken_back_ends_the_session(browser, settings):
    settings.SESSION_CONSENT_COOKIE = "consent=yes"
    browser.cookies["consent"] = "yes"
    browser.views()
    session = session_of(browser)
    browser.cookies["consent"] = "no"
    browser.views()
    assert taste_of(session) == []
    assert not Event.objects.exists()


@pytest.mark.parametrize("headers", OBJECTIONS)
def test_one_tap_forgets_also_once_the_browser_objects(browser, headers):
    browser.views()
    browser.post(reverse("session"), {"state": "off"}, headers=headers)
    assert not Event.objects.exists()


@pytest.mark.parametrize("headers", OBJECTIONS)
def test_signing_in_takes_nothing_of_a_browser_that_objects_along(browser, ada, headers):
    browser.views()
    sign_in(browser, headers)
    assert not Event.objects.exists()
    assert history.likes_of_user(ada, now=timezone.now()) == []


def test_what_another_process_still_writes_is_forgotten_too(browser, settings, monkeypatch):
    browser.views()
    session = session_of(browser)
    settings.LOG_IN_BACKGROUND = True

    def another_process_writes(_seconds):
        Event.objects.create(type="view", product_id="demo-1", session=session, timestamp=timezone.now())

    monkeypatch.setattr(recording, "time", SimpleNamespace(sleep=another_process_writes))
    assert forgetting.forget(session) == 2
    assert taste_of(session) == []


def test_a_click_of_a_person_with_personal_results_off_is_nobodys(browser, ada, searched):
    ada.personal_results = False
    ada.save()
    sign_in(browser)
    browser.clicks(searched())
    assert ProductClick.objects.get().user is None


def test_a_pixel_keeps_nothing_of_a_browser_whose_shopper_switched_off(browser, product, settings):
    settings.EVENTS_SECRET = PIXEL_SECRET
    browser.post(reverse("session"), {"state": "off"})
    assert browser.get("/api/v1/events/pixel.gif", signed(LINE)).status_code == 200
    assert not Event.objects.exists()


@pytest.mark.parametrize("headers", OBJECTIONS)
def test_an_order_that_comes_with_an_objection_is_acknowledged_and_not_kept(client, settings, db, headers):
    settings.SHOPIFY_SHOP, settings.SHOPIFY_WEBHOOK_SECRET = "fern.myshopify.com", SECRET
    ProductFactory(source="shopify", external_id="632910392", product_id="shopify-1")
    assert send(client, "shopify", SHOPIFY, **headers).status_code == 204
    assert not Event.objects.exists()
    assert send(client, "shopify", SHOPIFY).status_code == 204
    assert Event.objects.count() == 1


@pytest.mark.parametrize("headers", OBJECTIONS)
def test_a_list_of_events_with_an_objection_is_not_kept(report, headers):
    view = {"type": "view", "product_id": "demo-1", "session": "s" * 16}
    assert report([view, {**view, "type": "purchase", "value": "9.90"}], **headers).json()["kept"] == 0
    assert not Event.objects.exists()
