"""Pages and answers travel compressed; pictures already are, and whitenoise keeps compressed static files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/html", "text/csv", "application/json", "application/vnd.oai.openapi")


class CompressionMiddleware(GZipMiddleware):
    """gzip for text alone. Against guessing secrets by size (BREACH) Django pads each answer and masks
    its CSRF tokens anew in each.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
