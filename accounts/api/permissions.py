"""What an API key may be sent for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework.exceptions import PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import api_keys


class KeyHasScope(BasePermission):
    """Without a key everybody may ask; with one, it must have the endpoint's ``scope``."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = api_keys.of_request(request._request)
        scope = getattr(view, "scope", "")
        if key is not None and scope and scope not in key.scopes:
            sentence = _("This API key may not be used here. It needs the scope %(scope)s; staff can add it.")
            raise PermissionDenied(sentence % {"scope": scope}, "scope_missing")
        return True


class NeedsKey(KeyHasScope):
    """A key with the endpoint's ``scope`` is needed."""

    message = gettext_lazy(
        "Send an API key that may write the catalogue as X-API-Key. The shop's staff make keys."
    )

    def has_permission(self, request: Request, view: Any) -> bool:
        return super().has_permission(request, view) and api_keys.of_request(request._request) is not None
