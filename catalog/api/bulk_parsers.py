"""Bodies of many rows: JSON, or JSON Lines of which a line that cannot be read spoils no other one."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

from catalog.writing.limits import MAX_ROWS, rows_too_large
from catalog.writing.results import Refused

# JSON may escape half of a pair ("\\ud800"), which is no character and cannot be encoded.
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class TooLarge(APIException):
    """The body holds more than one call may."""

    status_code = 413

    def __init__(self) -> None:
        super().__init__(rows_too_large(), "too_large")


@dataclass(frozen=True)
class Body:
    """The rows as they were sent, ``named`` in a JSON object or bare lines, and a digest of every byte.

    A row that could not be read is a Refused.
    """

    digest: str = ""
    named: dict[str, Any] | None = None
    lines: list[Any] = field(default_factory=list)


class RowsJSONParser(BaseParser):
    """One JSON object that holds a list of rows."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Body:  # type: ignore[override]  # DRF takes any
        raw = stream.read()
        parsed = _loaded(raw)
        if not isinstance(parsed, dict):
            raise ParseError(_("This is not a JSON object."))
        return Body(_digest(raw, self.media_type), named=parsed)


class LinesParser(BaseParser):
    """One JSON object a line."""

    media_type = "application/x-ndjson"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Body:  # type: ignore[override]  # DRF takes any
        raw = stream.read()
        # Decoded by line: one with other bytes spoils no other one.
        lines = [line for line in raw.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
        if len(lines) > MAX_ROWS:
            raise TooLarge
        return Body(_digest(raw, self.media_type), lines=list(_rows(lines)))


class OtherLinesParser(LinesParser):
    """The same by its other name."""

    media_type = "application/jsonl"


def _rows(lines: list[bytes]) -> Iterator[Any]:
    for line in lines:
        try:
            yield _loaded(line)
        except ParseError as error:
            yield Refused("parse_error", str(error.detail))


def _loaded(raw: bytes) -> Any:
    """Raises ParseError, also for what no field could be made of."""
    try:
        # Some back offices write a byte order mark.
        text = raw.decode("utf-8-sig")
        parsed = json.loads(text, parse_constant=_refused_constant)
        if _SURROGATE.search(text):
            json.dumps(parsed, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise ParseError(_("This is not text: half of a surrogate pair stands alone.")) from None
    except UnicodeDecodeError:
        raise ParseError(_("This is not UTF-8.")) from None
    except RecursionError:
        raise ParseError(_("This JSON is nested too deeply. Send flat objects.")) from None
    except ValueError as error:
        raise ParseError(_("This is not valid JSON: %(reason)s.") % {"reason": str(error)[:200]}) from None
    return parsed


def _refused_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _digest(raw: bytes, media_type: str) -> str:
    return hashlib.sha256(media_type.encode() + b"\n" + raw).hexdigest()
