"""The dashboard's figures match the recorded searches and clicks."""

import random
from datetime import UTC, date, datetime, timedelta
from statistics import quantiles

import pytest

from accounts.models import Favorite
from analytics import daily_counts, recording
from analytics.dashboard import stats
from analytics.dashboard.alerts import alerts
from catalog.models import SyncRun
from search.models import IndexRun
from tests.analytics.conftest import NOON
from tests.factories import ProductFactory, ProductImageFactory


@pytest.fixture
def week(searched, clicked, ada):
    """Six searches of one week: three for a red dress, one that finds nothing, one unsure, one by picture."""
    first = searched("Red Dress", user=ada, cache_hit=True)
    second = searched("red dress", days_ago=1)
    searched("red dress", days_ago=2, user=ada)
    searched("flux capacitor", results=0)
    searched("thing", results=3, top_score=0.32)
    picture = searched("", query_type="image", image_id="ab" * 32, results=30)
    clicked(first, "demo-1", 1)
    clicked(second, "demo-2", 4)
    clicked(second, "demo-1", 2)
    clicked(picture, "demo-9", 12)


def test_searches_are_counted_by_day_and_type(week, noon):
    figures = stats.dashboard(7, noon)
    assert (figures["from"], figures["to"]) == (date(2026, 3, 8), date(2026, 3, 14))
    assert len(figures["searches"]["by_day"]) == 7
    today, yesterday = figures["searches"]["by_day"][-1], figures["searches"]["by_day"][-2]
    assert (today["text"], today["image"], today["total"], today["people"]) == (3, 1, 4, 1)
    assert (yesterday["total"], yesterday["people"]) == (1, 0)
    assert figures["searches"]["by_day"][0]["total"] == 0
    assert figures["searches"]["by_type"] == {"text": 5, "image": 1}


def test_the_summary_adds_them_up(week, noon):
    summary = stats.dashboard(7, noon)["summary"]
    assert (summary["searches"], summary["people"], summary["clicks"]) == (6, 1, 4)
    assert (summary["zero_results"], summary["zero_result_rate"]) == (1, 0.1667)
    assert (summary["low_confidence"], summary["low_confidence_rate"]) == (1, 0.1667)
    assert summary["click_through"] == 0.5
    assert summary["mean_reciprocal_rank"] == round((1 + 1 / 4 + 1 / 12) / 3, 4)


def test_the_period_before_stands_beside_it(searched, noon):
    searched(days_ago=0)
    for days_ago in (7, 8, 13, 14):
        searched(days_ago=days_ago)
    figures = stats.dashboard(7, noon)
    assert figures["summary"]["searches"] == 1
    assert figures["before"]["searches"] == 3


def test_queries_are_ranked_with_what_became_of_them(week, noon):
    queries = stats.dashboard(7, noon)["queries"]
    assert queries["top"][0] == {
        "text": "red dress",
        "searches": 3,
        "zero_results": 0,
        "low_confidence": 0,
        "click_through": 0.6667,
    }
    assert [row["text"] for row in queries["zero_results"]] == ["flux capacitor"]
    assert [row["text"] for row in queries["low_confidence"]] == ["thing"]


def test_click_through_by_position_counts_only_answers_that_long(week, noon):
    rows = {row["position"]: row for row in stats.dashboard(7, noon)["clicks"]["by_position"]}
    assert rows[1] == {"position": 1, "clicks": 1, "shown": 5, "click_through": 0.2}
    assert rows[4] == {"position": 4, "clicks": 1, "shown": 4, "click_through": 0.25}
    assert rows[12] == {"position": 12, "clicks": 1, "shown": 1, "click_through": 1.0}


def test_clicked_products_carry_their_titles(week, noon):
    ProductFactory(product_id="demo-1", external_id="1", title="Silk slip")
    products = stats.dashboard(7, noon)["clicks"]["products"]
    assert products[0] == {"product_id": "demo-1", "title": "Silk slip", "clicks": 2}
    assert {row["product_id"] for row in products} == {"demo-1", "demo-2", "demo-9"}


def test_the_cache_and_the_weights_and_the_filters_are_counted(searched, noon):
    for weight in (0.5, 0.52, 0.9):
        searched(query_type="hybrid", weight=weight, filters={"colour": ["Red"]})
    searched(cache_hit=True)
    figures = stats.dashboard(1, noon)
    assert figures["cache"] == {"hits": 1, "misses": 3, "hit_rate": 0.25}
    weights = {row["weight"]: row["searches"] for row in figures["fusion_weights"]}
    assert len(weights) == 11
    assert (weights[0.5], weights[0.9], weights[0.0]) == (2, 1, 0)
    assert figures["filters"] == [{"filter": "colour", "searches": 3}]


def test_latency_is_right_to_one_percent(searched, noon):
    rng = random.Random(7)
    times = [rng.lognormvariate(3, 1) for _search in range(200)]
    for total in times:
        record = {"encode": total / 2, "total": total}
        searched(took_ms=record)
    figures = stats.dashboard(1, noon)["latency_ms"]
    exact = quantiles(times, n=100, method="inclusive")
    assert list(figures) == ["total", "encode", "search"][:2]
    assert figures["total"]["p50"] == pytest.approx(exact[49], rel=0.02)
    assert figures["total"]["p95"] == pytest.approx(exact[94], rel=0.05)
    assert figures["encode"]["p50"] == pytest.approx(exact[49] / 2, rel=0.02)


def test_an_empty_shop_has_no_rates_and_no_errors(db, noon):
    figures = stats.dashboard(30, noon)
    assert figures["summary"]["searches"] == 0
    assert figures["summary"]["zero_result_rate"] is None
    assert figures["latency_ms"] == {}
    assert figures["queries"] == {"top": [], "zero_results": [], "low_confidence": []}


def test_favourites_and_catalogue_are_as_they_stand(ada, noon):
    with_picture = ProductImageFactory().product
    ProductFactory(in_stock=False)
    ProductFactory(is_active=False, source="feed")
    Favorite.objects.create(user=ada, product_id=with_picture.product_id)
    SyncRun.objects.create(source="demo", state="failed", started_at=noon - timedelta(days=1))
    SyncRun.objects.create(
        source="demo",
        state="done",
        started_at=noon - timedelta(hours=3),
        finished_at=noon - timedelta(hours=2),
    )
    figures = stats.dashboard(30, noon)
    assert figures["favorites"]["total"] == 1
    assert figures["favorites"]["products"][0]["title"] == with_picture.title
    catalogue = figures["catalogue"]
    assert (catalogue["products"], catalogue["inactive"]) == (2, 1)
    assert (catalogue["without_picture"], catalogue["out_of_stock"]) == (1, 1)
    demo, feed = catalogue["sources"]
    assert (demo["source"], demo["products"], demo["last_sync"]["state"]) == ("demo", 2, "done")
    assert demo["last_sync"]["age_h"] == 2.0
    assert (feed["source"], feed["inactive"], feed["last_sync"]) == ("feed", 1, None)


def version_seven(now):
    return {"version": "v7", "asked_at": now}


def test_a_package_that_analytics_does_not_import_adds_its_own_section(db, noon, settings):
    settings.DASHBOARD_SECTIONS = {"index": "tests.analytics.test_stats.version_seven"}
    assert stats.dashboard(1, noon)["index"] == {"version": "v7", "asked_at": noon}


def test_without_an_index_the_dashboard_says_what_to_do(db, noon):
    assert "reindex" in stats.dashboard(1, noon)["index"]["problem"]


@pytest.mark.parametrize("days", [0, -1, stats.MAX_DAYS + 1])
def test_a_period_has_at_least_a_day_and_at_most_two_years(db, noon, days):
    with pytest.raises(ValueError, match="Ask for 1 to 730 days"):
        stats.dashboard(days, noon)


def test_the_day_turns_at_midnight_utc(searched):
    searched(timestamp=datetime(2026, 3, 13, 23, 59, 59, tzinfo=UTC))
    searched(timestamp=datetime(2026, 3, 14, 0, 0, 0, tzinfo=UTC))
    assert stats.dashboard(1, NOON)["summary"]["searches"] == 1


def test_it_costs_the_same_queries_however_much_is_in_the_log(
    searched, clicked, noon, django_assert_num_queries
):
    query_id = searched()
    clicked(query_id)
    with django_assert_num_queries(26):
        stats.dashboard(30, noon)
    for n in range(40):
        clicked(searched(f"query {n}", days_ago=n % 20), f"demo-{n}", n % 20 + 1)
    with django_assert_num_queries(26):
        stats.dashboard(30, noon)


def test_a_second_look_is_served_from_the_cache_until_something_happens(
    searched, noon, django_assert_num_queries
):
    searched()
    before = stats.dashboard(30, noon)
    with django_assert_num_queries(7):
        assert stats.dashboard(30, noon) == before
    searched(timestamp=noon + timedelta(seconds=1))
    assert stats.dashboard(30, noon)["summary"]["searches"] == 2


def test_counts_taken_back_leave_nothing(searched, noon):
    searched("red dress")
    log = recording.SearchLog.objects.get()
    counts = daily_counts.for_search(log)
    daily_counts.add(daily_counts.Counts({key: -count for key, count in counts.items()}))
    assert stats.dashboard(1, noon)["summary"]["searches"] == 0
    assert stats.dashboard(1, noon)["queries"]["top"] == []


def test_a_period_of_the_past_is_over_but_the_shop_is_as_it_is_now(searched, ada, noon):
    ProductFactory()
    SyncRun.objects.create(
        source="demo", state="done", started_at=noon, finished_at=noon - timedelta(hours=2)
    )
    Favorite.objects.create(user=ada, product_id="demo-1")
    Favorite.objects.update(added_at=noon)
    searched(days_ago=30)
    searched()
    figures = stats.dashboard(7, noon, until=noon.date() - timedelta(days=28))
    assert (figures["from"], figures["to"]) == (date(2026, 2, 8), date(2026, 2, 14))
    assert figures["summary"]["searches"] == 1
    assert (figures["favorites"]["total"], figures["favorites"]["added"]) == (1, 0)
    assert figures["catalogue"]["sources"][0]["last_sync"]["age_h"] == 2.0
    assert stats.dashboard(7, noon)["favorites"]["added"] == 1


def test_a_failed_reindex_is_an_alert(db, noon):
    run = IndexRun.objects.create(state="failed", asked_at=noon, message="The disk is full.")
    figures = stats.dashboard(1, noon)
    assert figures["index"]["last_run"]["at"] == noon
    assert "The last reindex failed: The disk is full." in alerts(figures)
    run.state = "done"
    run.save()
    assert not any("failed" in sentence for sentence in alerts(stats.dashboard(1, noon)))
