"""Alerts: sentences about problems that staff should look at, shown in red on the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Thresholds above which a figure raises an alert; rates need MINIMUM_SEARCHES to mean anything.
ZERO_RESULT_RATE = 0.15
MINIMUM_SEARCHES = 50
SLOW_MS = 1000
# Hours: a source that is synced daily may be two hours late.
STALE_H = 26


def alerts(figures: Mapping[str, Any]) -> list[str]:
    """One sentence per problem in the figures of ``stats.dashboard``; [] for none."""
    return [
        *_searches(figures["summary"]),
        *_catalogue(figures["catalogue"]),
        *_index(figures.get("index", {})),
    ]


def _searches(summary: Mapping[str, Any]) -> Iterator[str]:
    enough = summary["searches"] >= MINIMUM_SEARCHES
    if enough and summary["zero_result_rate"] > ZERO_RESULT_RATE:
        yield _("%(share)d %% of searches found nothing. See which below.") % {
            "share": round(100 * summary["zero_result_rate"])
        }
    if enough and summary["p95_ms"] > SLOW_MS:
        yield _("One search in twenty takes more than %(ms)d ms.") % {"ms": round(summary["p95_ms"])}


def _catalogue(catalogue: Mapping[str, Any]) -> Iterator[str]:
    if catalogue["products"] == 0:
        yield _("The catalogue is empty. Run: manage.py sync")
    if catalogue["without_picture"]:
        yield ngettext(
            "%(n)d product has no picture, so no picture finds it.",
            "%(n)d products have no picture, so no picture finds them.",
            catalogue["without_picture"],
        ) % {"n": catalogue["without_picture"]}
    for row in catalogue["sources"]:
        sync = row["last_sync"]
        if sync and sync["state"] == "failed":
            yield _("The last sync of %(source)s failed: %(why)s") % {
                "source": row["source"],
                "why": sync["message"],
            }
        elif sync and sync["age_h"] > STALE_H and row["source"] != "demo":
            yield _("%(source)s was last synced %(h)d hours ago.") % {
                "source": row["source"],
                "h": sync["age_h"],
            }


def _index(index: Mapping[str, Any]) -> Iterator[str]:
    if index.get("problem"):
        yield _("The search index: %(why)s") % {"why": index["problem"]}
    last_run = index.get("last_run")
    if last_run and last_run["state"] == "failed":
        yield _("The last reindex failed: %(why)s") % {"why": last_run["message"]}
