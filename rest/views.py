"""The base of every endpoint: which query parameters it takes, which API keys, and who sent one."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.views import APIView

from rest.serializers import unknown_fields


class Endpoint(APIView):
    """``query`` describes the parameters of GET, ``write_query`` those of other methods; a name that they do
    not have is refused with 400.

    ``public`` says that the answer is the same for everybody, so that a stale cookie does not matter.
    ``scope`` is what an API key must be allowed to do to be sent here; "" where any key may be sent.
    ``needs_key`` says that nobody else may ask.
    """

    query: ClassVar[type[serializers.Serializer[Any]] | None] = None
    write_query: ClassVar[type[serializers.Serializer[Any]] | None] = None
    scope: ClassVar[str] = ""
    public: ClassVar[bool] = False
    needs_key: ClassVar[bool] = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        method = str(request.method).lower()
        if method not in self.http_method_names or not hasattr(self, method):
            return  # 405, whatever its parameters
        if unknown := unknown_fields(request.query_params, self._parameters(request)):
            raise ValidationError(unknown)

    def asked(self, request: Request) -> dict[str, Any]:
        """The validated parameters. Raises ValidationError."""
        query = self._query(request)
        assert query is not None  # noqa: S101 - only views with parameters call this
        given = query(data=request.query_params)
        given.is_valid(raise_exception=True)
        data: dict[str, Any] = given.validated_data
        return data

    def _parameters(self, request: Request) -> list[str]:
        query = self._query(request)
        return [] if query is None else list(query().fields)

    def _query(self, request: Request) -> type[serializers.Serializer[Any]] | None:
        return self.query if request.method in {"GET", "HEAD"} else self.write_query


def key_identifier(request: Request) -> str:
    """The public part of the API key that the request was sent with; "" without one."""
    return getattr(getattr(request._request, "api_key", None), "identifier", "")
