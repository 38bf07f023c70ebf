"""Words of the OpenAPI document that several packages use."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers


class FieldErrorSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField(help_text="For programs; never changes.")
    detail = serializers.CharField(help_text="For people, in the language of the request.")


class ProblemSerializer(serializers.Serializer[dict[str, Any]]):
    """RFC 9457, with the fields of the request that are at fault at the top level too."""

    type = serializers.CharField(help_text="A URI reference whose fragment is the code.")
    title = serializers.CharField(help_text="What is wrong, the same for every problem of this code.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = serializers.CharField(help_text="What to do, in the language of the request.")
    code = serializers.CharField(help_text="For programs; never changes. GET /api/v1/problems lists them.")
    errors = serializers.DictField(  # type: ignore[assignment]  # a field of that name
        child=FieldErrorSerializer(many=True),
        required=False,
        help_text="By field. The sentences of a field also stand under its own name beside this member.",
    )


NO_CONTENT = OpenApiResponse(description="Done.")
NOT_FOUND = OpenApiResponse(ProblemSerializer, description="There is no such thing here.")
UNAUTHENTICATED = OpenApiResponse(ProblemSerializer, description="The credentials are missing or not valid.")
EXPIRED = OpenApiResponse(ProblemSerializer, description="The answer of this query_id is kept no longer.")
