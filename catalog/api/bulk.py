"""Calls of many rows, each answered for itself, and safe to send twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.bulk_parsers import Body, LinesParser, OtherLinesParser, RowsJSONParser, TooLarge
from catalog.api.bulk_serializers import BulkResultSerializer, RowIdSerializer
from catalog.sources.base import MAX_ID
from catalog.sources.texts import clean_line
from catalog.writing import ledger
from catalog.writing.limits import MAX_BYTES, MAX_KEY, MAX_ROWS
from catalog.writing.results import Refused, Row, RowResult, answer
from rest.details import by_field
from rest.schema import ProblemSerializer
from rest.serializers import unknown_fields
from rest.views import Endpoint, key_identifier

KEY_HEADER = "Idempotency-Key"
REPLAYED_HEADER = "Idempotency-Replayed"
_KEY = re.compile(rf"[!-~]{{1,{MAX_KEY}}}")
IDEMPOTENCY_KEY = OpenApiParameter(
    KEY_HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    pattern=rf"^[!-~]{{1,{MAX_KEY}}}$",
    description="A text of your own, new for each new request, such as a UUID. Sent again within 24 hours, "
    f"the same request gets the same answer, with {REPLAYED_HEADER}: true, and nothing is done twice.",
)
LINES = {"type": "string", "description": "JSON Lines: one row a line, as in the JSON list."}
ROWS = (
    f"At most {MAX_ROWS:,} rows and {MAX_BYTES // 1024**2} MB, as JSON or JSON Lines. The answer says what "
    "became of each row; one that is rejected keeps no other from being written."
)
Post = TypeVar("Post", bound=Callable[..., Response])


class Work(Protocol):
    def __call__(self, source: str, rows: Sequence[Row], *, now: datetime) -> list[RowResult]: ...


def bulk_schema(
    body: type[Any], query: type[Any], description: str, example: dict[str, Any], **described: Any
) -> Callable[[Post], Post]:
    """Describes a call of many rows; ``example`` is its body."""
    describe: Callable[[Post], Post] = extend_schema(
        description=f"{description} {ROWS}",
        parameters=[query, IDEMPOTENCY_KEY],
        request={"application/json": body, "application/x-ndjson": LINES},
        responses={200: BulkResultSerializer, 409: ProblemSerializer},
        examples=[OpenApiExample("Rows", example, request_only=True, media_type="application/json")],
        **described,
    )
    return describe


class BulkView(Endpoint):
    """One call of many rows. Subclasses say which rows, and what is done with them."""

    scope = "catalogue"
    needs_key = True
    parser_classes = (RowsJSONParser, LinesParser, OtherLinesParser)
    row: ClassVar[type[RowIdSerializer]]
    # The field of a JSON body that holds the rows.
    rows_field: ClassVar[str] = "products"

    def carry_out(self, request: Request, work: Work, *, lock: str) -> Response:
        """Do ``work`` with the rows of the request, once for its idempotency key."""
        asked, key, now = self.asked(request), _key(request), timezone.now()
        body = request.data if isinstance(request.data, Body) else Body()
        sent = self._sent(body)
        source: str = asked["source"]
        digest = f"{request.path} {sorted(asked.items())} {body.digest}"
        call = ledger.Call(key_identifier(request), key, ledger.digest(digest), f"{lock} {source}")

        def done() -> dict[str, Any]:
            return answer(source, work(source, list(self._rows(sent)), now=now))

        answered = ledger.carry_out(call, done, now=now)
        headers = {REPLAYED_HEADER: "true"} if answered.is_replay else None
        return Response(answered.answer, headers=headers)

    def _sent(self, body: Body) -> list[Any]:
        """The rows as they were sent. Raises ValidationError or TooLarge."""
        rows = body.lines if body.named is None else body.named.get(self.rows_field)
        errors: dict[str, list[ErrorDetail]] = unknown_fields(body.named or {}, [self.rows_field])
        if not rows or not isinstance(rows, list):
            sentence = _("Send a list of at least one row.")
            errors[self.rows_field] = [ErrorDetail(sentence, "required")]
        if errors:
            raise ValidationError(errors)
        assert isinstance(rows, list)  # noqa: S101 - else there is an error
        if len(rows) > MAX_ROWS:
            raise TooLarge
        return rows

    def _rows(self, sent: Sequence[Any]) -> Iterator[Row]:
        serializer = self.row()
        for index, each in enumerate(sent):
            yield Row(index, _id_of(each), each if isinstance(each, Refused) else _stated(serializer, each))


def _key(request: Request) -> str:
    """The idempotency key, "" without one. Raises ValidationError."""
    key = request.headers.get(KEY_HEADER)
    if key is not None and not _KEY.fullmatch(key):
        sentence = _("Use 1 to %(n)d letters, digits and signs, without spaces.") % {"n": MAX_KEY}
        raise ValidationError({KEY_HEADER: [ErrorDetail(sentence, "invalid")]})
    return key or ""


def _id_of(sent: Any) -> str:
    """The id of a row, as the catalogue keeps ids; "" where none can be read."""
    stated = sent.get("id") if isinstance(sent, dict) else None
    is_id = isinstance(stated, str | int | float) and not isinstance(stated, bool)
    return clean_line(str(stated), MAX_ID) if is_id else ""


def _stated(serializer: RowIdSerializer, sent: Any) -> dict[str, Any] | Refused:
    try:
        stated: dict[str, Any] = serializer.run_validation(sent)
    except ValidationError as error:
        general, errors = by_field(error)
        sentence = _("Correct what is named here and send the row again: %(fields)s.")
        return Refused("invalid", general or sentence % {"fields": ", ".join(errors)}, errors)
    return stated
