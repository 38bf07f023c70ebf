"""What the API says about itself: its document, and the codes of its refusals."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.problems import PROBLEMS
from rest.caching import PubliclyCached
from rest.views import Endpoint


class SchemaView(PubliclyCached, SpectacularAPIView):
    """The document itself, the same for everybody."""

    max_age = 300


class DocsView(SpectacularSwaggerSplitView):
    """The document as a page to browse."""

    # Its template cannot say what OPTIONS asks.
    http_method_names = ["get", "head"]


class ProblemTypeSerializer(serializers.Serializer[dict[str, Any]]):
    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()


class ProblemsView(PubliclyCached, Endpoint):
    public = True
    max_age = 3600

    @extend_schema(
        operation_id="listProblems",
        summary="The codes of refusals",
        description="Every code that a refusal may carry, with its HTTP status. Codes are only added.",
        responses={200: ProblemTypeSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        rows = [
            {"code": code, "status": status, "title": title} for code, (status, title) in PROBLEMS.items()
        ]
        shown: Any = ProblemTypeSerializer(rows, many=True)  # type: ignore[arg-type]  # the stubs want one row
        return Response(shown.data)
