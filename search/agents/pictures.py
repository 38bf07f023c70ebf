"""Pictures that agents search with: in base64, or fetched from an address within the limits of an upload."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import serializers

from catalog.fetching import PictureVersion, fetch_picture
from catalog.sources.base import SourceError
from rest.serializers import StrictSerializer
from search.admission import before_decoding
from search.agents import bounded
from search.query import InvalidQuery, Upload

# The longest that a request waits for the server of a picture.
FETCH_SECONDS = 8.0
MAX_URL = 2000
# Characters. Four of them hold three bytes of a picture.
MAX_BASE64 = 10 * 1024 * 1024

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=-]+)*;base64,", re.ASCII)


class PictureSerializer(StrictSerializer[Any]):
    """The picture's part of a search: an address or the picture itself."""

    image_url = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_URL,
        help_text="A public http or https address of a picture: JPEG, PNG, WebP, AVIF or GIF, up to 10 MB "
        "and 25 megapixels. It is fetched once; use image_id of the answer afterwards.",
    )
    image_base64 = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_BASE64,
        trim_whitespace=False,
        help_text="The picture itself in base64, or as a data: URL, up to 7.5 MB.",
    )


def picture_of(*, image_url: str, image_base64: str) -> Upload | None:
    """The picture, None without one. Raises InvalidQuery, OverBudget and Busy."""
    if image_url and image_base64:
        raise InvalidQuery("image_url", _("Send an address or the picture itself, not both."))
    if image_url:
        return Upload(_fetched(image_url))
    return _decoded(image_base64) if image_base64 else None


def _decoded(text: str) -> Upload:
    """Raises InvalidQuery for what is no base64."""
    prefix = _DATA_URL.match(text)
    try:
        data = base64.b64decode("".join(text[prefix.end() if prefix else 0 :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise InvalidQuery(
            "image_base64", _("This is not base64. Encode the bytes of the picture file.")
        ) from None
    return Upload(data, prefix[1] if prefix else None)


def _fetched(url: str) -> bytes:
    """The bytes behind a public address, counted as a picture. Raises InvalidQuery where they do not come."""
    bounded.count()
    before_decoding.set(None)  # what is decoded next is the same picture
    unknown = PictureVersion()
    try:
        fetched = bounded.within(FETCH_SECONDS, lambda: fetch_picture(url, unknown, seconds=FETCH_SECONDS))
    except (SourceError, TimeoutError):
        sentence = _(
            "The picture cannot be fetched. Give a public http or https address that answers within "
            "%(seconds)d seconds with a picture of at most %(megabytes)d MB, or send the picture in base64."
        ) % {"seconds": FETCH_SECONDS, "megabytes": settings.MAX_UPLOAD_BYTES // 2**20}
        raise InvalidQuery("image_url", sentence) from None
    # None is the answer to a version that is known, and none is.
    return fetched.data if fetched else b""
