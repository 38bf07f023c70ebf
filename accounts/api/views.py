"""Coming and going for web apps (cookies with CSRF) and for other clients (Bearer tokens)."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import favorites
from accounts.api import serializers
from accounts.api.base import NOTHING, REFUSED, AuthView, new_password_of, valid, with_tokens
from accounts.models import SignIn
from accounts.sign_in import credentials as entry
from accounts.sign_in import recovery, tokens
from accounts.sign_in.authentication import enforce_csrf


class Register(AuthView):
    authentication_classes = ()

    @extend_schema(request=serializers.RegisterSerializer, responses={201: serializers.SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Make an account and sign in to it."""
        data = valid(serializers.RegisterSerializer(data=request.data))
        try:
            user = entry.register(email=data["email"], password=data["password"], name=data["name"])
        except entry.AddressTaken:
            text = _("This address cannot be registered. If it is yours, sign in instead.")
            raise ValidationError({"email": [text]}) from None
        favorites.merge(user, data["favorites"])
        return self.signed_in(request, user, delivery=data["tokens"], code=status.HTTP_201_CREATED)


class Login(AuthView):
    authentication_classes = ()

    @extend_schema(
        request=serializers.LoginSerializer, responses={200: serializers.SignedInSerializer, 401: REFUSED}
    )
    def post(self, request: Request) -> Response:
        """Sign in. Unknown addresses and wrong passwords get the same answer."""
        data = valid(serializers.LoginSerializer(data=request.data))
        user = entry.authenticate(request._request, email=data["email"], password=data["password"])
        if user is None:
            raise AuthenticationFailed(
                _("E-mail address and password do not match. Check both and try again.")
            )
        favorites.merge(user, data["favorites"])
        return self.signed_in(request, user, delivery=data["tokens"])

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'


class Refresh(AuthView):
    authentication_classes = ()

    @extend_schema(
        request=serializers.RefreshSerializer, responses={200: serializers.SignedInSerializer, 401: REFUSED}
    )
    def post(self, request: Request) -> Response:
        """Exchange a refresh token, which serves once, for the next pair of tokens."""
        given = valid(serializers.RefreshSerializer(data=request.data)).get("refresh")
        if given is None:
            enforce_csrf(request)
        cookie = request.COOKIES.get(tokens.refresh_cookie(), "")
        try:
            sign_in, pair = tokens.rotate(given or cookie, now=timezone.now())
        except tokens.TokenRefused as refusal:
            raise AuthenticationFailed(str(refusal)) from None
        person = {"user": serializers.PersonSerializer(sign_in.user).data}
        return with_tokens(person, pair, delivery="cookies" if given is None else "body")

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, AuthenticationFailed):
            tokens.clear_cookies(response)
        return response


class Logout(AuthView):
    @extend_schema(request=serializers.RefreshSerializer, responses={204: NOTHING})
    def post(self, request: Request) -> Response:
        """End this sign-in at once, access and refresh tokens alike."""
        given = valid(serializers.RefreshSerializer(data=request.data)).get("refresh")
        if given is None:
            enforce_csrf_for_cookies(request)
        raw = given or request.COOKIES.get(tokens.refresh_cookie(), "")
        now = timezone.now()
        known = request.auth if isinstance(request.auth, SignIn) else tokens.owner(raw, now=now)
        entry.sign_out(request._request, known, now=now)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        return response


def enforce_csrf_for_cookies(request: Request) -> None:
    """Refuse a foreign page that would sign someone out by their cookie. Raises PermissionDenied."""
    if "HTTP_AUTHORIZATION" not in request.META:
        enforce_csrf(request)


class Forgot(AuthView):
    authentication_classes = ()

    @extend_schema(
        request=serializers.ForgotSerializer,
        responses={202: OpenApiResponse(description="If the address has an account, a mail is on its way.")},
    )
    def post(self, request: Request) -> Response:
        """Ask for a link by mail that sets a new password; the same answer for every address."""
        recovery.ask(request._request, valid(serializers.ForgotSerializer(data=request.data))["email"])
        return Response(status=status.HTTP_202_ACCEPTED)


class Reset(AuthView):
    authentication_classes = ()

    @extend_schema(request=serializers.ResetSerializer, responses={204: NOTHING})
    def post(self, request: Request) -> Response:
        """Set a new password with what a mailed link holds; every sign-in ends."""
        data = valid(serializers.ResetSerializer(data=request.data))
        user = recovery.recipient(data["uid"], data["token"])
        if user is None:
            raise ValidationError({"token": [_("This link works no more. Ask for a new one.")]})
        user.change_password(new_password_of(user, data))
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        return response
