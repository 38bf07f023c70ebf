"""Pictures that agents search with: by their address as anybody, or in base64."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from rest.serializers import StrictSerializer
from search.api.query_serializers import one_picture
from search.query import InvalidQuery, PictureAddress, Upload

# Characters. Four of them hold three bytes of a picture.
MAX_BASE64 = 10 * 1024 * 1024

_DATA_URL = re.compile(r"data:([\w.+-]+/[\w.+-]+)?(?:;[\w=-]+)*;base64,", re.ASCII)


class Base64PictureSerializer(StrictSerializer[Any]):
    image_base64 = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=MAX_BASE64,
        trim_whitespace=False,
        help_text="The picture itself in base64, or as a data: URL: JPEG, PNG, WebP, AVIF or GIF, up to "
        "7.5 MB and 25 megapixels. Use image_id of the answer afterwards.",
    )


def picture_of(*, image_url: str, image_base64: str) -> Upload | PictureAddress | None:
    """The picture, None without one. Raises InvalidQuery."""
    return one_picture(_decoded(image_base64) if image_base64 else None, image_url)


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
