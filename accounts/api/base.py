"""What the endpoints about people share: JSON alone, a CSRF token in each answer, tokens in either place."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from accounts.api import serializers
from accounts.models import User
from accounts.sign_in import credentials as entry
from accounts.sign_in import tokens

REFUSED = OpenApiResponse(description="Not signed in, or wrong credentials.")
NOTHING = OpenApiResponse(description="Done.")


class AuthView(APIView):
    """Endpoints that handle credentials.

    They read JSON alone, which a foreign page cannot send without asking first (CORS), and every
    answer carries the CSRF token that a web app needs for its next request.
    """

    # The first of the site's parsers is the one for JSON.
    parser_classes = [api_settings.DEFAULT_PARSER_CLASSES[0]]  # type: ignore[list-item]  # a class by then

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        final["X-CSRFToken"] = get_token(request._request)
        return final

    def signed_in(self, request: Request, user: User, *, delivery: str, code: int = 200) -> Response:
        """Sign ``user`` in and answer with the tokens in cookies or in the body."""
        pair = entry.sign_in(request._request, user, now=timezone.now())
        return with_tokens(
            {"user": serializers.PersonSerializer(user).data}, pair, delivery=delivery, code=code
        )


def with_tokens(body: dict[str, Any], pair: tokens.TokenPair, *, delivery: str, code: int = 200) -> Response:
    """``body`` with the tokens in it, or in cookies beside it."""
    if delivery == "body":
        return Response({**body, "access": pair.access, "refresh": pair.refresh}, status=code)
    response = Response(body, status=code)
    tokens.set_cookies(response, pair)
    return response


def valid(serializer: Any) -> dict[str, Any]:
    """What the serializer made of the request. Raises ValidationError."""
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


def person(request: Request) -> User:
    """Who is signed in. Raises AuthenticationFailed."""
    if not isinstance(request.user, User):
        raise AuthenticationFailed
    return request.user


def owner(request: Request, password: str) -> User:
    """The signed-in person, if the password is theirs. Raises ValidationError."""
    user = person(request)
    if entry.authenticate(request._request, email=user.email, password=password) != user:
        raise ValidationError({"password": [_("This is not your current password.")]})
    return user


def new_password_of(user: User, data: dict[str, Any]) -> str:
    """The ``new_password`` that was sent, if it is fit for ``user``. Raises ValidationError."""
    password: str = data["new_password"]
    try:
        entry.check_new_password(password, email=user.email, name=user.name)
    except serializers.WeakPassword as weak:
        raise ValidationError({"new_password": weak.messages}) from None
    return password
