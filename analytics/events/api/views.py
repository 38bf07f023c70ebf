"""Endpoints that take events, from servers with a key and from our own pages."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import api_keys
from accounts.api.permissions import key_missing
from analytics import recording
from analytics.events import incoming, tokens
from analytics.events.api.serializers import (
    MAX_EVENTS,
    EventSerializer,
    KeptSerializer,
    PageEventSerializer,
    to_reported,
)
from analytics.events.incoming import Kept, Reported
from analytics.sessions import forgetting, keys
from rest.schema import NOT_FOUND
from rest.views import Endpoint


class EventsView(Endpoint):
    # A page that is left cannot sign in again; servers send a key.
    public = True
    scope = "events"

    @extend_schema(
        operation_id="recordEvents",
        summary="Report what shoppers do",
        description="One event or a list of up to 500, with an API key of the scope events. They are written "
        "when the answer comes, and an event_id that was sent before counts once. Nothing is kept of a "
        "request with DNT or Sec-GPC: pass on what the shopper's browser sent.",
        request={
            "application/json": PolymorphicProxySerializer(
                "Events",
                [EventSerializer, EventSerializer(many=True), PageEventSerializer],
                resource_type_field_name=None,
                many=False,
            )
        },
        responses={200: KeptSerializer, 404: NOT_FOUND},
        examples=[
            OpenApiExample(
                "A purchase",
                {
                    "type": "purchase",
                    "product_id": "demo-1042",
                    "event_id": "order-1007-1",
                    "session": "4f0c1b8e2d7a4c55",
                    "value": "79.90",
                    "currency": "EUR",
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        if isinstance(request.data, dict) and "token" in request.data:
            return self._from_page(request)
        key = api_keys.of_request(request._request)
        if key is None:
            raise key_missing(self.scope)
        return self._from_server(request, sender=str(key.pk))

    def _from_server(self, request: Request, *, sender: str) -> Response:
        reported = _reported(request)
        if not keys.may_keep(request):
            return _answer(Kept(0, 0))
        kept = incoming.keep(reported, sender=sender)
        if kept.unknown_products and len(reported) == 1:
            sentence = _("There is no product with this id. Send the id that the answer gave.")
            raise NotFound(sentence, "product_unknown")
        return _answer(kept)

    def _from_page(self, request: Request) -> Response:
        """Queued, not written: a page must not wait for the database."""
        form = PageEventSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token = form.validated_data.pop("token")
        named = tokens.read(token)
        if named is None:
            sentence = _("This token is not valid, or is older than a day. Load the page again.")
            raise ValidationError({"token": [ErrorDetail(sentence, "token_invalid")]})
        if not keys.may_remember(request):
            response = _answer(Kept(0, 0))
            forgetting.forget_where_objected(request, response)
            return response
        session, cookie = keys.started(request)
        user = keys.who(request)
        event = {"type": named[0], "product_id": named[1], "event_id": token, **form.validated_data}
        row = to_reported(event, session=session, user_id=user and user.pk, now=timezone.now())
        recording.record_event(incoming.to_row(row, sender="page"))
        response = _answer(Kept(1, 0))
        keys.set_cookie(response, cookie)
        return response


def _reported(request: Request) -> list[Reported]:
    """The events of a server's request. Raises ValidationError."""
    many = isinstance(request.data, list)
    if many and len(request.data) > MAX_EVENTS:
        sentence = _("Send at most %(n)d events at once.") % {"n": MAX_EVENTS}
        raise ValidationError({"non_field_errors": [ErrorDetail(sentence, "too_many")]})
    form = EventSerializer(data=request.data, many=many)
    form.is_valid(raise_exception=True)
    user, now = keys.who(request), timezone.now()
    events: list[dict[str, Any]] = form.validated_data if many else [form.validated_data]
    return [
        to_reported(
            event,
            session=keys.of_request(request, event.get("session", "")),
            user_id=user and user.pk,
            now=now,
        )
        for event in events
    ]


def _answer(kept: Kept) -> Response:
    body = {"kept": kept.new, "known": kept.known, "unknown_products": kept.unknown_products}
    return Response(KeptSerializer(body).data)
