"""Personal data is deleted from the log and the counts; plain numbers remain."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command

from analytics import privacy, recording, tasks
from analytics.dashboard import stats
from analytics.events.incoming import Reported, keep
from analytics.models import DailyCount, Event, ProductClick, SearchLog
from tests.analytics.conftest import NOON


def personal_keys():
    return set(
        DailyCount.objects.filter(count__gt=0, measure__in=DailyCount.PERSONAL).values_list("key", flat=True)
    )


@pytest.fixture
def bought(product):
    """``bought(query_id, by=ada)`` reports a purchase that followed from a search, and writes it."""

    def buy(query_id, *, by=None):
        keep(
            [
                Reported(
                    type=Event.Type.PURCHASE,
                    product_id=product.product_id,
                    timestamp=NOON,
                    user_id=by and by.pk,
                    query_id=query_id,
                )
            ],
            sender="shop",
        )

    return buy


@pytest.fixture
def old_and_new(searched, clicked, ada):
    old = searched("Long ago", days_ago=91, user=ada)
    clicked(old, now=NOON - timedelta(days=91))
    return old, searched("recently", days_ago=89)


def test_old_searches_their_clicks_and_their_words_go(old_and_new, noon):
    assert privacy.prune(days=90, now=noon) == 1
    assert list(SearchLog.objects.values_list("query_text", flat=True)) == ["recently"]
    assert not ProductClick.objects.exists()
    assert personal_keys() == {"recently"}


def test_numbers_outlive_the_searches_they_counted(old_and_new, noon):
    privacy.prune(days=90, now=noon)
    figures = stats.dashboard(120, noon)
    assert figures["summary"]["searches"] == 2
    assert figures["latency_ms"]["total"]["p50"] == pytest.approx(25, rel=0.01)
    assert [row["text"] for row in figures["queries"]["top"]] == ["recently"]


def test_more_rows_than_one_transaction_holds_are_pruned(searched, noon, monkeypatch):
    monkeypatch.setattr(privacy, "_BATCH", 3)
    for _search in range(8):
        searched(days_ago=10)
    assert privacy.prune(days=5, now=noon) == 8


def test_a_person_is_taken_out_and_stays_counted(searched, clicked, ada, noon):
    mine = searched("my own words", user=ada, image_id="ab" * 32, filters={"brand": ["Fern"]})
    searched("shared words", user=ada)
    searched("shared words")
    clicked(mine, now=noon + timedelta(days=1), user=ada)
    privacy.forget(ada)
    log = SearchLog.objects.get(pk=mine)
    assert (log.user, log.query_text, log.query_key, log.image_url, log.filters) == (None, "", "", "", {})
    assert ProductClick.objects.get().user is None
    assert personal_keys() == {"shared words"}
    assert not DailyCount.objects.filter(key="my own words").exists()
    cache.clear()
    figures = stats.dashboard(7, noon + timedelta(days=1))
    assert figures["summary"]["searches"] == 3
    assert figures["summary"]["people"] == 0
    assert figures["queries"]["top"] == [
        {"text": "shared words", "searches": 1, "zero_results": 0, "low_confidence": 0, "click_through": 0.0}
    ]


def test_a_search_that_somebody_else_bought_from_first_stays_converted(searched, bought, ada):
    shared = searched("shared words")
    bought(shared)
    bought(shared, by=ada)
    privacy.forget(ada)
    assert DailyCount.objects.get(measure="converted-query", key="shared words").count == 1
    assert DailyCount.objects.get(measure="bought-query", key="shared words").count == 1


def test_the_words_of_a_person_leave_an_order_that_names_nobody(searched, bought, ada):
    bought(searched("my own words", user=ada))
    privacy.forget(ada)
    assert list(Event.objects.values_list("type", "query_key")) == [("purchase", "")]
    assert personal_keys() == set()


def test_deleting_the_account_forgets_the_person(searched, ada):
    searched("my own words", user=ada)
    ada.delete()
    assert SearchLog.objects.get().query_text == ""
    assert personal_keys() == set()


def test_the_command_reports_in_one_line(old_and_new, capsys, monkeypatch, noon):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    call_command("prune_search_logs", days=90)
    assert capsys.readouterr().out == "Deleted 1 search older than 90 days.\n"


def test_the_command_keeps_at_least_a_day(db):
    with pytest.raises(CommandError, match="takes 1 to 36,500"):
        call_command("prune_search_logs", days=0)


def test_the_nightly_task_forgets_after_the_set_time(old_and_new, settings, monkeypatch, noon):
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    settings.SEARCH_LOG_DAYS = 88
    assert tasks.prune_search_logs() == 2
    assert "analytics.tasks.prune_search_logs" in {
        entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()
    }


@pytest.mark.django_db(transaction=True)
def test_a_search_that_still_waits_to_be_written_is_forgotten_with_the_account(ada, noon):
    record = recording.SearchRecord(
        query_id=uuid.uuid4(),
        query_type="text",
        timestamp=noon,
        results_count=1,
        took_ms={"total": 5.0},
        track=True,
        user=ada,
        text="my own words",
    )
    recording.record_search(record)
    ada.delete()
    recording.flush()
    assert SearchLog.objects.get().query_text == ""
    assert personal_keys() == set()
