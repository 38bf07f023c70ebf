"""Whether this process can answer searches, for /readyz: each reason with the command that fixes it."""

from __future__ import annotations

import threading

from django.conf import settings

from search import engine
from search.encoding.errors import EncoderError, shown_name
from search.index.engines.not_ready import NotReady
from search.index.manifest import Manifest
from search.index.storage.opening import published_by_another
from search.index.store import IndexMissing
from search.operations import warm_up

_lock = threading.Lock()
# The configured model and why it could not be loaded: the probes every few seconds must not try it again.
_failure: tuple[str, str] | None = None


def readiness() -> dict[str, str | None]:
    """Why searches cannot be answered, under "encoder" and "index"; None where they can.

    Returns at once while the process is warming up, which takes longer than a probe's time-out.
    """
    if warm_up.in_progress():
        return dict.fromkeys(("encoder", "index"), "It is being loaded; this takes a few seconds.")
    encoder = encoder_problem()
    return {"encoder": encoder, "index": index_problem(with_encoder=encoder is None)}


def notices() -> dict[str, str]:
    """What an operator should fix although searches are answered, such as a damaged index version.

    Nothing while the process is warming up, which ``readiness`` says.
    """
    if warm_up.in_progress():
        return {}
    store = engine.store()
    found = {"index": store.problem, "index storage": store.storage_problem}
    return {name: problem for name, problem in found.items() if problem}


def details() -> dict[str, str]:
    """For staff: what the library said, with paths of this machine."""
    try:
        engine.encoder()
    except EncoderError as error:
        return {"encoder": error.explained}
    return {}


def encoder_problem() -> str | None:
    """Why the encoder cannot be used. Loads it on the first call of a process; a failure is remembered."""
    global _failure
    with _lock:
        if _failure and _failure[0] == settings.CLIP_MODEL:
            return _failure[1]
        try:
            engine.encoder()
        except EncoderError as error:
            _failure = (settings.CLIP_MODEL, str(error))
            return _failure[1]
    return None


def index_problem(*, with_encoder: bool) -> str | None:
    """Why no version of the index can be searched; compared with the encoder only where there is one."""
    store = engine.store()
    try:
        current = store.current()
        current.ping()
    except (IndexMissing, NotReady) as missing:
        other = published_by_another(store, missing) if with_encoder else None
        return _of_another_model(other) if other else f"{missing.reason} Run `{missing.command}`."
    if with_encoder and current.manifest.fingerprint != engine.encoder().fingerprint:
        return _of_another_model(current.manifest)
    return None


def _of_another_model(manifest: Manifest) -> str:
    made_by, model = shown_name(manifest.model), shown_name(settings.CLIP_MODEL)
    # A release may bring other weights of the same name.
    other = f"other weights of the model {made_by!r}" if made_by == model else f"the model {made_by!r}"
    return f"The index was made by {other}, so {model!r} cannot search it. Run `manage.py reindex`."
