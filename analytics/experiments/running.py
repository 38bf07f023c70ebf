"""The experiment that runs, if any, as every search of a page asks for it: cached, and without a query."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from analytics.experiments.models import Experiment

# Other processes see a start or a stop after this long, where they do not share the cache.
CACHE_KEY, CACHE_SECONDS = "experiment", 60


class AnotherRuns(Exception):
    """Only one experiment runs at a time; ``str()`` is the message for staff."""

    def __init__(self) -> None:
        super().__init__(_("Another experiment is running. Stop it first: two would blur each other."))


@dataclass(frozen=True)
class Variant:
    """What differs from the shop's ranking: the weights that are others, and what is switched off."""

    weights: dict[str, float]
    synonyms: bool = True
    curation: bool = True

    @classmethod
    def of(cls, experiment: Experiment) -> Variant:
        return cls(experiment.weights, experiment.synonyms, experiment.curation)


@dataclass(frozen=True)
class Running:
    """An experiment in progress; ``share`` in (0, 1] of the shoppers take part."""

    key: int
    share: float
    variant: Variant


def current() -> Running | None:
    """At most a minute old; one query where it is not cached."""
    held = _read(cache.get(CACHE_KEY))
    if held is not None:
        return held.get("running")
    running = _load()
    cache.set(CACHE_KEY, {} if running is None else asdict(running), CACHE_SECONDS)
    return running


def start(experiment: Experiment, now: datetime) -> None:
    """Begin to draw. Raises AnotherRuns; an experiment that was started before stays as it is."""
    planned = Experiment.objects.filter(pk=experiment.pk, state=Experiment.State.PLANNED)
    try:
        with transaction.atomic():
            planned.update(state=Experiment.State.RUNNING, started_at=now)
    except IntegrityError:
        raise AnotherRuns from None
    forget()
    experiment.refresh_from_db()


def forget() -> None:
    """Have the next search read it again."""
    cache.delete(CACHE_KEY)


def _load() -> Running | None:
    experiment = Experiment.objects.running().first()
    if experiment is None:
        return None
    return Running(experiment.pk, experiment.share / 100, Variant.of(experiment))


def _read(cached: Any) -> dict[str, Running] | None:
    """None for what is not cached, or was by another release."""
    if not isinstance(cached, dict):
        return None
    try:
        variant = Variant(**cached["variant"]) if cached else None
        return {"running": Running(**{**cached, "variant": variant})} if variant else {}
    except (TypeError, KeyError):
        return None
