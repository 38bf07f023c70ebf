"""Endpoints of the signed-in user's favourites."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import favorites
from accounts.api import serializers
from accounts.api.base import NO_CONTENT, REFUSED, validated
from accounts.models import Favorite
from accounts.sign_in.current_user import require_user


class Favorites(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.FavoriteSerializer(many=True), 401: REFUSED})
    def get(self, request: Request) -> Response:
        """The signed-in person's favourites, newest first."""
        added = Favorite.objects.for_user(require_user(request))
        return Response(serializers.FavoriteSerializer(added, many=True).data)

    @extend_schema(
        request=serializers.NewFavoriteSerializer,
        responses={
            200: OpenApiResponse(serializers.FavoriteSerializer, description="It is a favourite already."),
            201: serializers.FavoriteSerializer,
            401: REFUSED,
            404: OpenApiResponse(description="No such product."),
        },
    )
    def post(self, request: Request) -> Response:
        """Add a favourite; repeating the request changes nothing."""
        product_id = validated(serializers.NewFavoriteSerializer(data=request.data))["product_id"]
        user = require_user(request)
        created = favorites.add(user, product_id)
        favorite = Favorite.objects.for_user(user).get(product_id=product_id)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(serializers.FavoriteSerializer(favorite).data, status=code)


class FavoriteDetail(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={204: NO_CONTENT, 401: REFUSED})
    def delete(self, request: Request, product_id: str) -> Response:
        """Remove a favourite; removing one that does not exist changes nothing."""
        favorites.remove(require_user(request), product_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
