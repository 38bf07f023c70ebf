"""Endpoints of the signed-in user's favourites."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import favorites
from accounts.api import serializers
from accounts.api.base import validated
from accounts.models import Favorite
from accounts.sign_in.current_user import require_user
from rest.schema import NO_CONTENT, NOT_FOUND, UNAUTHENTICATED
from rest.views import Endpoint


def product_cards(product_ids: Iterable[str]) -> dict[str, Any]:
    """The cards of products by id, from the package that ``settings.PRODUCT_CARDS`` names a function of."""
    cards: dict[str, Any] = import_string(settings.PRODUCT_CARDS)(product_ids)
    return cards


def next_page(request: Request, offset: int) -> str:
    """The address of another page of the same list."""
    query = request.query_params.copy()
    query["offset"] = str(offset)
    return f"{request.path}?{query.urlencode()}"


class Favorites(Endpoint):
    query = serializers.FavoritePageQuerySerializer
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="listFavorites",
        summary="The favourites",
        description="Newest first. With top_k they come in pages: the Link header names the next one, "
        "X-Total-Count says how many there are.",
        parameters=[serializers.FavoritePageQuerySerializer],
        responses={200: serializers.FavoriteSerializer(many=True), 401: UNAUTHENTICATED},
    )
    def get(self, request: Request) -> Response:
        asked = self.asked(request)
        added = Favorite.objects.for_user(require_user(request))
        first, count = asked["offset"], asked.get("top_k")
        page = list(added[first : first + count if count else None])
        response = Response(self._shown(page, with_cards=asked["cards"]))
        if count:
            total = added.count()
            response["X-Total-Count"] = str(total)
            if first + count < total:
                response["Link"] = f'<{next_page(request, first + count)}>; rel="next"'
        return response

    def _shown(self, page: list[Favorite], *, with_cards: bool) -> Any:
        cards = product_cards(one.product_id for one in page) if with_cards else None
        return serializers.FavoriteSerializer(page, many=True, context={"cards": cards}).data

    @extend_schema(
        operation_id="addFavorite",
        summary="Add a favourite",
        description="Repeating the request changes nothing: 201 for a new one, 200 for one that exists.",
        request={"application/json": serializers.NewFavoriteSerializer},
        responses={
            200: OpenApiResponse(serializers.FavoriteSerializer, description="It is a favourite already."),
            201: serializers.FavoriteSerializer,
            401: UNAUTHENTICATED,
            404: NOT_FOUND,
        },
    )
    def post(self, request: Request) -> Response:
        product_id = validated(serializers.NewFavoriteSerializer(data=request.data))["product_id"]
        favorite, created = favorites.add(require_user(request), product_id)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(serializers.FavoriteSerializer(favorite).data, status=code)


class FavoriteDetail(Endpoint):
    permission_classes = (IsAuthenticated,)

    @extend_schema(
        operation_id="removeFavorite",
        summary="Remove a favourite",
        description="Removing one that does not exist changes nothing.",
        responses={204: NO_CONTENT, 401: UNAUTHENTICATED, 404: NOT_FOUND},
    )
    def delete(self, request: Request, product_id: str) -> Response:
        favorites.remove(require_user(request), product_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
