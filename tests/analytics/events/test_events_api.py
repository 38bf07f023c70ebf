"""Events from servers with a key, and from our own pages."""

import uuid
from copy import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import api_keys
from analytics import recording
from analytics.events import tokens
from analytics.models import DailyCount, Event, ProductClick, SearchLog
from tests.factories import ProductFactory
from tests.problems import fields_of

VIEW = {"type": "view", "product_id": "demo-1"}
BOUGHT = {"type": "purchase", "product_id": "demo-1", "value": "79.90", "event_id": "order-7-1"}


def counted(measure):
    return dict(DailyCount.objects.filter(measure=measure).values_list("key", "count"))


def test_an_event_is_written_when_the_answer_comes(report):
    answer = report(VIEW)
    assert (answer.status_code, answer.json()) == (200, {"kept": 1, "known": 0, "unknown_products": []})
    assert Event.objects.get().type == "view"


def test_several_events_come_in_one_list(report):
    ProductFactory(product_id="demo-2")
    assert report([VIEW, {"type": "basket", "product_id": "demo-2"}]).json()["kept"] == 2


def test_an_event_that_is_sent_again_counts_once(report):
    report(BOUGHT)
    assert report([BOUGHT, BOUGHT]).json() == {"kept": 0, "known": 2, "unknown_products": []}
    assert counted("revenue-source") == {"EUR:other": 7990}


def test_an_event_that_is_written_twice_at_once_counts_once(report, monkeypatch):
    write, copies = recording.write_events, []

    def beaten(events):
        """Another process writes the same event after this one has looked for it."""
        if not copies:
            copies.extend(copy(event) for event in events)
            raise IntegrityError
        write(copies)
        return write(events)

    monkeypatch.setattr(recording, "write_events", beaten)
    assert report(BOUGHT).json() == {"kept": 0, "known": 1, "unknown_products": []}
    assert Event.objects.count() == 1


def test_two_senders_may_use_the_same_event_id(report, key, product):
    _key, other = api_keys.create(name="Other", may_send_events=True)
    report(BOUGHT)
    report(BOUGHT, **{"X-API-Key": other})
    assert Event.objects.count() == 2


def test_money_is_in_the_products_currency_unless_another_is_named(report):
    report(BOUGHT)
    report({**BOUGHT, "event_id": "order-8-1", "currency": "CHF"})
    found = Event.objects.order_by("pk").values_list("value", "currency")
    assert list(found) == [(Decimal("79.90"), "EUR"), (Decimal("79.90"), "CHF")]


def test_events_of_unknown_products_are_named_and_left_out(report):
    answer = report([VIEW, {**VIEW, "product_id": "demo-gone"}])
    assert answer.json() == {"kept": 1, "known": 0, "unknown_products": ["demo-gone"]}


def test_one_event_of_an_unknown_product_is_not_found(report):
    assert report({**VIEW, "product_id": "demo-\0gone"}).status_code in (400, 404)
    assert report({**VIEW, "product_id": "demo-gone"}).json()["code"] == "product_unknown"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "1.00"}, "value"),
        ({"position": 0}, "position"),
        ({"quantity": 0}, "quantity"),
        ({"currency": "euro"}, "currency"),
        ({"session": "x" * 101}, "session"),
        ({"timestamp": "1999-01-01T00:00:00Z"}, "timestamp"),
        ({"source": "radio"}, "source"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_field_at_fault_is_named(report, change, field):
    answer = report({**VIEW, **change})
    assert (answer.status_code, fields_of(answer)) == (400, [field])
    assert not Event.objects.exists()


def test_an_unknown_type_is_named_among_the_errors(report):
    assert list(report({**VIEW, "type": "wish"}).json()["errors"]) == ["type"]


def test_thousandths_of_a_purchase_are_rounded(report):
    report({**BOUGHT, "value": "12.345", "currency": "KWD"})
    assert Event.objects.get().value == Decimal("12.35")


def test_a_purchase_has_no_negative_value(report):
    assert fields_of(report({**BOUGHT, "value": "-1"})) == ["value"]


def test_a_list_with_one_fault_is_refused_whole(report):
    assert fields_of(report([VIEW, {**VIEW, "type": "wish"}])) == ["1.type"]
    assert not Event.objects.exists()


def test_more_events_than_one_request_takes_are_refused(report):
    assert report([VIEW] * 501).status_code == 400


def test_an_event_may_be_of_an_earlier_day(report):
    yesterday = timezone.now() - timedelta(days=1)
    report({**VIEW, "timestamp": yesterday.isoformat()})
    assert DailyCount.objects.filter(measure="viewed-product", day=yesterday.date()).exists()


def test_without_a_key_nothing_is_taken(product):
    answer = APIClient().post("/api/v1/events", VIEW, format="json")
    assert answer.status_code == 401
    assert "X-API-Key" in answer.json()["detail"]


def test_a_key_needs_the_scope(product):
    _key, text = api_keys.create(name="Search only")
    answer = APIClient().post("/api/v1/events", VIEW, format="json", headers={"X-API-Key": text})
    assert answer.json()["code"] == "scope_missing"


def test_a_click_on_a_result_is_in_the_search_log_too(report, searched):
    query_id = searched()
    report({"type": "click", "product_id": "demo-1", "query_id": str(query_id), "position": 3})
    assert ProductClick.objects.get().search_id == query_id
    assert counted("click") == {"3": 1}


def test_a_purchase_belongs_to_the_search_whose_result_was_clicked(report, searched):
    query_id = searched("red dress")
    session = {"session": "s" * 16}
    report(
        [
            {**BOUGHT, **session},
            {"type": "click", **session, "product_id": "demo-1", "query_id": str(query_id), "position": 3},
        ]
    )
    bought = Event.objects.get(type="purchase")
    assert (bought.search_id, bought.query_key, bought.position) == (query_id, "red dress", 3)
    assert bought.source == "search"


def test_a_purchase_in_another_session_belongs_to_no_search(report, searched):
    report({**VIEW, "type": "click", "query_id": str(searched()), "position": 3, "session": "a" * 16})
    report({**BOUGHT, "session": "b" * 16})
    assert Event.objects.get(type="purchase").search_id is None


def test_a_search_converts_once(report, searched):
    query_id = str(searched("red dress"))
    for number in range(3):
        report({**BOUGHT, "event_id": f"line-{number}", "query_id": query_id, "position": 1})
    assert counted("converted-query") == {"red dress": 1}
    assert counted("bought-query") == {"red dress": 3}
    assert counted("revenue-query") == {"EUR:red dress": 3 * 7990}


def test_only_purchases_wait_for_each_other_at_their_search(report, searched, monkeypatch):
    query_id, locked = str(searched()), []
    monkeypatch.setattr(QuerySet, "select_for_update", lambda rows: locked.append(rows.model) or rows)
    report({**VIEW, "query_id": query_id})
    assert not locked
    report({**BOUGHT, "query_id": query_id})
    assert locked == [SearchLog]


def test_an_event_of_a_search_that_is_not_logged_is_kept_without_it(report):
    report({**VIEW, "query_id": str(uuid.uuid4()), "position": 1})
    assert Event.objects.get().search_id is None


def test_a_session_is_stored_as_a_keyed_hash(report):
    report({**VIEW, "session": "the-visitors-own-name"})
    stored = Event.objects.get().session
    assert len(stored) == 32
    assert "visitor" not in stored


def test_a_page_reports_its_own_view_without_a_key(browser):
    assert browser.views().json()["kept"] == 1
    assert Event.objects.get().product_id == "demo-1"


def test_a_pages_view_is_no_write_in_the_request(browser, django_assert_num_queries):
    browser.post("/api/v1/events", {"token": tokens.page_token("view", "demo-1")}, format="json")
    with django_assert_num_queries(0):
        browser.post("/api/v1/events", {"token": tokens.page_token("view", "demo-1")}, format="json")


def test_two_shoppers_who_open_a_product_in_the_same_second_are_two_views(browser):
    seen = {tokens.page_token("view", "demo-1") for _shopper in range(2)}
    for token in seen:
        browser.post("/api/v1/events", {"token": token}, format="json")
    recording.flush()
    assert Event.objects.count() == 2


def test_a_token_that_is_used_again_counts_once(browser):
    token = tokens.page_token("view", "demo-1")
    for _time in range(2):
        browser.post("/api/v1/events", {"token": token}, format="json")
        recording.flush()
    assert Event.objects.count() == 1


@pytest.mark.parametrize("token", ["", "view:demo-1", "view:demo-1:abc:def"])
def test_a_page_cannot_make_up_an_event(browser, token):
    answer = browser.post("/api/v1/events", {"token": token}, format="json")
    assert (answer.status_code, fields_of(answer)) == (400, ["token"])


def test_a_page_cannot_name_money(browser):
    assert fields_of(browser.views(value="100.00")) == ["value"]


def test_a_token_ends_after_a_day(browser, monkeypatch):
    token = tokens.page_token("view", "demo-1")
    monkeypatch.setattr("analytics.events.tokens.VALID_FOR", timedelta(seconds=-1))
    assert browser.post("/api/v1/events", {"token": token}, format="json").status_code == 400


def test_a_browsers_click_and_view_are_of_one_session(browser, searched):
    browser.clicks(searched("red dress"))
    browser.views()
    click, view = Event.objects.order_by("pk")
    assert click.session == view.session != ""
    assert (view.source, view.query_key) == ("search", "red dress")
