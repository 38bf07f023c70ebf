"""Answers that are the same for everybody: an ETag, and a while in which nobody need ask again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class PubliclyCached(APIView):
    """For endpoints whose GET answers everybody alike, for ``max_age`` seconds."""

    max_age: ClassVar[int] = 60

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        if request.method in {"GET", "HEAD"} and final.status_code == 200:
            # The language that somebody chose is theirs; a cache tells the browsers' own languages apart.
            has_chosen = settings.LANGUAGE_COOKIE_NAME in request._request.COOKIES
            kept = {"private": True} if has_chosen else {"public": True}
            patch_cache_control(final, max_age=self.max_age, **kept)
            final.add_post_render_callback(_conditional(request._request))
        return final


def _conditional(request: HttpRequest) -> Callable[[Response], HttpResponseBase | None]:
    """Gives a rendered response its ETag, and answers 304 to a client that has it already."""

    def answer(response: Response) -> HttpResponseBase | None:
        etag = quote_etag(hashlib.sha256(response.content).hexdigest()[:32])
        response["ETag"] = etag
        return get_conditional_response(request, etag=etag, response=response)

    return answer
