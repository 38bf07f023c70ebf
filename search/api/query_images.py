"""The endpoint that deletes a shopper's picture."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from search.operations.deletion import delete_pictures


class QueryImageView(APIView):
    """A picture that somebody searched with, by the ``image_id`` of its answer."""

    @extend_schema(responses={204: OpenApiResponse(description="Gone, or never there.")})
    def delete(self, request: Request, image_id: str) -> Response:
        """Delete a picture before its day is over, with everything made from it.

        Whoever holds the id may delete it: only someone who has the picture can know it.
        """
        delete_pictures([image_id])
        return Response(status=status.HTTP_204_NO_CONTENT)
