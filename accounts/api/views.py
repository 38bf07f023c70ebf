"""Accounts and favourites for web apps (cookies with CSRF) and for other clients (Bearer tokens)."""

from __future__ import annotations

from typing import Any

from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import AuthenticationFailed, NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.views import APIView

from accounts import entry, favorites, tokens
from accounts.api import serializers as shapes
from accounts.authentication import enforce_csrf
from accounts.export import export
from accounts.models import Favorite, SignIn, User

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
        return _with_tokens({"user": shapes.PersonSerializer(user).data}, pair, delivery=delivery, code=code)


def _with_tokens(body: dict[str, Any], pair: tokens.TokenPair, *, delivery: str, code: int = 200) -> Response:
    if delivery == "body":
        return Response({**body, "access": pair.access, "refresh": pair.refresh}, status=code)
    response = Response(body, status=code)
    tokens.set_cookies(response, pair)
    return response


def _valid(serializer: Any) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    data: dict[str, Any] = serializer.validated_data
    return data


class Register(AuthView):
    authentication_classes = ()

    @extend_schema(request=shapes.RegisterSerializer, responses={201: shapes.SignedInSerializer})
    def post(self, request: Request) -> Response:
        """Make an account and sign in to it."""
        data = _valid(shapes.RegisterSerializer(data=request.data))
        try:
            user = entry.register(email=data["email"], password=data["password"], name=data["name"])
        except entry.AddressTaken:
            text = _("This address cannot be registered. If it is yours, sign in instead.")
            raise ValidationError({"email": [text]}) from None
        favorites.merge(user, data["favorites"])
        return self.signed_in(request, user, delivery=data["tokens"], code=status.HTTP_201_CREATED)


class Login(AuthView):
    authentication_classes = ()

    @extend_schema(request=shapes.LoginSerializer, responses={200: shapes.SignedInSerializer, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Sign in. Unknown addresses and wrong passwords get the same answer."""
        data = _valid(shapes.LoginSerializer(data=request.data))
        user = entry.who_is(request._request, email=data["email"], password=data["password"])
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

    @extend_schema(request=shapes.RefreshSerializer, responses={200: shapes.SignedInSerializer, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Exchange a refresh token, which serves once, for the next pair of tokens."""
        given = _valid(shapes.RefreshSerializer(data=request.data)).get("refresh")
        if given is None:
            enforce_csrf(request)
        cookie = request.COOKIES.get(tokens.refresh_cookie(), "")
        try:
            sign_in, pair = tokens.rotate(given or cookie, now=timezone.now())
        except tokens.TokenRefused as refusal:
            raise AuthenticationFailed(str(refusal)) from None
        person = {"user": shapes.PersonSerializer(sign_in.user).data}
        return _with_tokens(person, pair, delivery="cookies" if given is None else "body")

    def get_authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(exc)
        if isinstance(exc, AuthenticationFailed):
            tokens.clear_cookies(response)
        return response


class Logout(AuthView):
    @extend_schema(request=shapes.RefreshSerializer, responses={204: NOTHING})
    def post(self, request: Request) -> Response:
        """End this sign-in at once, access and refresh tokens alike."""
        given = _valid(shapes.RefreshSerializer(data=request.data)).get("refresh")
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


class Me(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: shapes.PersonSerializer, 401: REFUSED})
    def get(self, request: Request) -> Response:
        """Who is signed in."""
        return Response(shapes.PersonSerializer(_person(request)).data)

    @extend_schema(request=shapes.PersonSerializer, responses={200: shapes.PersonSerializer, 401: REFUSED})
    def patch(self, request: Request) -> Response:
        """Change name or preferences."""
        person = shapes.PersonSerializer(_person(request), data=request.data, partial=True)
        person.is_valid(raise_exception=True)
        person.save()
        return Response(person.data)


class Password(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        request=shapes.PasswordSerializer, responses={200: shapes.SignedInSerializer, 401: REFUSED}
    )
    def post(self, request: Request) -> Response:
        """Change the password; every sign-in ends, and this client gets a new one."""
        data = _valid(shapes.PasswordSerializer(data=request.data))
        user = _owner(request, data["password"])
        try:
            entry.check_new_password(data["new_password"], email=user.email, name=user.name)
        except shapes.WeakPassword as weak:
            raise ValidationError({"new_password": weak.messages}) from None
        user.change_password(data["new_password"], now=timezone.now())
        return self.signed_in(request, user, delivery=data["tokens"])


class Delete(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=shapes.DeleteSerializer, responses={204: NOTHING, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Delete the account with its favourites; logged searches lose their owner."""
        data = _valid(shapes.DeleteSerializer(data=request.data))
        user = _owner(request, data["password"])
        entry.sign_out(request._request, None, now=timezone.now())
        user.delete()
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        return response


class Export(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: dict, 401: REFUSED})
    def get(self, request: Request) -> Response:
        """Everything held about the signed-in person."""
        return Response(export(_person(request), now=timezone.now()))


class Favorites(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: shapes.FavoriteSerializer(many=True), 401: REFUSED})
    def get(self, request: Request) -> Response:
        """The signed-in person's favourites, newest first."""
        kept = Favorite.objects.of(_person(request))
        return Response(shapes.FavoriteSerializer(kept, many=True).data)

    @extend_schema(
        request=shapes.NewFavoriteSerializer,
        responses={
            200: OpenApiResponse(shapes.FavoriteSerializer, description="It was kept already."),
            201: shapes.FavoriteSerializer,
            401: REFUSED,
            404: OpenApiResponse(description="No such product."),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep a product; asking again changes nothing."""
        product_id = _valid(shapes.NewFavoriteSerializer(data=request.data))["product_id"]
        created = _keep(_person(request), product_id)
        favorite = Favorite.objects.of(_person(request)).get(product_id=product_id)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(shapes.FavoriteSerializer(favorite).data, status=code)


class FavoriteDetail(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={204: NOTHING, 401: REFUSED})
    def delete(self, request: Request, product_id: str) -> Response:
        """Stop keeping a product; whether it was kept makes no difference."""
        favorites.drop(_person(request), product_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _keep(user: User, product_id: str) -> bool:
    try:
        return favorites.keep(user, product_id)
    except favorites.UnknownProduct:
        raise NotFound(_("There is no such product.")) from None
    except favorites.TooManyFavorites:
        text = _("You keep as many products as we hold for one person. Drop one first.")
        raise ValidationError({"product_id": [text]}) from None


def _person(request: Request) -> User:
    if not isinstance(request.user, User):
        raise AuthenticationFailed
    return request.user


def _owner(request: Request, password: str) -> User:
    """The signed-in person, if the password is theirs. Raises ValidationError."""
    user = _person(request)
    if entry.who_is(request._request, email=user.email, password=password) != user:
        raise ValidationError({"password": [_("This is not your current password.")]})
    return user
