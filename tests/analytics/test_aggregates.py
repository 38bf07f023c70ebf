"""Percentiles, buckets and rates of counts."""

from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from analytics import daily_counts
from analytics.dashboard.aggregates import latency_percentiles, mean_reciprocal_rank, percentile, ratio
from analytics.templatetags import figures
from analytics.templatetags.figures import change


@given(st.lists(st.floats(0.01, 60_000), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_a_percentile_lies_within_one_percent_of_a_duration_that_was_seen(times, share):
    histogram = daily_counts.Counts(daily_counts.latency_bucket(ms) for ms in times)
    found = percentile(histogram, share)
    assert any(abs(found - ms) <= 0.011 * ms + 0.0006 for ms in times)
    assert sum(ms <= found * 1.011 + 0.0006 for ms in times) >= share * len(times)


@given(st.floats(0.01, 1e6))
def test_a_bucket_is_at_most_one_percent_off(ms):
    assert daily_counts.bucket_ms(daily_counts.latency_bucket(ms)) == pytest.approx(ms, rel=0.01)


def test_rates_of_nothing_are_unknown():
    assert ratio(0, 0) is None
    assert mean_reciprocal_rank({}) is None
    assert latency_percentiles({}) == {}


def test_always_choosing_the_first_card_is_a_perfect_rank():
    assert mean_reciprocal_rank({"1": 9}) == 1.0


@pytest.mark.parametrize(
    ("now", "before", "shown"),
    [(112, 100, "+12 %"), (0, 50, "-100 %"), (5, 0, ""), (5, None, ""), (None, 5, "")],
)
def test_a_change_is_told_against_the_period_before(now, before, shown):
    assert change(now, before) == shown


def test_a_day_is_written_in_the_form_of_the_readers_language(monkeypatch):
    monkeypatch.setattr(figures, "pgettext", lambda context, text: text.replace("j ", "j. "))
    assert figures.day(date(2026, 11, 6)) == "6. Nov 2026"
    assert figures.moment(datetime(2026, 11, 6, 9, 5, tzinfo=UTC)) == "6. Nov 2026 09:05"


def test_revenue_is_written_as_prices_are():
    assert figures.money({"EUR": "37506.98", "USD": "12.00"}) == "€37,506.98 · $12.00"
    with override("de"):
        assert figures.money({"EUR": "37506.98"}) == "37.506,98\u00a0€"
    assert figures.money({}) == "–"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.29, "29.0 %"),
        (0.57, "57.0 %"),
        (1 / 6, "16.7 %"),
        (2 / 3, "66.7 %"),
        (2 / 36, "5.6 %"),
        (None, "–"),
    ],
)
def test_a_share_is_rounded_and_not_cut(value, shown):
    assert figures.share(value) == shown


@pytest.mark.parametrize(("value", "shown"), [(999.9, "1000"), (9.97, "10.0"), (0.06, "0.1"), (12.4, "12")])
def test_milliseconds_are_rounded(value, shown):
    assert figures.ms(value) == shown
