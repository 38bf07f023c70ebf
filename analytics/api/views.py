"""Endpoints that record clicks and return the dashboard's figures."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.sign_in.current_user import signed_in_user
from analytics.api.serializers import ClickSerializer, DaysSerializer
from analytics.dashboard import stats
from analytics.dashboard.access import ACCESS_DENIED
from analytics.recording import record_click, tracking_allowed
from catalog.models import Product


class ClickView(APIView):
    """Records that a shopper opened a product from the results of a search."""

    @extend_schema(
        operation_id="record_click",
        request=ClickSerializer,
        responses={
            204: OpenApiResponse(description="Noted."),
            404: OpenApiResponse(description="No such search, or no such product."),
        },
    )
    def post(self, request: Request) -> Response:
        form = ClickSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        if not Product.objects.filter(product_id=form.validated_data["product_id"]).exists():
            raise NotFound(_("There is no product with this id. Send the id that the answer gave."))
        user = signed_in_user(request) if tracking_allowed(request.headers) else None
        record_click(**form.validated_data, user=user, now=timezone.now())
        return Response(status=204)


class DashboardPermission(BasePermission):
    message = ACCESS_DENIED

    def has_permission(self, request: Request, view: APIView) -> bool:
        user = signed_in_user(request)
        return user is not None and user.sees_dashboard


class StatsView(APIView):
    """The dashboard's figures."""

    permission_classes = (DashboardPermission,)

    @extend_schema(
        operation_id="admin_stats",
        parameters=[DaysSerializer],
        responses={200: OpenApiTypes.OBJECT, 401: OpenApiTypes.OBJECT, 403: OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> Response:
        form = DaysSerializer(data=request.query_params)
        form.is_valid(raise_exception=True)
        return Response(stats.dashboard(form.validated_data["days"], timezone.now()))
