"""POST /api/v1/multi-search: several searches in one call, each answered or refused for itself."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from rest.schema import ProblemSerializer
from rest.serializers import unknown_fields
from search import engine
from search.admission import before_further_query
from search.api.answer_serializers import AnswerSerializer
from search.api.query_serializers import HybridIdQuerySerializer
from search.api.views import SearchView

MAX_QUERIES = 20
QUERIES = OpenApiExample(
    "Two searches",
    {"queries": [{"text": "red summer dress", "top_k": 4}, {"text": "leather bag", "price_max": "80.00"}]},
    request_only=True,
)


class MultiSearchSerializer(serializers.Serializer[Any]):
    queries = serializers.ListField(
        child=HybridIdQuerySerializer(),
        min_length=1,
        max_length=MAX_QUERIES,
        help_text="As recommend takes them.",
    )


class OneResultSerializer(serializers.Serializer[Any]):
    """What one query got: its answer, or the problem that it would have got alone."""

    status = serializers.IntegerField(help_text="The HTTP status that the query would have had alone.")
    answer = AnswerSerializer(required=False, help_text="Of 200.")
    problem = ProblemSerializer(required=False, help_text="Of any other status.")
    retry_after = serializers.IntegerField(
        required=False, help_text="Seconds until another try is worth while, of 429 and 503."
    )


class MultiAnswerSerializer(serializers.Serializer[Any]):
    results = OneResultSerializer(many=True, help_text="One for each query, in their order.")


class MultiSearchView(SearchView):
    asks = HybridIdQuerySerializer

    @extend_schema(
        operation_id="multiSearch",
        summary="Several searches in one call",
        description=f"1 to {MAX_QUERIES} bodies of recommend, each answered or refused for itself. Each "
        "counts as one request of the budget.",
        request={"application/json": MultiSearchSerializer},
        responses={200: MultiAnswerSerializer},
        examples=[QUERIES],
    )
    def post(self, request: Request) -> Response:
        queries = _queries(request.data)
        # Without an index every query would be refused alike.
        engine.snapshot()
        return Response({"results": [self._one(request, at, each) for at, each in enumerate(queries)]})

    def _one(self, request: Request, at: int, query: Any) -> dict[str, Any]:
        try:
            if at and (count := before_further_query.get()):
                count()
            answer = self.answer_to(request, query)
        except Exception as error:
            refusal = self.get_exception_handler()(error, self.get_exception_handler_context())
            if refusal is None:  # a fault of ours, or an outage of all
                raise
            waits = {"retry_after": int(refusal["Retry-After"])} if "Retry-After" in refusal else {}
            return {"status": refusal.status_code, "problem": refusal.data, **waits}
        return {"status": 200, "answer": answer}


def _queries(data: Any) -> list[Any]:
    """The queries of a body. Raises ValidationError."""
    given = data if isinstance(data, dict) else {}
    errors: dict[str, list[ErrorDetail]] = unknown_fields(given, ["queries"])
    queries = given.get("queries")
    if not isinstance(queries, list) or not 0 < len(queries) <= MAX_QUERIES:
        sentence = _("Send a list of 1 to %(n)d queries.") % {"n": MAX_QUERIES}
        errors["queries"] = [ErrorDetail(sentence, "invalid")]
    if errors:
        raise ValidationError(errors)
    assert isinstance(queries, list)  # noqa: S101 - else there is an error
    return queries
