"""Refining, sorting, reloading and going back belong to one visit."""

import uuid
from datetime import timedelta

import pytest

from analytics import privacy, recording, visits
from analytics.dashboard import stats
from analytics.models import DailyCount, SearchLog
from analytics.recording import SearchRecord
from analytics.visitors import client_address
from tests.analytics.conftest import NOON


@pytest.fixture(autouse=True)
def address():
    token = client_address.set("203.0.113.7")
    yield
    client_address.reset(token)


@pytest.fixture
def figures(noon):
    return lambda: stats.dashboard(30, noon + timedelta(hours=3))


def later(minutes):
    return {"timestamp": NOON + timedelta(minutes=minutes)}


def test_six_answers_to_one_question_are_one_search(searched, clicked, figures):
    searched("red dress")
    searched("red dress", filters={"brand": ["Fern"]}, results=4, **later(1))
    searched("Red  dress", **later(2))
    searched("red dress", query_type="text", **later(3))
    searched("red dress", **later(4))
    clicked(searched("red dress", **later(5)), position=2)

    found = figures()

    assert found["summary"]["searches"] == 1
    assert found["summary"]["click_through"] == 1.0
    assert found["queries"]["top"][0] == {
        "text": "red dress",
        "searches": 1,
        "zero_results": 0,
        "low_confidence": 0,
        "click_through": 1.0,
    }


def test_two_clicks_in_two_answers_of_a_visit_are_one_visit_that_clicked(searched, clicked, figures):
    clicked(searched("red dress"), "demo-1", 3)
    clicked(searched("red dress", **later(2)), "demo-2", 1)
    assert figures()["summary"]["click_through"] == 1.0
    assert figures()["summary"]["clicks"] == 2


def test_a_new_search_is_compared_with_those_for_the_same_alone(searched, ada):
    for number in range(5):
        searched(f"dress {number}", user=ada, **later(number))
    again = searched("dress 3", user=ada, **later(6))
    log = SearchLog.objects.get(pk=again)
    assert {each.query_text for each in visits._earlier([log])} == {"dress 3"}


def test_another_question_is_another_search(searched, figures):
    searched("red dress")
    searched("red dress", image_id="ab" * 32, query_type="hybrid", **later(1))
    searched("red shoes", **later(2))
    assert figures()["summary"]["searches"] == 3


def test_the_same_question_after_a_pause_is_another_search(searched, figures):
    searched("red dress")
    searched("red dress", **later(31))
    assert figures()["summary"]["searches"] == 2


def test_a_visit_lasts_while_it_goes_on(searched, figures):
    for minutes in (0, 25, 50, 75):
        searched("red dress", **later(minutes))
    assert figures()["summary"]["searches"] == 1


def test_the_same_question_of_somebody_else_is_another_search(searched, figures):
    searched("red dress")
    client_address.set("198.51.100.9")
    searched("red dress", **later(1))
    assert figures()["summary"]["searches"] == 2


def test_a_signed_in_persons_visit_is_known_from_any_address(searched, figures, ada):
    searched("red dress", user=ada)
    client_address.set("198.51.100.9")
    searched("red dress", user=ada, **later(1))
    assert figures()["summary"]["searches"] == 1


def test_sessions_tell_people_behind_one_server_apart(searched, figures):
    client_address.set("")
    searched("red dress", session="a" * 32)
    searched("red dress", session="b" * 32, **later(1))
    searched("red dress", session="a" * 32, **later(2))
    assert figures()["summary"]["searches"] == 2


def test_searches_of_a_server_that_names_no_sessions_are_all_counted(searched, figures):
    client_address.set("")
    searched("red dress")
    searched("red dress", **later(1))
    assert figures()["summary"]["searches"] == 2


def test_searches_that_may_not_be_followed_are_all_counted(searched, figures):
    searched("red dress", track=False)
    searched("red dress", track=False, **later(1))
    assert figures()["summary"]["searches"] == 2


def test_a_picture_with_another_filter_is_the_same_question(searched, figures):
    searched("", image_id="ab" * 32, query_type="image")
    searched("", image_id="ab" * 32, query_type="image", filters={"in_stock": True}, **later(1))
    assert figures()["summary"]["searches"] == 1


def test_browsing_another_category_is_another_question(searched, figures):
    searched("", query_type="browse", filters={"category": ("Dresses",)})
    searched("", query_type="browse", filters={"category": ("Dresses",), "colour": ("Red",)}, **later(1))
    searched("", query_type="browse", filters={"category": ("Shoes",)}, **later(2))
    assert figures()["summary"]["searches"] == 2


def test_a_refinement_that_leaves_nothing_is_no_search_without_results(searched, figures):
    searched("red dress")
    searched("red dress", results=0, filters={"brand": ["Moss"]}, **later(1))
    assert figures()["summary"]["zero_results"] == 0


def test_a_refinement_still_took_its_time(searched, figures):
    for minutes in range(3):
        searched("red dress", **later(minutes))
    stages = DailyCount.objects.filter(measure="stage", key__startswith="total:")
    assert sum(stages.values_list("count", flat=True)) == 3


def test_searches_written_together_are_told_apart_as_well(db, figures):
    for minutes in (2, 0, 1):
        record = SearchRecord(
            query_id=uuid.uuid4(),
            query_type="text",
            text="red dress",
            results_count=3,
            took_ms={"total": 1.0},
            track=True,
            **later(minutes),
        )
        recording.record_search(record)
    recording.flush()
    assert figures()["summary"]["searches"] == 1
    assert SearchLog.objects.values("visit").distinct().count() == 1


def test_forgetting_a_person_takes_back_what_their_visits_added(searched, clicked, ada):
    searched("red dress", user=ada)
    second = searched("red dress", user=ada, **later(1))
    clicked(second, user=ada, now=NOON + timedelta(minutes=2))
    clicked(searched("red dress", user=ada, **later(3)), user=ada, now=NOON + timedelta(minutes=4))
    privacy.forget(ada)
    assert not DailyCount.objects.filter(measure__in=DailyCount.PERSONAL).exclude(count=0).exists()


def place_clicked(figures, position):
    row = figures()["clicks"]["by_position"][position - 1]
    return row["clicks"], row["shown"], row["click_through"]


def test_a_place_opened_in_two_answers_of_a_visit_was_clicked_in_one_search(searched, clicked, figures):
    clicked(searched("red dress"), "demo-1", 1)
    clicked(searched("red dress", filters={"brand": ["Fern"]}, **later(2)), "demo-2", 1)
    assert place_clicked(figures, 1) == (2, 1, 1.0)


def test_a_place_that_the_first_answer_of_the_visit_lacks_is_no_share_of_it(searched, clicked, figures):
    searched("red dress", results=3, filters={"brand": ["Fern"]})
    searched("blue dress", **later(1))
    clicked(searched("red dress", **later(2)), "demo-2", 8)
    assert place_clicked(figures, 8) == (1, 1, 0.0)


def test_a_place_clicked_after_midnight_is_a_share_of_the_day_of_its_search(searched, clicked, noon):
    search = searched("red dress", timestamp=noon + timedelta(hours=11, minutes=59))
    clicked(search, "demo-1", 1, now=noon + timedelta(hours=12, minutes=1))
    for until, share in ((noon, 1.0), (noon + timedelta(days=1), None)):
        row = stats.dashboard(1, noon, until=until.date())["clicks"]["by_position"][0]
        assert row["click_through"] == share


def test_two_clicks_written_together_are_told_apart_as_well(searched, figures):
    first, second = searched("red dress"), searched("red dress", **later(1))
    recording.record_click(first, "demo-1", 1, None, NOON)
    recording.record_click(second, "demo-2", 1, None, NOON)
    recording.flush()
    assert place_clicked(figures, 1) == (2, 1, 1.0)
