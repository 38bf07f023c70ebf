"""Limits on requests that are checked before their body is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from catalog.writing.limits import MAX_BYTES
from config.http.errors import address_too_long, bad_request, refusal, too_large, writes_catalogue

# Bytes for field names, boundaries and the text beside a picture.
FORM_OVERHEAD = 1024 * 1024
# In characters, of path and query: nginx and most other servers take about as much.
LONGEST_ADDRESS = 8190


def largest_body(request: HttpRequest) -> int:
    """The limit in bytes: that of a picture for what may carry one, that of many products where the catalogue
    is written, that of a shop's message, a small one for everything else. Agents send pictures in base64
    within JSON.
    """
    if writes_catalogue(request):
        return MAX_BYTES
    if request.path_info.startswith("/webhooks/"):
        return int(settings.MAX_WEBHOOK_BYTES)
    if request.content_type == "multipart/form-data" or request.path_info.startswith(settings.PICTURE_PATHS):
        return int(settings.MAX_UPLOAD_BYTES) + FORM_OVERHEAD
    return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


class BodySizeMiddleware:
    """Refuses by ``Content-Length``; WSGI servers let no application read beyond it.

    Django's own limit does not count files, and DRF's JSON parser does not apply it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not str(length).isdecimal():
            return refusal(
                request,
                400,
                "bad_request",
                _("The Content-Length header is not a number. Send the body's size in bytes."),
            )
        if int(length) > largest_body(request):
            return too_large(request)
        return self.get_response(request)


class LongAddressMiddleware:
    """Refuses over-long addresses with 414, before anything is looked up or redirected."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.path_info) + len(request.META.get("QUERY_STRING", "")) >= LONGEST_ADDRESS:
            return address_too_long(request)
        return self.get_response(request)


class NullByteMiddleware:
    """Refuses null bytes in the query of an address, since PostgreSQL takes none in a text."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", ""):
            return bad_request(request)
        return self.get_response(request)


class CappedUploadHandler(FileUploadHandler):
    """Stops a file that grows past MAX_UPLOAD_BYTES, whatever Content-Length says, before any of it is kept.

    It is the first of FILE_UPLOAD_HANDLERS and passes every chunk on.
    """

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count the bytes of all files of the request. Raises RequestDataTooBig, answered with 413."""
        self._received += len(raw_data)
        if self._received > settings.MAX_UPLOAD_BYTES:
            raise RequestDataTooBig(f"Uploads of more than {settings.MAX_UPLOAD_BYTES} bytes are refused.")
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None  # the next handler keeps the file
