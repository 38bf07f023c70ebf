"""Sessions: what begins and ends them, and that nothing is kept of whoever objects."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import export
from analytics import privacy, recording
from analytics.models import DailyCount, Event, ProductClick, SearchLog
from analytics.sessions import forgetting, history, keys
from tests.factories import ProductFactory

VIEW = {"type": "view", "product_id": "demo-1", "session": "s" * 16}


def nothing_is_kept():
    recording.flush()
    counted = DailyCount.objects.filter(measure__in=["viewed-product", "viewed-source", "bought-source"])
    return not (Event.objects.exists() or counted.exists())


def test_a_view_begins_a_session_that_scripts_cannot_read(browser, settings):
    cookie = browser.views().cookies[keys.cookie_name()]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert int(cookie["max-age"]) == settings.SESSION_MINUTES * 60
    assert cookie.value not in Event.objects.get().session


def test_pages_alone_set_no_cookie_for_sessions(client, db):
    assert keys.cookie_name() not in client.get(reverse("login")).cookies


def test_an_invented_cookie_is_replaced(browser):
    browser.cookies[keys.cookie_name()] = "guessed"
    assert browser.views().cookies[keys.cookie_name()].value != "guessed"


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
@pytest.mark.parametrize("event", ["view", "click", "basket", "purchase"])
def test_nothing_is_kept_by_the_api_of_a_browser_that_objects(report, header, event):
    answer = report({**VIEW, "type": event}, **{header: "1"})
    assert answer.json()["kept"] == 0
    assert nothing_is_kept()


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_nothing_is_kept_by_pages_of_a_browser_that_objects(browser, searched, header):
    browser.sends = {header: "1"}
    answers = browser.views(), browser.clicks(searched())
    assert nothing_is_kept()
    assert not any(keys.cookie_name() in answer.cookies for answer in answers)


def test_nothing_is_kept_where_the_shop_keeps_no_sessions(browser, searched, settings):
    settings.SESSION_MINUTES = 0
    browser.views()
    browser.clicks(searched())
    assert nothing_is_kept()


@pytest.mark.parametrize(
    ("asked", "given", "kept"),
    [
        ("consent=yes", None, False),
        ("consent=yes", "no", False),
        ("consent=yes", "yes", True),
        ("consent", "anything", True),
        ("consent", "", False),
    ],
)
def test_without_the_shops_consent_signal_nothing_is_kept(browser, settings, asked, given, kept):
    settings.SESSION_CONSENT_COOKIE = asked
    if given is not None:
        browser.cookies["consent"] = given
    browser.views()
    assert nothing_is_kept() is not kept


def test_one_tap_forgets_and_switches_off(browser):
    browser.views()
    answer = browser.post(reverse("session"), {"state": "off"})
    assert answer.status_code == 302
    browser.views()
    assert not Event.objects.exists()


def test_switched_on_again_a_session_begins_anew(browser):
    browser.post(reverse("session"), {"state": "off"})
    browser.post(reverse("session"), {"state": "on"})
    browser.views()
    assert Event.objects.count() == 1


def test_an_api_client_has_its_session_forgotten(report, searched):
    report(VIEW)
    mine = searched("red dress", session=keys.key_of("client", VIEW["session"]))
    answer = APIClient().post("/api/v1/session/forget", {"session": VIEW["session"]}, format="json")
    assert answer.status_code == 204
    assert not Event.objects.exists()
    assert SearchLog.objects.get(pk=mine).session == ""


def test_a_click_belongs_to_the_session_that_its_client_names(report, searched):
    search, session = searched("red dress"), {"session": VIEW["session"]}
    click = {"query_id": str(search), "product_id": "demo-1", "position": 2, **session}
    answer = APIClient().post("/api/v1/events/click", click, format="json")
    recording.flush()
    assert not answer.cookies
    report({"type": "purchase", "product_id": "demo-1", **session})
    bought = Event.objects.get(type="purchase")
    assert (bought.search_id, bought.position, bought.source) == (search, 2, "search")


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_a_click_of_a_named_session_that_objects_is_no_event(searched, product, header):
    click = {"query_id": str(searched()), "product_id": "demo-1", "position": 2, "session": VIEW["session"]}
    APIClient().post("/api/v1/events/click", click, format="json", headers={header: "1"})
    recording.flush()
    assert ProductClick.objects.count() == 1
    assert not Event.objects.exists()


def test_a_short_name_is_a_session_too_and_can_be_forgotten(report):
    report({**VIEW, "session": "visitor-7"})
    assert Event.objects.exists()
    answer = APIClient().post("/api/v1/session/forget", {"session": "visitor-7"}, format="json")
    assert answer.status_code == 204
    assert not Event.objects.exists()


def test_a_forgotten_session_takes_nothing_of_others(report):
    report(VIEW)
    report({**VIEW, "session": "another-visitors"})
    forgetting.forget(keys.key_of("client", VIEW["session"]))
    assert Event.objects.count() == 1


def test_a_client_cannot_name_a_browsers_session(browser):
    browser.views()
    cookie = browser.cookies[keys.cookie_name()].value
    assert keys.key_of("client", cookie) != Event.objects.get().session


def sign_in(browser):
    return browser.post(reverse("login"), {"email": "ada@example.org", "password": "correct horse battery"})


def test_signing_in_takes_the_session_along(browser, ada):
    browser.views()
    searched = SearchLog.objects.count()
    assert sign_in(browser).status_code == 302
    assert [act.product_id for act in history.of_user(ada, now=timezone.now())] == ["demo-1"]
    assert SearchLog.objects.count() == searched


def test_what_was_seen_signed_in_is_not_the_sessions_after_signing_out(browser, ada):
    sign_in(browser)
    browser.views()
    session = Event.objects.get().session
    assert Event.objects.get().user == ada
    assert history.of_session(session, now=timezone.now()) == []


def test_whoever_wants_no_personal_results_takes_nothing_along(browser, ada):
    ada.personal_results = False
    ada.save()
    browser.views()
    sign_in(browser)
    assert not Event.objects.exists()


def test_nothing_is_kept_of_a_person_who_wants_no_personal_results(browser, ada):
    ada.personal_results = False
    ada.save()
    sign_in(browser)
    browser.views()
    assert nothing_is_kept()


def test_a_sessions_acts_are_read_until_its_time_is_over(report, settings):
    report(VIEW)
    session, now = Event.objects.get().session, timezone.now()
    lifetime = timedelta(minutes=settings.SESSION_MINUTES)
    assert [act.product_id for act in history.of_session(session, now=now)] == ["demo-1"]
    assert history.of_session(session, now=now + lifetime) == []


def test_a_session_that_is_over_cannot_be_told_from_its_name(report, searched, settings):
    ProductFactory(product_id="demo-2")
    report([VIEW, {**VIEW, "product_id": "demo-2"}])
    session = Event.objects.first().session
    mine = searched("red dress", session=session)
    later = timezone.now() + timedelta(minutes=settings.SESSION_MINUTES + 1)

    assert forgetting.expire(later) == 1

    names = set(Event.objects.values_list("session", flat=True))
    assert len(names) == 1
    assert session not in names
    assert SearchLog.objects.get(pk=mine).session == ""
    assert forgetting.expire(later) == 0


def test_a_session_that_goes_on_is_not_cut(report, settings):
    report(VIEW)
    session = Event.objects.get().session
    forgetting.expire(timezone.now() + timedelta(minutes=settings.SESSION_MINUTES - 1))
    assert Event.objects.get().session == session


def test_events_are_deleted_with_the_searches(report):
    report(VIEW)
    privacy.prune(days=90, now=timezone.now() + timedelta(days=91))
    assert not Event.objects.exists()


def test_events_are_exported(browser, ada):
    sign_in(browser)
    browser.views()
    found = export.export(ada, now=timezone.now())["events"]
    assert [(row["type"], row["product_id"]) for row in found] == [("view", "demo-1")]


def test_events_are_deleted_with_the_account_and_subtracted(browser, ada, report, searched):
    query_id = searched("my own words", user=ada)
    sign_in(browser)
    browser.clicks(query_id)
    bought = {"type": "purchase", "product_id": "demo-1", "value": "10.00", "query_id": str(query_id)}
    report({**bought, "event_id": "anonymous", "query_id": str(searched("other words"))})
    report([{**bought, "event_id": str(number)} for number in range(2)])
    Event.objects.filter(query_key="my own words").update(user=ada)

    ada.delete()

    assert set(Event.objects.values_list("query_key", flat=True)) == {"other words"}
    left = DailyCount.objects.filter(measure__in=DailyCount.PERSONAL, count__gt=0)
    assert set(left.values_list("measure", "key")) == {
        ("query", "other words"),
        ("bought-query", "other words"),
        ("revenue-query", "EUR:other words"),
        ("converted-query", "other words"),
    }
    assert not ProductClick.objects.filter(user__isnull=False).exists()
