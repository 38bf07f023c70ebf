"""The signed-in person's favourites."""

from __future__ import annotations

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import favorites
from accounts.api import serializers
from accounts.api.base import NOTHING, REFUSED, person, valid
from accounts.models import Favorite, User


class Favorites(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={200: serializers.FavoriteSerializer(many=True), 401: REFUSED})
    def get(self, request: Request) -> Response:
        """The signed-in person's favourites, newest first."""
        kept = Favorite.objects.of(person(request))
        return Response(serializers.FavoriteSerializer(kept, many=True).data)

    @extend_schema(
        request=serializers.NewFavoriteSerializer,
        responses={
            200: OpenApiResponse(serializers.FavoriteSerializer, description="It was kept already."),
            201: serializers.FavoriteSerializer,
            401: REFUSED,
            404: OpenApiResponse(description="No such product."),
        },
    )
    def post(self, request: Request) -> Response:
        """Keep a product; asking again changes nothing."""
        product_id = valid(serializers.NewFavoriteSerializer(data=request.data))["product_id"]
        created = _keep(person(request), product_id)
        favorite = Favorite.objects.of(person(request)).get(product_id=product_id)
        code = status.HTTP_201_CREATED if created else status.HTTP_200_OK
        return Response(serializers.FavoriteSerializer(favorite).data, status=code)


class FavoriteDetail(APIView):
    permission_classes = (IsAuthenticated,)

    @extend_schema(responses={204: NOTHING, 401: REFUSED})
    def delete(self, request: Request, product_id: str) -> Response:
        """Stop keeping a product; whether it was kept makes no difference."""
        favorites.drop(person(request), product_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _keep(user: User, product_id: str) -> bool:
    try:
        return favorites.keep(user, product_id)
    except favorites.UnknownProduct:
        raise NotFound(_("There is no such product.")) from None
    except favorites.TooManyFavorites:
        text = _("You keep as many products as we hold for one person. Drop one first.")
        raise ValidationError({"product_id": [text]}) from None
