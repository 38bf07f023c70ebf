"""What an API key may be sent for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts import api_keys


def key_missing(scope: str) -> AuthenticationFailed:
    """The refusal of a request without a key, where one with this scope is needed."""
    sentence = _("Send an API key with the scope %(scope)s as %(header)s. The shop's staff make it.")
    return AuthenticationFailed(sentence % {"scope": scope, "header": api_keys.HEADER}, "not_authenticated")


class KeyHasScope(BasePermission):
    """Without a key everybody may ask, unless the endpoint ``needs_key``; with one, it must have the
    endpoint's ``scope``.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        key = api_keys.of_request(request._request)
        scope = getattr(view, "scope", "")
        if key is None and getattr(view, "needs_key", False):
            raise key_missing(scope)
        if key is not None and scope and scope not in key.scopes:
            sentence = _("This API key may not be used here. It needs the scope %(scope)s; staff can add it.")
            raise PermissionDenied(sentence % {"scope": scope}, "scope_missing")
        return True
