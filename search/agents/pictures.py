"""Pictures that agents search with: in base64, or fetched from an address within the limits of an upload."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from rest.serializers import StrictSerializer
from search.query import InvalidQuery, PictureAddress, Upload

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


def picture_of(*, image_url: str, image_base64: str) -> Upload | PictureAddress | None:
    """The picture, None without one. Raises InvalidQuery."""
    if image_url and image_base64:
        raise InvalidQuery("image_url", _("Send an address or the picture itself, not both."))
    if image_url:
        return PictureAddress(image_url)
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
