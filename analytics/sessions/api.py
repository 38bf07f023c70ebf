"""The endpoint by which a session is forgotten; only the URL configuration imports it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analytics.sessions import forgetting, keys
from analytics.sessions.fields import SessionField
from rest.schema import NO_CONTENT
from rest.serializers import StrictSerializer
from rest.views import Endpoint


class SessionSerializer(StrictSerializer[Any]):
    session = SessionField(help_text="Your name for it, as searches and events had it.")


class SessionView(Endpoint):
    # Whoever knows the name may have it forgotten, also with DNT and when signed out.
    public = True
    scope = "search"

    @extend_schema(
        operation_id="forgetSession",
        summary="Forget a session",
        description="Deletes the events of a session, and cuts its searches from it.",
        request={"application/json": SessionSerializer},
        responses={204: NO_CONTENT},
    )
    def post(self, request: Request) -> Response:
        form = SessionSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        forgetting.forget(keys.key_of("client", form.validated_data["session"]))
        return Response(status=204)
