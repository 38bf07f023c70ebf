"""Registration, sign-in, sign-out and password reset, for web apps (cookies) and Bearer clients."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import favorites
from accounts.api import serializers
from accounts.api.base import AuthView, validated, validated_new_password, with_tokens
from accounts.models import SignIn
from accounts.sign_in import credentials, recovery, tokens
from accounts.sign_in.authentication import BEARER_CHALLENGE, enforce_csrf, refused
from rest.schema import NO_CONTENT, UNAUTHENTICATED


class Register(AuthView):
    authentication_classes = ()

    @extend_schema(
        operation_id="register",
        summary="Create an account",
        description="Creates an account and signs in to it, by cookies or with tokens in the answer.",
        request=serializers.RegisterSerializer,
        responses={201: serializers.SignedInSerializer},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.RegisterSerializer(data=request.data))
        user = credentials.register(email=data["email"], password=data["password"], name=data["name"])
        favorites.merge(user, data["favorites"])
        return self.signed_in(request, user, delivery=data["tokens"], code=status.HTTP_201_CREATED)


class Login(AuthView):
    authentication_classes = ()

    @extend_schema(
        operation_id="login",
        summary="Sign in",
        description="Signs in, by cookies or with tokens in the answer. Unknown addresses and wrong "
        "passwords get the same answer.",
        request=serializers.LoginSerializer,
        responses={200: serializers.SignedInSerializer, 401: UNAUTHENTICATED},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.LoginSerializer(data=request.data))
        try:
            user = credentials.authenticate(request._request, email=data["email"], password=data["password"])
        except credentials.CredentialsRefused as error:
            raise AuthenticationFailed(str(error), "credentials_wrong") from None
        favorites.merge(user, data["favorites"])
        return self.signed_in(request, user, delivery=data["tokens"])

    # Without authentication classes, DRF needs this header to respond with 401 instead of 403.
    def get_authenticate_header(self, request: Request) -> str:
        return BEARER_CHALLENGE


class Refresh(AuthView):
    authentication_classes = ()
    # Of a browser's cookie, which no authentication class reads here.
    checks_csrf = True

    @extend_schema(
        operation_id="refreshTokens",
        summary="Exchange a refresh token",
        description="Exchanges a refresh token, which is valid once, for the next pair of tokens.",
        request=serializers.RefreshSerializer,
        responses={200: serializers.SignedInSerializer, 401: UNAUTHENTICATED},
    )
    def post(self, request: Request) -> Response:
        submitted = validated(serializers.RefreshSerializer(data=request.data)).get("refresh")
        cookie = request.COOKIES.get(tokens.refresh_cookie(), "")
        if not (submitted or cookie):
            raise NotAuthenticated(_("Send the refresh token or its cookie; without one, sign in."))
        # A browser adds the cookie to another site's request too; a token in the body proves its sender.
        if submitted is None:
            enforce_csrf(request)
        try:
            sign_in, pair = tokens.rotate(submitted or cookie, now=timezone.now())
        except tokens.TokenRefused as error:
            raise refused(error) from None
        body = {"user": serializers.PersonSerializer(sign_in.user).data}
        return with_tokens(body, pair, delivery="cookies" if submitted is None else "body")

    def get_authenticate_header(self, request: Request) -> str:
        return BEARER_CHALLENGE

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        # A refused refresh token is of no further use to the browser, if it was the browser's.
        is_refused = isinstance(exc, AuthenticationFailed | NotAuthenticated)
        if is_refused and "refresh" not in self.request.data:
            tokens.clear_sent_cookies(self.request._request, response)
        return response


class Logout(AuthView):
    # A browser whose access has expired may still end its sign-in.
    public = True

    @extend_schema(
        operation_id="logout",
        summary="Sign out",
        description="Ends this sign-in at once, access and refresh tokens alike.",
        request=serializers.RefreshSerializer,
        responses={204: NO_CONTENT},
    )
    def post(self, request: Request) -> Response:
        submitted = validated(serializers.RefreshSerializer(data=request.data)).get("refresh")
        if submitted is None:
            enforce_csrf_for_cookies(request)
        raw = submitted or request.COOKIES.get(tokens.refresh_cookie(), "")
        now = timezone.now()
        known = request.auth if isinstance(request.auth, SignIn) else tokens.find_sign_in(raw, now=now)
        credentials.sign_out(request._request, known, now=now)
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        return response


def enforce_csrf_for_cookies(request: Request) -> None:
    """Stop another site's page from signing a user out by cookie. Raises PermissionDenied."""
    if "HTTP_AUTHORIZATION" not in request.META:
        enforce_csrf(request)


class Forgot(AuthView):
    authentication_classes = ()

    @extend_schema(
        operation_id="requestPasswordReset",
        summary="Ask for a new password",
        description="Sends a mail with a link to set a new password; every address gets the same answer.",
        request=serializers.ForgotSerializer,
        responses={202: OpenApiResponse(description="If the address has an account, a mail is on its way.")},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.ForgotSerializer(data=request.data))
        recovery.request_link(data["email"])
        return Response(status=status.HTTP_202_ACCEPTED)


class Reset(AuthView):
    authentication_classes = ()

    @extend_schema(
        operation_id="resetPassword",
        summary="Set a new password by link",
        description="Sets a new password with the two parts of a mailed link; every sign-in ends.",
        request=serializers.ResetSerializer,
        responses={204: NO_CONTENT},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.ResetSerializer(data=request.data))
        user = recovery.verify_link(data["uid"], data["token"])
        recovery.use_link(user, data["token"], validated_new_password(user, data))
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        return response
