"""Requests of the analytics API."""

from __future__ import annotations

from rest_framework import serializers

from analytics.dashboard.stats import MAX_DAYS

# The last position that a search can return: offset 1,000 plus a page of 100.
MAX_POSITION = 1100


class ClickSerializer(serializers.Serializer[dict[str, object]]):
    """A product was opened from the results of ``query_id``, at ``position`` counted from 1."""

    query_id = serializers.UUIDField()
    product_id = serializers.CharField(max_length=100)
    position = serializers.IntegerField(min_value=1, max_value=MAX_POSITION)


class DaysSerializer(serializers.Serializer[dict[str, object]]):
    """The number of days up to and including today."""

    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, default=30)
