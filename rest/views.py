"""The base of every endpoint: which query parameters and which scope of an API key it takes."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from rest.serializers import unknown_fields


class Endpoint(APIView):
    """``query`` describes the parameters of GET; a name that it does not have is refused with 400.

    ``public`` says that the answer is the same for everybody, so that a stale cookie does not matter.
    ``scope`` is what an API key must be allowed to do to be sent here; "" where any key may be sent.
    """

    query: ClassVar[type[serializers.Serializer[Any]] | None] = None
    scope: ClassVar[str] = ""
    public: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if unknown := unknown_fields(request.query_params, self._parameters(request)):
            raise ValidationError(unknown)

    def asked(self, request: Request) -> dict[str, Any]:
        """The validated parameters of GET. Raises ValidationError."""
        assert self.query is not None  # noqa: S101 - only views with parameters call this
        given = self.query(data=request.query_params)
        given.is_valid(raise_exception=True)
        data: dict[str, Any] = given.validated_data
        return data

    def _parameters(self, request: Request) -> list[str]:
        if self.query is None or request.method not in {"GET", "HEAD"}:
            return []
        return list(self.query().fields)
