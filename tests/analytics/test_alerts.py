"""The dashboard's alerts, and that a healthy shop has none."""

import pytest

from analytics.dashboard.alerts import alerts


def figures(**changed):
    """The figures of a healthy shop, except for ``changed``."""
    summary = {"searches": 100, "zero_result_rate": 0.05, "p95_ms": 80.0}
    sync = {"state": "done", "message": "", "age_h": 1.0}
    catalogue = {"products": 10, "without_picture": 0}
    for part in (summary, sync, catalogue):
        part |= {name: value for name, value in changed.items() if name in part}
    source = {"source": changed.get("source", "feed"), "last_sync": sync}
    return {
        "summary": summary,
        "catalogue": {**catalogue, "sources": [source]},
        "index": changed.get("index", {"problem": None, "last_run": None}),
    }


def test_a_healthy_shop_has_no_alerts():
    assert alerts(figures()) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"zero_result_rate": 0.4}, "40 % of searches found nothing"),
        ({"p95_ms": 2500.0}, "more than 2500 ms"),
        ({"products": 0}, "manage.py sync"),
        ({"without_picture": 3}, "3 products have no picture"),
        ({"state": "failed", "message": "The server answered 500."}, "feed failed: The server answered 500."),
        ({"age_h": 30.4}, "feed was last synced 30 hours ago"),
        ({"index": {"problem": "It is damaged."}}, "The search index: It is damaged."),
    ],
)
def test_each_problem_is_one_alert(changed, expected):
    (sentence,) = alerts(figures(**changed))
    assert expected in sentence


@pytest.mark.parametrize(
    "changed",
    [
        {"searches": 20, "zero_result_rate": 0.9, "p95_ms": 9000.0},
        {"source": "demo", "age_h": 900.0},
        {"index": {"problem": None, "last_run": {"state": "stopped", "message": "It was killed."}}},
    ],
)
def test_too_little_to_judge_by_is_no_alarm(changed):
    assert alerts(figures(**changed)) == []
