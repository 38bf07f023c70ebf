"""The data export as the API's document describes it; ``accounts.export`` makes it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import FavoriteSerializer
from rest.prices import PriceField


class ExportedAccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    email = serializers.EmailField()
    name = serializers.CharField()
    personal_results = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    last_login = serializers.DateTimeField(allow_null=True)


class ExportedSignInSerializer(serializers.Serializer[Any]):
    browser = serializers.CharField()
    system = serializers.CharField()
    created_at = serializers.DateTimeField()
    rotated_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)


class ExportedSearchSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    timestamp = serializers.DateTimeField()
    query_type = serializers.CharField()
    query_text = serializers.CharField()
    image_url = serializers.CharField()
    fusion_weight = serializers.FloatField(allow_null=True)
    filters = serializers.DictField()


class ExportedClickSerializer(serializers.Serializer[Any]):
    timestamp = serializers.DateTimeField()
    search_id = serializers.UUIDField()
    product_id = serializers.CharField()
    position = serializers.IntegerField()


class ExportedPictureSerializer(serializers.Serializer[Any]):
    image_id = serializers.CharField()
    uploaded_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


class ExportedEventSerializer(serializers.Serializer[Any]):
    timestamp = serializers.DateTimeField()
    type = serializers.CharField()
    product_id = serializers.CharField()
    search_id = serializers.UUIDField(allow_null=True)
    query_key = serializers.CharField()
    position = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()  # type: ignore[assignment]  # a field of that name
    value = serializers.DecimalField(14, 2, allow_null=True)
    currency = serializers.CharField()
    quantity = serializers.IntegerField()


class ExportedAlertSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.CharField()
    product__product_id = serializers.CharField(allow_null=True)
    price = PriceField(allow_null=True)
    currency = serializers.CharField()
    query = serializers.DictField()
    language = serializers.CharField()
    created_at = serializers.DateTimeField()
    confirmed_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField()
    last_sent_at = serializers.DateTimeField(allow_null=True)


class ExportedExperimentSerializer(serializers.Serializer[Any]):
    """An experiment that the person started."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    started_at = serializers.DateTimeField()


class ExportedApiKeySerializer(serializers.Serializer[Any]):
    """A key that the person created."""

    name = serializers.CharField()
    identifier = serializers.CharField()
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)


class ExportSerializer(serializers.Serializer[Any]):
    """The form of ``accounts.export.export``."""

    exported_at = serializers.DateTimeField()
    account = ExportedAccountSerializer()
    favorites = FavoriteSerializer(many=True)
    sign_ins = ExportedSignInSerializer(many=True)
    searches = ExportedSearchSerializer(many=True)
    clicks = ExportedClickSerializer(many=True)
    pictures = ExportedPictureSerializer(many=True)
    events = ExportedEventSerializer(many=True)
    alerts = ExportedAlertSerializer(many=True)
    experiments = ExportedExperimentSerializer(many=True)
    api_keys = ExportedApiKeySerializer(many=True)
