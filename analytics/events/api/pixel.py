"""The pixel: an event as the address of a picture, for shops whose checkout runs elsewhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from analytics.events import incoming, signatures
from analytics.events.api.serializers import EventSerializer, to_reported
from analytics.events.models import Event
from analytics.sessions import keys
from rest.schema import ProblemSerializer
from rest.views import Endpoint

# One transparent dot.
DOT = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


class PixelSerializer(EventSerializer):
    """A purchase, unless ``type`` says otherwise. ``event_id`` is needed: pages are loaded twice."""

    type = serializers.ChoiceField(Event.Type.choices, default=signatures.DEFAULTS["type"])
    event_id = serializers.CharField(max_length=100)
    signature = serializers.CharField(
        max_length=64, help_text="HMAC-SHA256 in hex with EVENTS_SECRET; docs/events.md says of what."
    )
    query_id = position = source = timestamp = None  # type: ignore[assignment]  # not of a pixel


class DotRenderer(BaseRenderer):
    """For content negotiation: browsers ask for pictures."""

    media_type, format = "image/gif", "gif"

    def render(self, data: Any, *args: Any, **kwargs: Any) -> Any:
        return DOT


class PixelView(Endpoint):
    public = True
    query = PixelSerializer
    renderer_classes = (JSONRenderer, DotRenderer)

    @extend_schema(
        operation_id="recordEventByPixel",
        summary="Report an event by a picture",
        description="For a checkout on other pages: a signed address, one for each line of an order. "
        "Without a session of its own it takes the browser's, where both are on one site.",
        parameters=[PixelSerializer],
        responses={(200, "image/gif"): OpenApiTypes.BINARY, 403: ProblemSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        event = self.asked(request)
        if not signatures.is_signed(request.query_params):
            raise PermissionDenied(_("The signature is wrong. Sign the address with EVENTS_SECRET."))
        del event["signature"]
        if keys.may_keep(request):
            session, user = keys.of_request(request, event.get("session", "")), keys.who(request)
            row = to_reported(event, session=session, user_id=user and user.pk, now=timezone.now())
            incoming.keep([row], sender="pixel")
        answer = HttpResponse(DOT, content_type="image/gif")
        answer["Cache-Control"] = "no-store"
        return answer
