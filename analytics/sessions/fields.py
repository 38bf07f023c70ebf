"""The field in which API clients name their visitors' sessions."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from analytics.sessions.keys import MAX_NAME

# What can be guessed, such as a visitor's number, would show and forget what others did.
MIN_NAME = 16


class SessionField(serializers.CharField):
    """A client's own name for the session of a visitor."""

    def __init__(self, **options: Any) -> None:
        super().__init__(min_length=MIN_NAME, max_length=MAX_NAME, **options)
