"""Where the vectors of the index lie, and whether that is where the settings want them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings

from search.operations.findings import Finding


def search_engine() -> Iterator[Finding]:
    """Whether the engine of the settings answers, and whether it made the version in service."""
    # Imported here, because the doctor must also report where a library of the search is missing.
    from search import engine
    from search.index.engines.choice import MILVUS, engine_name
    from search.index.engines.milvus.connection import server_version
    from search.index.engines.not_ready import NotReady
    from search.index.store import IndexMissing

    if settings.SEARCH_ENGINE == MILVUS:
        try:
            yield Finding(f"Milvus {server_version()} answers at {settings.MILVUS_ADDRESS}.")
        except NotReady as absent:
            fix = "Start it, or correct MILVUS_ADDRESS and MILVUS_TOKEN."
            yield Finding(absent.reason, f"Run `{absent.command}`." if "pip" in absent.command else fix)
            return
    else:
        yield Finding("Vectors are compared in this process.")
    try:
        built = engine_name(engine.store().current().manifest)
    except IndexMissing:
        return  # `index` reports it
    if built != settings.SEARCH_ENGINE:
        yield Finding(
            f"SEARCH_ENGINE is {settings.SEARCH_ENGINE}, but the index in service was built with {built}.",
            "Run `manage.py reindex`.",
        )
