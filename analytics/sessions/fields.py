"""The field in which API clients name their visitors' sessions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from analytics.sessions.keys import MAX_NAME


class SessionField(serializers.CharField):
    """A client's own name for the session of a visitor; docs/events.md says how long it should be."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=MAX_NAME, **options)
