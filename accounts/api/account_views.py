"""Endpoints of the signed-in user's account."""

from __future__ import annotations

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import export_schema, serializers
from accounts.api.base import (
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
from rest.schema import NO_CONTENT, UNAUTHENTICATED


class Me(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="getAccount",
        summary="The signed-in person",
        description="Name, roles and preferences of the signed-in person.",
        responses={200: serializers.PersonSerializer, 401: UNAUTHENTICATED},
    )
    def get(self, request: Request) -> Response:
        return Response(serializers.PersonSerializer(require_user(request)).data)

    @extend_schema(
        operation_id="updateAccount",
        summary="Change name or preferences",
        description="Changes what is sent and leaves the rest.",
        request=serializers.PersonSerializer,
        responses={200: serializers.PersonSerializer, 401: UNAUTHENTICATED},
    )
    def patch(self, request: Request) -> Response:
        changed = serializers.PersonSerializer(require_user(request), data=request.data, partial=True)
        changed.is_valid(raise_exception=True)
        changed.save()
        return Response(changed.data)


class Password(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="changePassword",
        summary="Change the password",
        description="Every sign-in ends, and this client gets a new one.",
        request=serializers.PasswordSerializer,
        responses={200: serializers.SignedInSerializer, 401: UNAUTHENTICATED},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.PasswordSerializer(data=request.data))
        user = reauthenticated_user(request, data["password"])
        user.change_password(validated_new_password(user, data))
        return self.signed_in(request, user, delivery=data["tokens"])


class SignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="listSignIns",
        summary="Where the account is signed in",
        description="The active sign-ins of the signed-in person, the most recently used first.",
        responses={200: serializers.SignInSerializer(many=True), 401: UNAUTHENTICATED},
    )
    def get(self, request: Request) -> Response:
        active = SignIn.objects.for_user(require_user(request), timezone.now())
        context = {"current": request.auth}
        return Response(serializers.SignInSerializer(active, many=True, context=context).data)


class EndSignIns(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="endSignIns",
        summary="Sign out elsewhere",
        description="Ends the given sign-ins, or all but the current one.",
        request=serializers.EndSignInsSerializer,
        responses={204: NO_CONTENT, 401: UNAUTHENTICATED},
    )
    def post(self, request: Request) -> Response:
        data = validated(serializers.EndSignInsSerializer(data=request.data))
        now = timezone.now()
        active = SignIn.objects.for_user(reauthenticated_user(request, data["password"]), now)
        current = request.auth if isinstance(request.auth, SignIn) else None
        chosen = active.filter(pk__in=data["ids"]) if "ids" in data else active.excluding(current)
        chosen.end(now)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Delete(AuthView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="deleteAccount",
        summary="Delete the account",
        description="Deletes the account with its favourites; logged searches lose their owner.",
        request=serializers.DeleteSerializer,
        responses={204: NO_CONTENT, 401: UNAUTHENTICATED},
    )
    def post(self, request: Request) -> Response:
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

    @extend_schema(
        operation_id="exportAccount",
        summary="Everything held about the person",
        description="Everything held about the signed-in person, in one document.",
        responses={200: export_schema.ExportSerializer, 401: UNAUTHENTICATED},
    )
    def get(self, request: Request) -> Response:
        return Response(export(require_user(request), now=timezone.now()))
