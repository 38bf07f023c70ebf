"""Searches and clicks are recorded, in order, without slowing or failing a request."""

import logging
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import User
from analytics import metrics, recording
from analytics.models import DailyCount, ProductClick, SearchLog
from analytics.recording import SearchRecord, UnknownSearch, record_click, record_search
from tests.analytics.conftest import NOON


def a_record(**fields):
    return SearchRecord(
        **{
            "query_id": uuid.uuid4(),
            "query_type": "hybrid",
            "timestamp": NOON,
            "results_count": 7,
            "took_ms": {"encode": 20.0, "search": 0.51234, "total": 31.5},
            "text": "same but in red",
            "image_id": "ab" * 32,
            "weight": 0.5,
            "top_result_id": "demo-7",
            "top_score": 0.91,
            "cutoff": 0.3,
            "index_version": "v1",
            "track": True,
            "filters": {"colour": ["Red"]},
            **fields,
        }
    )


def counted(measure):
    return dict(DailyCount.objects.filter(measure=measure).values_list("key", "count"))


def test_a_search_is_written_with_all_that_the_dashboard_needs(ada):
    record = a_record(user=ada)
    record_search(record)
    assert SearchLog.objects.count() == 0
    assert recording.flush()
    log = SearchLog.objects.get(pk=record.query_id)
    assert (log.query_type, log.query_text, log.fusion_weight) == ("hybrid", "same but in red", 0.5)
    assert (log.results_count, log.top_result_id, log.top_score) == (7, "demo-7", 0.91)
    assert (log.took_ms, log.stages) == (31.5, {"encode": 20.0, "search": 0.512})
    assert (log.image_url, log.index_version, log.filters) == ("ab" * 32, "v1", {"colour": ["Red"]})
    assert log.user_id == record.user.pk
    assert log.timestamp == NOON


def test_the_same_search_recorded_twice_counts_once(db):
    record = a_record()
    for _time in range(2):
        record_search(record)
        record_search(record)
        recording.flush()
    assert SearchLog.objects.count() == 1
    assert counted("type") == {"hybrid": 1}


def test_every_caller_decides_about_tracking():
    with pytest.raises(TypeError, match="track"):
        SearchRecord(
            query_id=uuid.uuid4(), query_type="text", timestamp=NOON, results_count=0, took_ms={"total": 1.0}
        )


def test_without_consent_nothing_of_the_person_is_kept(ada):
    record_search(a_record(user=ada, track=False))
    recording.flush()
    log = SearchLog.objects.get()
    assert log.user is None
    assert (log.query_text, log.query_key, log.image_url, log.top_result_id, log.filters) == (
        "",
        "",
        "",
        "",
        {},
    )
    assert (log.results_count, log.took_ms) == (7, 31.5)
    assert counted("query") == {}
    assert counted("person") == {}


@pytest.mark.parametrize("headers", [{"DNT": "1"}, {"Sec-GPC": "1"}, {"DNT": "0", "Sec-GPC": "1"}])
def test_do_not_track_and_global_privacy_control_are_respected(headers):
    assert not recording.tracking_allowed(headers)


@pytest.mark.parametrize("headers", [{}, {"DNT": "0"}, {"DNT": "unspecified"}])
def test_other_browsers_are_logged(headers):
    assert recording.tracking_allowed(headers)


@pytest.mark.parametrize(
    ("top_score", "cutoff", "results", "low"),
    [(0.31, 0.3, 5, True), (0.36, 0.3, 5, True), (0.38, 0.3, 5, False), (None, 0.3, 0, False)],
)
def test_confidence_is_low_when_the_best_is_barely_above_the_cut_off(top_score, cutoff, results, low):
    record = a_record(top_score=top_score, cutoff=cutoff, results_count=results)
    assert record.low_confidence is low


def test_text_that_no_database_accepts_is_repaired(db):
    record_search(a_record(text="red \ud800 dress"))
    recording.flush()
    assert SearchLog.objects.get().query_text == "red ? dress"


def test_case_and_spacing_do_not_make_another_query(db):
    for text in ("Red  Dress", "red dress", "RED DRESS"):
        record_search(a_record(text=text))
    recording.flush()
    assert counted("query") == {"red dress": 3}
    assert SearchLog.objects.for_query(" red DRESS").count() == 3


def test_an_unusable_record_is_counted_and_raises_nothing(db):
    before = metrics.records_lost.labels("record")._value.get()
    record_search(replace(a_record(), took_ms=None))
    assert metrics.records_lost.labels("record")._value.get() == before + 1


def test_one_bad_row_costs_no_other(db, caplog):
    record_search(a_record())
    record_search(a_record(weight=1.7))
    record_search(a_record())
    with caplog.at_level(logging.WARNING):
        recording.flush()
    assert SearchLog.objects.count() == 2
    assert counted("type") == {"hybrid": 2}
    assert [record.message for record in caplog.records] == ["rows_lost"]


def test_a_click_finds_its_search_while_that_still_waits(db):
    record = a_record()
    record_search(record)
    record_click(record.query_id, "demo-7", 3, None, NOON + timedelta(seconds=4))
    recording.flush()
    click = ProductClick.objects.get()
    assert (click.search_id, click.product_id, click.position) == (record.query_id, "demo-7", 3)


def test_a_click_on_an_unknown_search_is_refused(db, monkeypatch):
    monkeypatch.setattr(recording, "_OTHER_PROCESS_S", 0)
    with pytest.raises(UnknownSearch):
        record_click(uuid.uuid4(), "demo-7", 1, None, NOON)


def test_opening_the_same_card_twice_counts_once(searched, clicked, caplog):
    query_id = searched()
    clicked(query_id, "demo-7", 3)
    clicked(query_id, "demo-7", 3)
    clicked(query_id, "demo-8", 5)
    assert ProductClick.objects.count() == 2
    assert counted("click") == {"3": 1, "5": 1}
    assert counted("first-click") == {"3": 1}
    assert counted("query-clicked") == {"red dress": 1}
    assert "rows_lost" not in caplog.messages


def test_a_full_queue_counts_what_it_refuses(db, monkeypatch):
    monkeypatch.setattr(recording.write_buffer, "_capacity", 2)
    before = metrics.records_lost.labels("full")._value.get()
    for _time in range(5):
        record_search(a_record())
    recording.flush()
    assert SearchLog.objects.count() == 2
    assert metrics.records_lost.labels("full")._value.get() == before + 3


def test_recording_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        record_search(a_record(user=User(email="ada@example.org")))


def test_a_hundred_searches_are_written_in_few_statements(db, django_assert_max_num_queries):
    for _time in range(100):
        record_search(a_record())
    with django_assert_max_num_queries(8):
        recording.flush()
