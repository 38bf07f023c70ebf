"""Shares of searches count on the day of the search, so no day has more than 100 %."""

from collections import Counter
from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps

from analytics import privacy, recording
from analytics.dashboard import stats
from analytics.models import DailyCount, Event, SearchLog

SATURDAY, SUNDAY = date(2026, 3, 14), date(2026, 3, 15)


@pytest.fixture
def bought(product):
    """``bought(query_id, noon)`` writes a purchase that followed from a search."""

    def buy(query_id, when):
        recording.write(
            [Event(type="purchase", product_id="demo-1", search_id=query_id, position=1, timestamp=when)]
        )

    return buy


@pytest.fixture
def night(searched, clicked, bought, noon):
    """Two searches before midnight, clicked and bought from after it, and one on the next day."""
    after = noon + timedelta(hours=13)
    for _search in range(2):
        query_id = searched("red dress", timestamp=noon + timedelta(hours=11))
        clicked(query_id, position=2, now=after)
        bought(query_id, after)
    searched("red dress", timestamp=after)
    return after


def figures_of(day, noon):
    return stats.dashboard(1, noon, until=day)


def shares_of(day, noon):
    figures = figures_of(day, noon)
    by_query = {row["text"]: row["click_through"] for row in figures["queries"]["top"]}
    summary = figures["summary"]
    return (
        summary["click_through"],
        summary["conversion"],
        summary["mean_reciprocal_rank"],
        by_query["red dress"],
    )


def test_clicks_and_purchases_after_midnight_are_shares_of_the_day_before(night, noon):
    assert shares_of(SATURDAY, noon) == (1.0, 1.0, 0.5, 1.0)
    assert shares_of(SUNDAY, noon) == (0.0, 0.0, None, 0.0)


def test_the_clicks_and_purchases_themselves_are_of_their_own_day(night, noon):
    summary = figures_of(SUNDAY, noon)["summary"]
    assert (summary["clicks"], summary["purchases"], summary["converted"]) == (2, 2, 0)
    by_query = figures_of(SUNDAY, noon)["sales"]["by_query"]
    assert [(row["purchases"], row["conversion"]) for row in by_query] == [(2, 0.0)]


def test_the_visits_first_search_says_which_day(searched, clicked, bought, noon):
    midnight, same = noon + timedelta(hours=12), {"session": "s" * 32}
    searched("red dress", timestamp=midnight - timedelta(minutes=5), **same)
    refined = searched("red dress", timestamp=midnight + timedelta(minutes=5), **same)
    clicked(refined, now=midnight + timedelta(minutes=6))
    bought(refined, midnight + timedelta(minutes=7))
    assert shares_of(SATURDAY, noon) == (1.0, 1.0, 1.0, 1.0)
    assert figures_of(SUNDAY, noon)["summary"]["conversion"] is None


def test_what_similar_products_sold_is_no_share_of_the_searches(searched, bought, noon):
    searched("red dress")
    bought(searched("", query_type="similar"), noon)
    summary = figures_of(SATURDAY, noon)["summary"]
    assert (summary["purchases"], summary["converted"], summary["conversion"]) == (1, 0, 0.0)


def test_an_account_takes_its_words_from_the_day_of_the_search(searched, clicked, bought, ada, noon):
    query_id = searched("my own words", user=ada, timestamp=noon)
    clicked(query_id, user=ada, now=noon + timedelta(days=1))
    bought(query_id, noon + timedelta(days=1))
    privacy.forget(ada)
    assert not DailyCount.objects.filter(key="my own words").exists()


@pytest.fixture
def migration():
    return import_module("analytics.migrations.0010_shares_by_the_day_of_the_search")


def counts():
    return Counter({(row.day, row.measure, row.key): row.count for row in DailyCount.objects.all()})


def test_the_migration_moves_what_was_counted_on_its_own_day(night, migration, noon):
    now = counts()
    migration.to_their_own_day(apps, None)
    assert shares_of(SUNDAY, noon) == (2.0, 2.0, 0.5, 2.0)
    migration.to_the_day_of_the_search(apps, None)
    assert counts() == now


def test_the_migration_takes_similar_products_out_of_the_searches(db, migration, noon):
    DailyCount.objects.create(day=SATURDAY, measure="converted-type", key="similar", count=3)
    DailyCount.objects.create(day=SATURDAY, measure="first-click", key="1", count=4)
    migration.to_the_day_of_the_search(apps, None)
    assert counts() == {(SATURDAY, "first-click", "1"): 4}


def test_the_migration_forgets_the_words_of_a_search_that_is_not_kept(night, migration, noon):
    migration.to_their_own_day(apps, None)
    SearchLog.objects.all().delete()
    assert DailyCount.objects.filter(measure="converted-query").exists()
    migration.to_the_day_of_the_search(apps, None)
    assert not DailyCount.objects.filter(measure="converted-query").exists()
