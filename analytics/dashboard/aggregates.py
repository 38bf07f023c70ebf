"""Ratios, reciprocal ranks and percentiles, computed from counts."""

from __future__ import annotations

from itertools import accumulate

from analytics import daily_counts

PERCENTILES = (50, 95, 99)


def ratio(part: int, whole: int) -> float | None:
    """``part / whole``, to four digits; None for a whole of 0."""
    return round(part / whole, 4) if whole else None


def mean_reciprocal_rank(first_clicks: dict[str, int]) -> float | None:
    """Mean of 1/position of the first click, over clicked searches, in (0, 1]; None without a click.

    ``first_clicks`` counts searches by the position, from 1, of their first click.
    """
    searches = sum(first_clicks.values())
    total = sum(count / int(position) for position, count in first_clicks.items())
    return round(total / searches, 4) if searches else None


def latency_percentiles(stages: dict[str, int]) -> dict[str, dict[str, float]]:
    """p50, p95 and p99 in ms by stage, to within 1 %, from counts keyed "<stage>:<bucket>"."""
    histograms: dict[str, dict[int, int]] = {}
    for key, count in stages.items():
        stage, _colon, bucket = key.rpartition(":")
        histograms.setdefault(stage, {})[int(bucket)] = count
    # The total comes first, then the stages by name.
    return {
        stage: {f"p{p}": percentile(histograms[stage], p / 100) for p in PERCENTILES}
        for stage in sorted(histograms, key=lambda stage: (stage != "total", stage))
    }


def percentile(histogram: dict[int, int], share: float) -> float:
    """The ``share`` quantile in ms, by the nearest-rank method, of a {bucket: count} histogram."""
    buckets = sorted(histogram)
    cumulative = accumulate(histogram[bucket] for bucket in buckets)
    rank = share * sum(histogram.values())
    found = next(bucket for bucket, count in zip(buckets, cumulative, strict=True) if count >= rank)
    return round(daily_counts.bucket_ms(found), 3)
