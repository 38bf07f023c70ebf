"""Pictures as files: the catalogue's for everybody and for good, shoppers' own for their day."""

from __future__ import annotations

import mimetypes
import posixpath
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.http import http_date
from django.views.static import serve, was_modified_since

from catalog.pictures import integrity
from catalog.pictures.place import picture_bucket
from config.http.bucket_reads import BucketReads
from search import images
from search.images import UnknownImage

if TYPE_CHECKING:
    from catalog.pictures.bucket import PictureBucket

YEAR_SECONDS = 31_536_000
# A browser shows a shopper's picture this long without asking whether it still exists.
HOUR_SECONDS = 3600
# Of one part of a path, on every common file system.
MAX_NAME_BYTES = 255
MAX_PATH_BYTES = 1024
# Half of the threads of a process.
_reads = BucketReads(max(1, settings.WEB_THREADS // 2))


def media(request: HttpRequest, path: str) -> HttpResponseBase:
    """The file below MEDIA_ROOT, or 404: also for a shopper's picture whose day is over."""
    path = posixpath.normpath(path).lstrip("/")
    sizes = [len(part.encode(errors="replace")) for part in path.split("/")]
    # No file can have such a name, and looking for it would fail.
    if max(sizes) > MAX_NAME_BYTES or sum(sizes) > MAX_PATH_BYTES or "\0" in path:
        raise Http404
    # On some file systems, Queries and queries are one folder.
    if path.partition("/")[0].casefold() == images.FOLDER:
        return _shoppers_picture(request, path, now=timezone.now())
    response = _file(request, path)
    # The name is the hash of the content, so a browser may keep it for good.
    patch_cache_control(response, public=True, max_age=YEAR_SECONDS, immutable=True)
    return response


def _file(request: HttpRequest, path: str) -> HttpResponseBase:
    bucket = picture_bucket()
    return _object(request, path, bucket) if bucket else serve(request, path, str(settings.MEDIA_ROOT))


def _object(request: HttpRequest, path: str, bucket: PictureBucket) -> HttpResponseBase:
    """As Django's ``serve``, from the bucket: of pictures alone, since it may hold other things."""
    if path.partition("/")[0] not in {integrity.FOLDER, images.FOLDER}:
        raise Http404
    try:
        with _reads.taken():
            content, written = bucket.read(path)
    except FileNotFoundError:
        raise Http404 from None
    if not was_modified_since(request.headers.get("If-Modified-Since"), written):
        return HttpResponseNotModified()
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    return HttpResponse(content, content_type=kind, headers={"Last-Modified": http_date(written)})


def _shoppers_picture(request: HttpRequest, path: str, *, now: datetime) -> HttpResponseBase:
    image_id = PurePosixPath(path).stem
    if path != images.file_name(image_id):
        raise Http404
    try:
        kept = images.find_query_image(image_id, now=now)
    except UnknownImage:
        raise Http404 from None
    response = _file(request, path)
    left = int((kept.expires_at - now).total_seconds())
    patch_cache_control(response, private=True, max_age=min(left, HOUR_SECONDS))
    # The site's own pages alone show it.
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
