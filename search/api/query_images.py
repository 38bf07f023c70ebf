"""The endpoint that deletes a shopper's picture."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from rest.views import Endpoint
from search.operations.deletion import delete_pictures


class QueryImageView(Endpoint):
    public = True
    scope = "search"

    # Whoever holds the id may delete it: only someone who has the picture can know it.
    @extend_schema(
        operation_id="deleteQueryImage",
        summary="Delete a picture that was searched with",
        description="Deletes the picture of this image_id before its day is over, and what was made from it.",
        responses={204: OpenApiResponse(description="Gone, or never there.")},
    )
    def delete(self, request: Request, image_id: str) -> Response:
        delete_pictures([image_id])
        return Response(status=status.HTTP_204_NO_CONTENT)
