"""The state of the index for the dashboard."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from search import engine
from search.index.store import IndexMissing
from search.models import IndexRun
from search.operations import readiness


def index_state(now: datetime) -> dict[str, Any]:
    """The index in service (version, size, recall, age in hours, …), its problem, and the last run."""
    last_run = _last_run()
    try:
        manifest = engine.store().current().manifest
    except IndexMissing as missing:
        problem = f"{missing.reason} Run `{missing.command}`."
        return {"version": None, "problem": problem, "last_run": last_run}
    built_at = datetime.fromisoformat(manifest.built_at)
    return {
        "version": manifest.version,
        "products": manifest.count,
        "kind": manifest.kind,
        "recall_at_10": manifest.recall_at_10,
        "search_ms": round(manifest.search_ms, 3),
        "built_at": built_at,
        "age_h": round((now - built_at).total_seconds() / 3600, 1),
        "model": manifest.model,
        "fingerprint": manifest.fingerprint,
        "problem": readiness.notices().get("index"),
        "last_run": last_run,
    }


def _last_run() -> dict[str, Any] | None:
    run = IndexRun.objects.first()
    if run is None:
        return None
    at = run.finished_at or run.started_at or run.asked_at
    return {"state": run.state, "label": run.get_state_display(), "at": at, "message": run.message}
