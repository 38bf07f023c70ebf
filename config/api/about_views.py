"""What the API says about itself: its document, and the codes of its refusals."""

from __future__ import annotations

from threading import Lock
from typing import Any

from cachetools import cached
from django.conf import settings
from django.utils.translation import get_language, get_supported_language_variant, override
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from config.api.negotiation import NamedNegotiation
from config.api.problems import PROBLEMS
from rest.caching import PubliclyCached
from rest.views import Endpoint


class Document(dict[str, Any]):
    """The document as a value, with what renderers made of it by their media type."""

    def __init__(self, stated: dict[str, Any]) -> None:
        super().__init__(stated)
        self.rendered: dict[str, str | bytes] = {}


class DocumentOnce(SchemaGenerator):
    """Gives the one document of a language, whatever a request says: making it takes half a second."""

    def get_schema(self, request: Request | None = None, public: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002 - as it is called
        try:
            return _document(get_supported_language_variant(get_language() or settings.LANGUAGE_CODE))
        except LookupError:
            return _document(settings.LANGUAGE_CODE)


@cached({}, lock=Lock())
def _document(language: str) -> Document:
    # By a generator of its own: that of a request carries the version that its address asks for.
    with override(language):
        return Document(SchemaGenerator().get_schema(public=True))  # type: ignore[no-untyped-call]  # it has no annotations


class RenderedOnce(BaseRenderer):
    """Before a renderer: what it makes of a Document, whatever indent a client asks for, is kept with it."""

    def render(self, data: Any, *arguments: Any, **options: Any) -> Any:
        if not isinstance(data, Document):
            return super().render(data, *arguments, **options)
        if self.media_type not in data.rendered:
            data.rendered[self.media_type] = super().render(dict(data))
        return data.rendered[self.media_type]


class SchemaView(PubliclyCached, SpectacularAPIView):
    """The document itself, the same for everybody."""

    max_age = 300
    generator_class = DocumentOnce
    content_negotiation_class = NamedNegotiation
    renderer_classes = [
        type(f"{each.__name__}Once", (RenderedOnce, each), {}) for each in SpectacularAPIView.renderer_classes
    ]


class DocsView(SpectacularSwaggerSplitView):
    """The document as a page to browse."""

    template_name = "api_docs.html"
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
