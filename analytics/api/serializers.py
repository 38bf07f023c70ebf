"""Requests of the analytics API."""

from __future__ import annotations

from rest_framework import serializers

from analytics.dashboard.stats import MAX_DAYS
from analytics.sessions.fields import SessionField
from rest.serializers import StrictSerializer

# The last position that a search can return: offset 1,000 plus a page of 100.
MAX_POSITION = 1100


class ClickSerializer(StrictSerializer[dict[str, object]]):
    """A product was opened from the results of ``query_id``, at ``position`` counted from 1."""

    query_id = serializers.UUIDField(help_text="Of the answer that showed the product.")
    product_id = serializers.CharField(max_length=100, help_text="Of the product that was opened.")
    position = serializers.IntegerField(min_value=1, max_value=MAX_POSITION, help_text="Its rank, from 1.")
    session = SessionField(
        required=False,
        help_text="Your name for the visitor's session, as the search had it; by default the browser's own.",
    )


class DaysSerializer(StrictSerializer[dict[str, object]]):
    """The number of days up to and including today."""

    days = serializers.IntegerField(
        min_value=1, max_value=MAX_DAYS, default=30, help_text="How many days, up to and including today."
    )
