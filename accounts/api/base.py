"""Shared by the endpoints of accounts: the base view, token delivery and checks of credentials."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError as WeakPassword
from django.middleware.csrf import get_token
from django.utils import timezone
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from accounts.api import serializers
from accounts.models import User
from accounts.sign_in import credentials, tokens
from accounts.sign_in.current_user import require_user
from accounts.sign_in.guessing import remember_device
from rest.views import Endpoint


class AuthView(Endpoint):
    """Endpoints that handle credentials.

    They accept JSON only, which another site's page cannot send without a CORS preflight, and every
    response carries the CSRF token that a web app needs for its next request.
    """

    # The first of the site's parsers is the one for JSON.
    parser_classes = [api_settings.DEFAULT_PARSER_CLASSES[0]]  # type: ignore[list-item]  # a class by then

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        final["X-CSRFToken"] = get_token(request._request)
        return final

    def signed_in(self, request: Request, user: User, *, delivery: str, code: int = 200) -> Response:
        """Sign ``user`` in and respond with the tokens in cookies or in the body."""
        pair = credentials.sign_in(request._request, user, now=timezone.now())
        body = {"user": serializers.PersonSerializer(user).data}
        response = with_tokens(body, pair, delivery=delivery, code=code)
        if delivery == "cookies":
            remember_device(request._request, response, user.email)
        return response


def with_tokens(body: dict[str, Any], pair: tokens.TokenPair, *, delivery: str, code: int = 200) -> Response:
    """A response with ``body`` and the tokens: in it for ``delivery`` "body", else in cookies."""
    body |= {"expires_in": pair.expires_in, "refresh_expires_in": pair.refresh_expires_in}
    if delivery == "body":
        return Response({**body, "access": pair.access, "refresh": pair.refresh}, status=code)
    response = Response(body, status=code)
    tokens.set_cookies(response, pair)
    return response


def validated(serializer: Any) -> dict[str, Any]:
    """The serializer's validated data. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def reauthenticated_user(request: Request, password: str) -> User:
    """The signed-in user, whose ``password`` must be right. Raises WrongPassword."""
    user = require_user(request)
    credentials.check_current_password(request._request, user, password)
    return user


def validated_new_password(user: User, data: dict[str, Any]) -> str:
    """``data["new_password"]``, checked against the rules for ``user``. Raises ValidationError."""
    password: str = data["new_password"]
    try:
        credentials.check_new_password(password, email=user.email, name=user.name)
    except WeakPassword as error:
        raise ValidationError({"new_password": error.messages}) from None
    return password
