"""/api/v1/alerts: asking to be told by mail, confirming it, listing and ending alerts."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.sign_in.current_user import require_user, signed_in_user
from catalog.api.finding import product_or_404
from rest.prices import PriceField
from rest.schema import NO_CONTENT, NOT_FOUND, UNAUTHENTICATED
from rest.serializers import StrictSerializer
from rest.views import Endpoint
from search.alerts import mails, subscribing
from search.alerts.subscribing import MAX_EMAIL, Wish
from search.api.filter_serializers import ExcludeField, FiltersSerializer, IgnoreField
from search.models import Alert
from search.query import MAX_TEXT, SearchQuery


class AlertSerializer(serializers.ModelSerializer[Alert]):
    """One alert; ``query`` holds the fields of a saved search as a search takes them."""

    product_id = serializers.SerializerMethodField()
    price = PriceField(read_only=True, allow_null=True)
    query = serializers.DictField(read_only=True, help_text="Of new_finds; empty for the others.")
    description = serializers.SerializerMethodField(help_text="In the language of the request.")
    obstacle = serializers.SerializerMethodField(
        help_text="Why nothing can come of it for now: the shop's prices are in another currency. Empty "
        "otherwise."
    )

    class Meta:
        model = Alert
        fields = (
            *("id", "kind", "product_id", "price", "currency", "query", "description", "obstacle"),
            *("created_at", "expires_at", "last_sent_at"),
        )
        read_only_fields = fields

    def get_product_id(self, alert: Alert) -> str | None:
        return alert.product.product_id if alert.product else None

    def get_description(self, alert: Alert) -> str:
        return mails.description(alert)

    def get_obstacle(self, alert: Alert) -> str:
        return mails.obstacle(alert)


class NewAlertSerializer(FiltersSerializer):
    """A product with its kind, or a saved search: words and filters."""

    kind = serializers.ChoiceField(choices=Alert.Kind.choices)
    email = serializers.EmailField(
        required=False, max_length=MAX_EMAIL, help_text="Where to; for guests, who confirm it by mail."
    )
    product_id = serializers.CharField(required=False, max_length=100, help_text="Not for new_finds.")
    price = PriceField(required=False, help_text="For price_below.")
    text = serializers.CharField(
        required=False, allow_blank=True, default="", max_length=MAX_TEXT, help_text="For new_finds."
    )
    exclude = ExcludeField()
    ignore = IgnoreField()

    def to_wish(self) -> Wish:
        """Raises InvalidQuery, and NotFound for a product that is not in the shop."""
        given = self.validated_data
        if given["kind"] == Alert.Kind.NEW_FINDS:
            query = SearchQuery(
                text=given["text"],
                exclude=given["exclude"],
                ignore=given.get("ignore", ()),
                filters=self.to_filters(),
            )
            return subscribing.search_wish(query)
        product = product_or_404(given.get("product_id", ""))
        return subscribing.product_wish(given["kind"], product, given.get("price"))


class TokenSerializer(StrictSerializer[Any]):
    token = serializers.CharField(max_length=500, help_text="Of the link in the mail.")


class AlertsView(Endpoint):
    @extend_schema(
        operation_id="listAlerts",
        summary="The alerts of the signed-in person",
        description="Those in force, newest first.",
        responses={200: AlertSerializer(many=True), 401: UNAUTHENTICATED},
    )
    def get(self, request: Request) -> Response:
        own = Alert.objects.active(timezone.now()).filter(user=require_user(request))
        return Response(AlertSerializer(own.select_related("product"), many=True).data)

    @extend_schema(
        operation_id="askForAlert",
        summary="Ask to be told by mail",
        description="When a product is back in stock, costs less than a price, or a saved search has new "
        "finds. For the signed-in person it holds at once (201); asking again changes and prolongs it. "
        "For guests a mail asks for confirmation (202), whatever is known of the address.",
        # Alternatives of credentials, as OpenAPI has them.
        auth=[{}, {"bearerToken": []}, {"accessCookie": [], "csrfToken": []}],  # type: ignore[list-item]
        request={"application/json": NewAlertSerializer},
        responses={
            201: AlertSerializer,
            202: OpenApiResponse(description="If the address is right, a mail is on its way."),
            404: NOT_FOUND,
        },
    )
    def post(self, request: Request) -> Response:
        asked = NewAlertSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        wish, now, user = asked.to_wish(), timezone.now(), signed_in_user(request)
        if user is not None:
            alert = subscribing.subscribe(user, wish, now=now)
            return Response(AlertSerializer(alert).data, status=status.HTTP_201_CREATED)
        email = asked.validated_data.get("email")
        if not email:
            raise ValidationError({"email": [_("Give the e-mail address that we shall write to.")]})
        subscribing.subscribe_guest(email, wish, now=now)
        return Response(status=status.HTTP_202_ACCEPTED)


class AlertView(Endpoint):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="deleteAlert",
        summary="End an alert",
        description="Of the signed-in person; one that does not exist changes nothing.",
        responses={204: NO_CONTENT, 401: UNAUTHENTICATED, 404: NOT_FOUND},
    )
    def delete(self, request: Request, alert_id: UUID) -> Response:
        Alert.objects.filter(pk=alert_id, user=require_user(request)).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)


class _LinkView(Endpoint):
    """What the link of a mail does; its token is the proof, so that nobody needs to be signed in."""

    public = True

    def token(self, request: Request) -> str:
        asked = TokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        return str(asked.validated_data["token"])


class ConfirmAlertView(_LinkView):
    @extend_schema(
        operation_id="confirmAlert",
        summary="Confirm an alert",
        description="With the token of the mail, within a day; again is no failure.",
        request={"application/json": TokenSerializer},
        responses={204: NO_CONTENT, 404: NOT_FOUND},
    )
    def post(self, request: Request) -> Response:
        subscribing.confirm(self.token(request), now=timezone.now())
        return Response(status=status.HTTP_204_NO_CONTENT)


class StopAlertView(_LinkView):
    @extend_schema(
        operation_id="stopAlert",
        summary="End an alert by its mail",
        description="With the token of any of its mails, without signing in; again is no failure.",
        request={"application/json": TokenSerializer},
        responses={204: NO_CONTENT, 404: NOT_FOUND},
    )
    def post(self, request: Request) -> Response:
        subscribing.stop(self.token(request))
        return Response(status=status.HTTP_204_NO_CONTENT)
