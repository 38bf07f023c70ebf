"""Compression of pages and API responses. Pictures are compressed already; whitenoise does static files."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = (
    "text/html",
    "text/csv",
    "application/json",
    "application/problem+json",
    "application/vnd.oai.openapi",
)


class CompressionMiddleware(GZipMiddleware):
    """gzip for text only.

    Against BREACH (guessing a secret by the response's size), Django adds random padding to each response
    and masks the CSRF token anew in each.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
