"""Shares, ranks and percentiles from counts."""

from __future__ import annotations

from itertools import accumulate

from analytics import tally

PERCENTILES = (50, 95, 99)


def ratio(part: int, whole: int) -> float | None:
    """A share in [0, 1], to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None


def reciprocal_rank(first_clicks: dict[str, int]) -> float | None:
    """Mean of 1/position of the first click, over answers that were clicked; 1.0 is always the first card."""
    answers = sum(first_clicks.values())
    weighed = sum(count / int(position) for position, count in first_clicks.items())
    return round(weighed / answers, 4) if answers else None


def latency(stages: dict[str, int]) -> dict[str, dict[str, float]]:
    """p50, p95 and p99 in ms by stage, right to 1 %, from counts keyed "<stage>:<bucket>"."""
    histograms: dict[str, dict[int, int]] = {}
    for key, count in stages.items():
        stage, _colon, bucket = key.rpartition(":")
        histograms.setdefault(stage, {})[int(bucket)] = count
    return {
        stage: {f"p{p}": percentile(histograms[stage], p / 100) for p in PERCENTILES}
        for stage in sorted(histograms, key=lambda stage: (stage != "total", stage))
    }


def percentile(histogram: dict[int, int], share: float) -> float:
    """The duration in ms that ``share`` of what was counted did not exceed (nearest rank)."""
    buckets = sorted(histogram)
    reached = accumulate(histogram[bucket] for bucket in buckets)
    wanted = share * sum(histogram.values())
    found = next(bucket for bucket, so_far in zip(buckets, reached, strict=True) if so_far >= wanted)
    return round(tally.duration(found), 3)
