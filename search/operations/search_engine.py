"""The published index and where its vectors lie, as the doctor sees them."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db import DatabaseError
from django.template.defaultfilters import pluralize

from search.operations.findings import Finding, as_sentence, short

REINDEX = "Run `manage.py reindex`."
_OF_ANOTHER_MODEL = Finding("Its fingerprint is that of another model than the configured one.", REINDEX)


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


def published_index() -> Iterator[Finding]:
    """Whether an index is published, undamaged, made by this encoder, and up to date with the catalogue."""
    # Imported here for the same reason.
    from search import engine
    from search.encoding.errors import EncoderError
    from search.index.segments.update import behind_catalogue
    from search.index.storage.opening import others, published_by_another
    from search.index.store import REBUILD, IndexMissing
    from search.index.version import DamagedVersion

    try:
        store = engine.store()
        current = store.current()
        same = current.manifest.fingerprint == engine.encoder().fingerprint
    except IndexMissing as error:
        if published_by_another(store, error) is None:
            yield Finding(as_sentence(error.reason), f"Run `{error.command}`.")
        else:
            yield _OF_ANOTHER_MODEL
        return
    except EncoderError:
        return  # `model` reports it
    if store.problem:
        # The problem ends with its fix, which is a sentence of its own here.
        yield Finding(as_sentence(store.problem.removesuffix(f"Run `{REBUILD}`.")), f"Run `{REBUILD}`.")
    if not same:
        yield _OF_ANOTHER_MODEL
        return
    left: list[str] = []
    try:
        left += [str(place) for place in others(store)]
    except OSError as error:
        yield Finding(f"What other models left cannot be read ({short(error)}).", "Correct its permissions.")
    for each in left:
        yield Finding(
            f"{each} lies beside it. Once nothing serves it any more, and you will not go back, "
            "`manage.py remove_other_models` deletes it."
        )
    try:
        behind = behind_catalogue(store)
    except DatabaseError:
        return  # `database` reports it
    except DamagedVersion as damage:
        reason = f"Version {current.manifest.version} is damaged, though it serves: {damage}."
        yield Finding(as_sentence(reason), f"Run `{REBUILD}`.")
        return
    if behind:
        yield Finding(f"{behind:,} of the products changed since it was built.", REINDEX)
    else:
        held = current.manifest.count
        yield Finding(f"Version {current.manifest.version} holds {held:,} product{pluralize(held)}.")
