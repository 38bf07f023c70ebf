"""The signed-in person's own account."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers
from accounts.api.base import NOTHING, REFUSED, AuthView, new_password_of, owner, person, valid
from accounts.export import export
from accounts.models import SignIn
from accounts.sign_in import credentials as entry
from accounts.sign_in import tokens


class Me(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.PersonSerializer, 401: REFUSED})
    def get(self, request: Request) -> Response:
        """Who is signed in."""
        return Response(serializers.PersonSerializer(person(request)).data)

    @extend_schema(
        request=serializers.PersonSerializer, responses={200: serializers.PersonSerializer, 401: REFUSED}
    )
    def patch(self, request: Request) -> Response:
        """Change name or preferences."""
        changed = serializers.PersonSerializer(person(request), data=request.data, partial=True)
        changed.is_valid(raise_exception=True)
        changed.save()
        return Response(changed.data)


class Password(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        request=serializers.PasswordSerializer, responses={200: serializers.SignedInSerializer, 401: REFUSED}
    )
    def post(self, request: Request) -> Response:
        """Change the password; every sign-in ends, and this client gets a new one."""
        data = valid(serializers.PasswordSerializer(data=request.data))
        user = owner(request, data["password"])
        user.change_password(new_password_of(user, data))
        return self.signed_in(request, user, delivery=data["tokens"])


class SignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.SignInSerializer(many=True), 401: REFUSED})
    def get(self, request: Request) -> Response:
        """Where the signed-in person is signed in, the last used first."""
        living = SignIn.objects.of(person(request), timezone.now())
        context = {"current": request.auth}
        return Response(serializers.SignInSerializer(living, many=True, context=context).data)


class EndSignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=serializers.EndSignInsSerializer, responses={204: NOTHING, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Sign out elsewhere: of the given sign-ins, or of all but the current one."""
        data = valid(serializers.EndSignInsSerializer(data=request.data))
        now = timezone.now()
        living = SignIn.objects.of(owner(request, data["password"]), now)
        current = request.auth if isinstance(request.auth, SignIn) else None
        chosen = living.filter(pk__in=data["ids"]) if "ids" in data else living.besides(current)
        chosen.end(now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Delete(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=serializers.DeleteSerializer, responses={204: NOTHING, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Delete the account with its favourites; logged searches lose their owner."""
        data = valid(serializers.DeleteSerializer(data=request.data))
        user = owner(request, data["password"])
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
        return Response(export(person(request), now=timezone.now()))
