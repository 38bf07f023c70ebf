"""The index as the dashboard shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from search import checks, engine
from search.store import IndexMissing


def index_state(now: datetime) -> dict[str, Any]:
    """Version, size, recall, age in hours and fingerprint of what is served, and what is wrong with it."""
    store = engine.store()
    try:
        manifest = store.current().manifest
    except IndexMissing as missing:
        return {"version": None, "problem": f"{missing.reason} Run `{missing.command}`."}
    age_h = (now - datetime.fromisoformat(manifest.built_at)).total_seconds() / 3600
    return {
        "version": manifest.version,
        "products": manifest.count,
        "kind": manifest.kind,
        "recall_at_10": manifest.recall_at_10,
        "search_ms": round(manifest.search_ms, 3),
        "built_at": manifest.built_at,
        "age_h": round(age_h, 1),
        "model": manifest.model,
        "fingerprint": manifest.fingerprint,
        "problem": checks.notices().get("index"),
    }
