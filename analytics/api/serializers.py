"""What clients may say about what a shopper did."""

from __future__ import annotations

from rest_framework import serializers

from analytics.dashboard.stats import MAX_DAYS

# The deepest place of an answer: offset 1,000 plus a page of 100.
DEEPEST_POSITION = 1100


class ClickSerializer(serializers.Serializer[dict[str, object]]):
    """A product was opened from the answer ``query_id``, at ``position`` counted from 1."""

    query_id = serializers.UUIDField()
    product_id = serializers.CharField(max_length=100)
    position = serializers.IntegerField(min_value=1, max_value=DEEPEST_POSITION)


class DaysSerializer(serializers.Serializer[dict[str, object]]):
    """The last so many days, today included."""

    days = serializers.IntegerField(min_value=1, max_value=MAX_DAYS, default=30)
