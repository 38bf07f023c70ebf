"""What the catalogue tells the queue."""

import pytest
from django.core.cache import cache

from search import tasks


@pytest.fixture
def announced(settings, monkeypatch):
    """The countdowns, in seconds, of the runs that were enqueued to publish a change."""
    settings.CATALOGUE_CHANGED_TASK = tasks.follow_changes.name
    enqueued = []
    monkeypatch.setattr(
        tasks.follow_changes,
        "apply_async",
        lambda *_arguments, **options: enqueued.append(options["countdown"]),
    )
    cache.clear()
    return enqueued
