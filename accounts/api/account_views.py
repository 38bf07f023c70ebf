"""Endpoints of the signed-in user's account."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers
from accounts.api.base import (
    NO_CONTENT,
    REFUSED,
    AuthView,
    reauthenticated_user,
    validated,
    validated_new_password,
)
from accounts.export import export
from accounts.models import SignIn
from accounts.sign_in import credentials, tokens
from accounts.sign_in.current_user import require_user
from accounts.sign_in.guessing import forget_device


class Me(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.PersonSerializer, 401: REFUSED})
    def get(self, request: Request) -> Response:
        """The signed-in person."""
        return Response(serializers.PersonSerializer(require_user(request)).data)

    @extend_schema(
        request=serializers.PersonSerializer, responses={200: serializers.PersonSerializer, 401: REFUSED}
    )
    def patch(self, request: Request) -> Response:
        """Change name or preferences."""
        changed = serializers.PersonSerializer(require_user(request), data=request.data, partial=True)
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
        data = validated(serializers.PasswordSerializer(data=request.data))
        user = reauthenticated_user(request, data["password"])
        user.change_password(validated_new_password(user, data))
        return self.signed_in(request, user, delivery=data["tokens"])


class SignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.SignInSerializer(many=True), 401: REFUSED})
    def get(self, request: Request) -> Response:
        """The active sign-ins of the signed-in person, most recently used first."""
        active = SignIn.objects.for_user(require_user(request), timezone.now())
        context = {"current": request.auth}
        return Response(serializers.SignInSerializer(active, many=True, context=context).data)


class EndSignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=serializers.EndSignInsSerializer, responses={204: NO_CONTENT, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Sign out elsewhere: of the given sign-ins, or of all but the current one."""
        data = validated(serializers.EndSignInsSerializer(data=request.data))
        now = timezone.now()
        active = SignIn.objects.for_user(reauthenticated_user(request, data["password"]), now)
        current = request.auth if isinstance(request.auth, SignIn) else None
        chosen = active.filter(pk__in=data["ids"]) if "ids" in data else active.excluding(current)
        chosen.end(now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Delete(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(request=serializers.DeleteSerializer, responses={204: NO_CONTENT, 401: REFUSED})
    def post(self, request: Request) -> Response:
        """Delete the account with its favourites; logged searches lose their owner."""
        data = validated(serializers.DeleteSerializer(data=request.data))
        user = reauthenticated_user(request, data["password"])
        # The sign-ins are deleted with the account; only Django's session has to end.
        credentials.sign_out(request._request, None, now=timezone.now())
        user.delete()
        response = Response(status=status.HTTP_204_NO_CONTENT)
        tokens.clear_cookies(response)
        forget_device(response)
        return response


class Export(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: dict, 401: REFUSED})
    def get(self, request: Request) -> Response:
        """Everything held about the signed-in person."""
        return Response(export(require_user(request), now=timezone.now()))
