"""Endpoints that record clicks and return the dashboard's figures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.exceptions import ErrorDetail, NotFound, ValidationError
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import api_keys
from accounts.api.permissions import KeyHasScope
from accounts.sign_in.current_user import signed_in_user
from analytics.api.serializers import ClickSerializer, DaysSerializer
from analytics.api.stats_schema import StatsSerializer
from analytics.dashboard import stats
from analytics.dashboard.access import ACCESS_DENIED
from analytics.events.incoming import Reported, to_row
from analytics.events.models import Event
from analytics.recording import record_click, record_event
from analytics.sessions import forgetting, keys
from catalog.models import Product
from rest.schema import NOT_FOUND
from rest.views import Endpoint


class ClickView(Endpoint):
    # The answer is the same for everybody, and a page that is left cannot sign in again.
    public = True
    scope = "search"

    @extend_schema(
        operation_id="recordClick",
        summary="Record that a product was opened",
        description="Records that a product was opened from the answer of query_id, for the shop's figures "
        "and, for signed-in people, their taste. While the answer is kept, the product must be in it.",
        request={"application/json": ClickSerializer},
        responses={204: OpenApiResponse(description="Noted."), 404: NOT_FOUND},
        examples=[
            OpenApiExample(
                "Third card",
                {
                    "query_id": "0b6cbd2c-93d2-4f11-8b41-8d4f6b1a7c11",
                    "product_id": "demo-1042",
                    "position": 3,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        form = ClickSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        click = dict(form.validated_data)
        name = click.pop("session", "")
        if not Product.objects.filter(product_id=click["product_id"]).exists():
            sentence = _("There is no product with this id. Send the id that the answer gave.")
            raise NotFound(sentence, "product_unknown")
        check_answer(click["query_id"], click["product_id"])
        now = timezone.now()
        record_click(**click, user=keys.who(request), now=now)
        response = Response(status=204)
        if name:
            self._remember(request, keys.of_request(request, name), click, now)
        elif keys.may_remember(request):
            # The browser's session may begin with it.
            session, cookie = keys.started(request)
            self._remember(request, session, click, now)
            keys.set_cookie(response, cookie)
        else:
            forgetting.forget_where_objected(request, response)
        return response

    def _remember(self, request: Request, session: str, click: dict[str, Any], now: datetime) -> None:
        """The click is an event of the visitor's session as well; "" where none may be kept."""
        if not session:
            return
        user = keys.who(request)
        event = Reported(
            type=Event.Type.CLICK,
            # Opened twice from one answer, it is one click.
            event_id=f"{click['query_id']}/{click['product_id']}",
            session=session,
            user_id=None if user is None else user.pk,
            timestamp=now,
            **click,
        )
        record_event(to_row(event, sender="click"))


def check_answer(query_id: UUID, product_id: str) -> None:
    """Raises ValidationError where the answer is kept and does not hold the product."""
    # The setting names a function of the search, which analytics does not import.
    if import_string(settings.ANSWER_HOLDS)(query_id, product_id) is False:
        sentence = _("The answer of this query_id does not hold this product. Send one that it holds.")
        raise ValidationError({"product_id": [ErrorDetail(str(sentence), "not_in_answer")]})


class DashboardPermission(BasePermission):
    message = ACCESS_DENIED

    def has_permission(self, request: Request, view: Any) -> bool:
        if api_keys.of_request(request._request) is not None:
            return KeyHasScope().has_permission(request, view)
        user = signed_in_user(request)
        return user is not None and user.sees_dashboard


class StatsView(Endpoint):
    permission_classes = (DashboardPermission,)
    query = DaysSerializer
    scope = "stats"

    @extend_schema(
        operation_id="getStats",
        summary="The dashboard's figures",
        description="Searches, results, latency, clicks, favourites, and the state of catalogue and index, "
        "for staff, analysts, and API keys with the scope stats.",
        parameters=[DaysSerializer],
        responses={200: StatsSerializer},
    )
    def get(self, request: Request) -> Response:
        return Response(stats.dashboard(self.asked(request)["days"], timezone.now()))
